//! Where records go.

use std::time::SystemTime;

use super::events::{EventFile, Origin};
use super::metrics::MetricsFile;
use super::{Record, RecordError, Reporter, RunFolder};

/// How a recorder begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// A new run.
    Fresh,
    /// A run that goes on from a checkpoint: what was recorded after its step is forgotten.
    Resumed {
        /// The checkpoint's step.
        step: u64,
    },
}

/// Takes the records of a training and writes them to `metrics.jsonl`, to TensorBoard and to the progress display.
///
/// A record that was taken is with the system: nothing is buffered, and dropping a recorder loses nothing.
#[derive(Debug)]
pub struct Recorder {
    metrics: MetricsFile,
    events: EventFile,
    reporter: Reporter,
}

impl Recorder {
    /// Opens the files of `run`.
    pub fn open(
        run: &RunFolder,
        beginning: Beginning,
        origin: &Origin,
        reporter: Reporter,
        now: SystemTime,
    ) -> Result<Recorder, RecordError> {
        let (metrics, events) = match beginning {
            Beginning::Fresh => (MetricsFile::create(&run.metrics())?, EventFile::create(run.path(), origin, now)?),
            Beginning::Resumed { step } => {
                (MetricsFile::resume(&run.metrics(), step)?, EventFile::resume(run.path(), step, origin, now)?)
            }
        };
        Ok(Recorder { metrics, events, reporter })
    }

    /// Takes a record at the time `now`.
    pub fn record(&mut self, record: &Record, now: SystemTime) -> Result<(), RecordError> {
        self.metrics.append(record)?;
        self.events.append_record(record, now)?;
        self.reporter.record(record, now);
        Ok(())
    }

    /// Goes back to `step`, as a run that is resumed there: what was recorded after it is forgotten.
    pub fn rewind(&mut self, run: &RunFolder, step: u64, origin: &Origin, now: SystemTime) -> Result<(), RecordError> {
        self.metrics = MetricsFile::resume(&run.metrics(), step)?;
        self.events = EventFile::resume(run.path(), step, origin, now)?;
        self.reporter.advance(step);
        Ok(())
    }

    /// Moves the progress display to `step` without a record.
    pub fn advance(&mut self, step: u64) {
        self.reporter.advance(step);
    }

    /// Tells the user something, above the progress bar where there is one.
    pub fn message(&mut self, text: &str) {
        self.reporter.message(text);
    }

    /// Waits until everything is on the disk; to be called before a checkpoint is relied on, if at all.
    pub fn sync(&self) -> Result<(), RecordError> {
        self.metrics.sync()?;
        self.events.sync()
    }

    /// Ends the recording: the progress display is completed and everything is on the disk.
    pub fn finish(mut self) -> Result<(), RecordError> {
        self.reporter.finish();
        self.sync()
    }
}
