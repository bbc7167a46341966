//! The recorder, which takes records to their files.

use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

use super::events::{EventFile, Origin};
use super::metrics::MetricsFile;
use super::{HParams, Listener, Media, Record, RecordError, RunFolder};

/// The beginning of a recorder's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// The run is new.
    Fresh,
    /// A run that goes on from a checkpoint: what was recorded after its step is forgotten.
    Resumed {
        /// Step of the checkpoint.
        step: u64,
    },
}

/// Takes the records of a training and writes them to `metrics.jsonl` and to TensorBoard; a [`Listener`] hears them.
///
/// A record that was taken is with the system: nothing is buffered, and dropping a recorder loses nothing.
///
/// `metrics.jsonl` has everything: where it cannot be written, that is an error. TensorBoard's file only says it once
/// more: where that cannot be written, the listener is warned once, and the recording goes on without it.
pub struct Recorder {
    metrics: MetricsFile,
    events: Option<EventFile>,
    listener: Box<dyn Listener>,
    /// Meanings of the numbers, by name.
    descriptions: BTreeMap<String, String>,
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Recorder { metrics, events, .. } = self;
        f.debug_struct("Recorder").field("metrics", metrics).field("events", events).finish_non_exhaustive()
    }
}

impl Recorder {
    /// Opens the files of `run`. `listener` hears first what they have on record already.
    ///
    /// # Errors
    /// If `metrics.jsonl` is there and the run is fresh, or it cannot be read or written. Without TensorBoard's file the
    /// recording goes on, and the listener is warned.
    pub fn open(
        run: &RunFolder,
        beginning: Beginning,
        origin: &Origin,
        listener: impl Listener + 'static,
        now: SystemTime,
    ) -> Result<Recorder, RecordError> {
        let ((metrics, earlier), events) = match beginning {
            Beginning::Fresh => {
                ((MetricsFile::create(&run.metrics())?, Vec::new()), EventFile::create(run.path(), origin, now))
            }
            Beginning::Resumed { step } => {
                (MetricsFile::resume(&run.metrics(), step)?, EventFile::resume(run.path(), step, origin, now))
            }
        };
        let mut recorder =
            Recorder { metrics, events: None, listener: Box::new(listener), descriptions: BTreeMap::new() };
        earlier.iter().for_each(|line| recorder.listener.remember(line));
        match events {
            Ok(events) => recorder.events = Some(events),
            Err(error) => recorder.go_on_without_events(&error),
        }
        Ok(recorder)
    }

    /// Returns the seconds of training that were on record when the files were opened.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.metrics.seconds()
    }

    /// Describes the number `name` to those who look at its curve in TensorBoard; to be called before its first record.
    pub fn describe(&mut self, name: &str, description: impl Into<String>) {
        if !self.descriptions.contains_key(name) {
            self.descriptions.insert(name.to_owned(), description.into());
        }
    }

    /// Takes a record at the time `now`.
    ///
    /// # Errors
    /// If `metrics.jsonl` cannot be written. Where TensorBoard's file cannot, the listener is warned.
    pub fn record(&mut self, record: &Record, now: SystemTime) -> Result<(), RecordError> {
        self.metrics.append(record)?;
        if let Some(Err(error)) = self.events.as_mut().map(|file| file.append_record(record, &self.descriptions, now)) {
            self.go_on_without_events(&error);
        }
        self.listener.record(record, now);
        Ok(())
    }

    /// Shows something in TensorBoard at `step`, at the time `now`.
    pub fn show(&mut self, step: u64, media: &[Media], now: SystemTime) {
        self.append_event(|events| events.append_exhibits(step, media, now));
    }

    /// Tells TensorBoard the hyperparameters, metrics and charts of a new run. A run that is resumed has said it.
    pub fn introduce(&mut self, hparams: &HParams, now: SystemTime) {
        self.append_event(|events| events.append_opening(hparams, now));
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
    ///
    /// # Errors
    /// If `metrics.jsonl` cannot be read or written.
    pub fn rewind(&mut self, run: &RunFolder, step: u64, origin: &Origin, now: SystemTime) -> Result<(), RecordError> {
        (self.metrics, _) = MetricsFile::resume(&run.metrics(), step)?;
        // Where there is no file of events any more, the listener was told that it goes on without.
        if self.events.take().is_some() {
            match EventFile::resume(run.path(), step, origin, now) {
                Ok(events) => self.events = Some(events),
                Err(error) => self.go_on_without_events(&error),
            }
        }
        self.listener.rewind(step);
        Ok(())
    }

    fn go_on_without_events(&mut self, error: &RecordError) {
        self.events = None;
        self.warn(&format!("{error}; continuing without TensorBoard's file; metrics.jsonl has every number"));
    }

    /// Tells the listener that the training has come to `step`, without a record.
    pub fn advance(&mut self, step: u64) {
        self.listener.advance(step);
    }

    /// Warns the user, through the listener.
    pub fn warn(&mut self, text: &str) {
        self.listener.warn(text);
    }

    /// Tells the listener how the training goes on.
    pub fn news(&mut self, text: &str) {
        self.listener.news(text);
    }

    /// Waits until everything is on the disk; to be called before a checkpoint, so that no loss of power leaves a
    /// checkpoint of later than what is on record.
    ///
    /// # Errors
    /// If the disk does not take the lines of `metrics.jsonl`.
    pub fn sync(&mut self) -> Result<(), RecordError> {
        self.metrics.sync()?;
        if let Some(Err(error)) = self.events.as_ref().map(EventFile::sync) {
            self.go_on_without_events(&error);
        }
        Ok(())
    }

    /// Ends the recording: the listener hears of it, and everything is on the disk.
    ///
    /// # Errors
    /// As those of [`sync`](Self::sync).
    pub fn finish(mut self) -> Result<(), RecordError> {
        self.listener.finish();
        self.sync()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Listener that keeps the warnings.
    #[derive(Clone, Default)]
    struct Warned(Arc<Mutex<Vec<String>>>);

    impl Listener for Warned {
        fn warn(&mut self, text: &str) {
            self.0.lock().unwrap().push(text.to_owned());
        }
    }

    #[test]
    fn without_room_for_events_the_metrics_go_on_and_the_user_is_told_once() {
        let full = Path::new("/dev/full");
        assert!(full.exists(), "Linux has it");
        let (folder, warned, now) = (tempfile::tempdir().unwrap(), Warned::default(), SystemTime::UNIX_EPOCH);
        let (run, _lock) = RunFolder::create(folder.path(), None, "TimedArrival-v1", "lstm", 7, now).unwrap();
        let mut recorder = Recorder::open(&run, Beginning::Fresh, &Origin::here(), warned.clone(), now).unwrap();
        recorder.events = Some(EventFile::at(full));
        for step in [10, 20, 30] {
            recorder.record(&Record::at(step, 0.0).with("charts/success", 0.5), now).unwrap();
        }
        assert_eq!(super::super::read_metrics(&run.metrics()).unwrap().len(), 3);
        recorder.finish().unwrap();
        let warnings = warned.0.lock().unwrap();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].starts_with("cannot write /dev/full: No space left on device"), "{warnings:?}");
        let rest = "; continuing without TensorBoard's file; metrics.jsonl has every number";
        assert!(warnings[0].ends_with(rest), "{warnings:?}");
    }
}
