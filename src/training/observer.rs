//! Writes what a training says into its run folder.

use std::cell::RefCell;
use std::time::{Instant, SystemTime};

use gridworld_agents::training::{CheckpointKind, Observer, Record, Tag, TrainError};
use gridworld_checkpoint::Checkpoint;
use gridworld_records::{Media, Origin, Recorder, RunFolder, RunLock};
use gridworld_terminal::program::{CliError, CrashInjection};

use crate::run::checkpoint_file;
use crate::training::media::MediaLogger;

/// Metrics of whoever trains, made from each record.
pub type Measure = RefCell<Box<dyn FnMut(&Record) -> Vec<(String, f64)>>>;

/// A run folder with its recorder, and the clock of the training.
pub struct RunObserver<'a> {
    folder: RunFolder,
    /// The right to train there, which keeps the folder once a step is taken.
    lock: &'a RunLock,
    recorder: Recorder,
    started: Instant,
    /// Seconds of training before this process.
    before: f64,
    /// Step and second of each evaluation, for the summary.
    evaluations: Vec<(u64, f64)>,
    fault: CrashInjection,
    /// Maker of the exhibits; nothing once it has failed: a training does not depend on its pictures.
    curator: Option<MediaLogger>,
    measure: Option<&'a Measure>,
}

impl RunObserver<'_> {
    /// An observer of the training in `folder`, whose clock starts now, where that of the records ended.
    pub fn new<'a>(
        folder: &RunFolder,
        lock: &'a RunLock,
        recorder: Recorder,
        fault: CrashInjection,
        curator: MediaLogger,
        measure: Option<&'a Measure>,
    ) -> RunObserver<'a> {
        RunObserver {
            folder: folder.clone(),
            lock,
            before: recorder.seconds(),
            recorder,
            started: Instant::now(),
            evaluations: Vec::new(),
            fault,
            curator: Some(curator),
            measure,
        }
    }

    /// The second of the evaluation at `step`, if it was in this process.
    pub fn second_of(&self, step: u64) -> Option<f64> {
        self.evaluations.iter().find(|(other, _)| *other == step).map(|&(_, second)| second)
    }

    /// Gives the seconds of training in this process.
    pub fn seconds_here(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Closes the files; `complete` is the last step of a training that has come to its end.
    pub fn finish(mut self, complete: Option<u64>) -> Result<(), gridworld_records::RecordError> {
        if let Some(step) = complete {
            self.recorder.conclude(step, SystemTime::now());
        }
        self.recorder.finish()
    }

    /// Shows what the curator makes; without it from then on if it cannot.
    fn show(&mut self, step: u64, make: impl FnOnce(&mut MediaLogger) -> Result<Vec<Media>, CliError>) {
        match self.curator.as_mut().map(make) {
            Some(Ok(media)) if !media.is_empty() => self.recorder.show(step, &media, SystemTime::now()),
            Some(Err(error)) => {
                self.curator = None;
                self.recorder.warn(&format!("{error}; continuing without pictures in TensorBoard"));
            }
            Some(Ok(_)) | None => {}
        }
    }
}

impl Observer for RunObserver<'_> {
    fn seconds(&self) -> f64 {
        self.before + self.seconds_here()
    }

    fn advance(&mut self, steps: u64) {
        self.lock.keep();
        self.recorder.advance(steps);
    }

    fn record(&mut self, record: &Record) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        if record.get(Tag::EvalSuccessTrain).is_some() {
            self.evaluations.push((record.step, record.seconds));
        }
        for (tag, _) in &record.scalars {
            self.recorder.describe(&tag.name(), tag.description());
        }
        let own = self.measure.map_or(Vec::new(), |measure| measure.borrow_mut()(record));
        let all = own.into_iter().fold(named(record), |all, (name, number)| all.with(name, number));
        self.recorder.record(&all, SystemTime::now())?;
        self.show(record.step, |curator| curator.evaluated(record));
        Ok(())
    }

    fn save(
        &mut self,
        saved: CheckpointKind,
        checkpoint: &Checkpoint,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let path = match saved {
            CheckpointKind::Last => self.folder.last_checkpoint(),
            CheckpointKind::Best => self.folder.best_checkpoint(),
        };
        // Before the checkpoint: of a process that dies in between, the resumption shows them again.
        if let (CheckpointKind::Last, Ok(step)) = (saved, checkpoint.field("steps")) {
            self.show(step, |curator| curator.saved(checkpoint));
        }
        self.recorder.sync()?;
        Ok(checkpoint_file::save_in_steps(checkpoint, &path, &mut |step| self.fault.reached(step))?)
    }

    fn rewind(&mut self, step: u64, why: &TrainError) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.recorder.news(&format!("{why}: back to step {step}, with half the learning rate"));
        self.evaluations.retain(|&(evaluated, _)| evaluated <= step);
        Ok(self.recorder.rewind(&self.folder, step, &Origin::here(), SystemTime::now())?)
    }
}

/// A training's record as the files have it, with names for tags.
fn named(record: &Record) -> gridworld_records::Record {
    let scalars = record.scalars.iter().map(|(tag, number)| (tag.name(), *number)).collect();
    gridworld_records::Record { step: record.step, seconds: record.seconds, scalars }
}
