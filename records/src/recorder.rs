//! Where records go.

use std::time::SystemTime;

use super::events::{EventFile, Origin};
use super::metrics::MetricsFile;
use super::{Exhibit, Profile, Record, RecordError, Reporter, RunFolder};

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
///
/// `metrics.jsonl` has everything: where it cannot be written, that is an error. TensorBoard's file only says it once
/// more: where that cannot be written, the user is told once, and the recording goes on without it.
#[derive(Debug)]
pub struct Recorder {
    metrics: MetricsFile,
    events: Option<EventFile>,
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
            Beginning::Fresh => (MetricsFile::create(&run.metrics())?, EventFile::create(run.path(), origin, now)),
            Beginning::Resumed { step } => {
                (MetricsFile::resume(&run.metrics(), step)?, EventFile::resume(run.path(), step, origin, now))
            }
        };
        let mut recorder = Recorder { metrics, events: None, reporter };
        for &(step, success) in recorder.metrics.successes() {
            recorder.reporter.remember(step, success);
        }
        match events {
            Ok(events) => recorder.events = Some(events),
            Err(error) => recorder.go_on_without_events(&error),
        }
        Ok(recorder)
    }

    /// Seconds of training that were on record when the files were opened.
    pub fn seconds(&self) -> f64 {
        self.metrics.seconds()
    }

    /// Takes a record at the time `now`.
    pub fn record(&mut self, record: &Record, now: SystemTime) -> Result<(), RecordError> {
        self.metrics.append(record)?;
        self.append_event(|events| events.append_record(record, now));
        self.reporter.record(record, now);
        Ok(())
    }

    /// Shows something in TensorBoard at `step`, at the time `now`.
    pub fn show(&mut self, step: u64, exhibits: &[Exhibit], now: SystemTime) {
        self.append_event(|events| events.append_exhibits(step, exhibits, now));
    }

    /// Tells TensorBoard what a new run is. A run that is resumed has said it.
    pub fn introduce(&mut self, profile: &Profile, now: SystemTime) {
        self.append_event(|events| events.append_opening(profile, now));
    }

    /// Tells TensorBoard that the training is complete, after `step`.
    pub fn conclude(&mut self, step: u64, now: SystemTime) {
        self.append_event(|events| events.append_ending(step, now));
    }

    fn append_event(&mut self, append: impl FnOnce(&mut EventFile) -> Result<(), RecordError>) {
        if let Some(Err(error)) = self.events.as_mut().map(append) {
            self.go_on_without_events(&error);
        }
    }

    /// Goes back to `step`, as a run that is resumed there: what was recorded after it is forgotten.
    pub fn rewind(&mut self, run: &RunFolder, step: u64, origin: &Origin, now: SystemTime) -> Result<(), RecordError> {
        self.metrics = MetricsFile::resume(&run.metrics(), step)?;
        // Where there is no file of events any more, the user was told that it goes on without.
        if self.events.take().is_some() {
            match EventFile::resume(run.path(), step, origin, now) {
                Ok(events) => self.events = Some(events),
                Err(error) => self.go_on_without_events(&error),
            }
        }
        self.reporter.rewind(step);
        Ok(())
    }

    fn go_on_without_events(&mut self, error: &RecordError) {
        self.events = None;
        self.warn(&format!("{error}; going on without TensorBoard's file, metrics.jsonl has every number"));
    }

    /// Moves the progress display to `step` without a record.
    pub fn advance(&mut self, step: u64) {
        self.reporter.advance(step);
    }

    /// Warns the user, above the progress bar where there is one.
    pub fn warn(&mut self, text: &str) {
        self.reporter.warn(text);
    }

    /// Tells the user how the training goes on, unless nothing of that is wanted.
    pub fn news(&mut self, text: &str) {
        self.reporter.news(text);
    }

    /// Waits until everything is on the disk; to be called before a checkpoint, so that no loss of power leaves a
    /// checkpoint of later than what is on record.
    pub fn sync(&mut self) -> Result<(), RecordError> {
        self.metrics.sync()?;
        if let Some(Err(error)) = self.events.as_ref().map(EventFile::sync) {
            self.go_on_without_events(&error);
        }
        Ok(())
    }

    /// Ends the recording: the progress display is completed and everything is on the disk.
    pub fn finish(mut self) -> Result<(), RecordError> {
        self.reporter.finish();
        self.sync()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::{Arc, Mutex};

    use super::super::Tag;
    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn without_room_for_events_the_metrics_go_on_and_the_user_is_told_once() {
        let full = Path::new("/dev/full");
        assert!(full.exists(), "Linux has it");
        console::set_colors_enabled_stderr(false);
        let (folder, screen, now) = (tempfile::tempdir().unwrap(), Screen::default(), SystemTime::UNIX_EPOCH);
        let (run, _lock) = RunFolder::create(folder.path(), None, "TimedArrival-v1", "lstm", 7, now).unwrap();
        let reporter = Reporter::lines_to(screen.clone(), 0, 100);
        let mut recorder = Recorder::open(&run, Beginning::Fresh, &Origin::here(), reporter, now).unwrap();
        recorder.events = Some(EventFile::at(full));
        for step in [10, 20, 30] {
            recorder.record(&Record { step, seconds: 0.0, scalars: vec![(Tag::Success, 0.5)] }, now).unwrap();
        }
        assert_eq!(super::super::read_metrics(&run.metrics()).unwrap().len(), 3);
        recorder.finish().unwrap();
        let said = String::from_utf8(screen.0.lock().unwrap().clone()).unwrap();
        let warnings: Vec<&str> = said.lines().filter(|line| line.contains("/dev/full")).collect();
        assert_eq!(warnings.len(), 1, "{said}");
        assert!(warnings[0].starts_with("warning: cannot write /dev/full: No space left on device"), "{said}");
    }
}
