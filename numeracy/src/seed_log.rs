//! The records of an experiment in its run folder, seed by seed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Instant, SystemTime};

use gridworld_records::atomic;
use gridworld_records::{
    Appender, Beginning, Listener, Origin, Record, RecordError, Recorder, RunFolder, without_mark,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::metrics;
use crate::runner::{CrewError, Event, Experiment, work};

/// The records of one experiment: `seeds.jsonl` has the outcome of each seed that is done, `metrics.jsonl` and
/// TensorBoard's events have its figures. A seed that was recorded is with the system: an experiment that is killed goes
/// on with the seeds that are missing.
#[derive(Debug)]
pub struct SeedLog<O> {
    file: Appender,
    recorder: Recorder,
    finished: BTreeMap<u64, O>,
    /// Steps that each seed counts for.
    steps: u64,
    /// Seeds that were done before this process.
    earlier: u64,
    started: Instant,
    /// Seconds of work before this process.
    before: f64,
}

/// A line of `seeds.jsonl`.
#[derive(Serialize, Deserialize)]
struct Line<O> {
    seed: u64,
    #[serde(flatten)]
    outcome: O,
}

impl<O: Serialize + DeserializeOwned> SeedLog<O> {
    /// Opens the files of `folder`, where there may be seeds that are done; each seed counts for `steps` steps of
    /// progress. `listener` makes the one who hears of them, from the step at which it begins.
    ///
    /// # Errors
    /// If a file cannot be read or written, or a line that is not the last is not an outcome.
    pub fn open<L: Listener + 'static>(
        folder: &RunFolder,
        steps: u64,
        listener: impl FnOnce(u64) -> L,
    ) -> Result<SeedLog<O>, RecordError> {
        let path = file(folder);
        let finished = read::<O>(&path, Torn::Removed)?;
        let step = (finished.len() as u64).saturating_mul(steps);
        let beginning = if finished.is_empty() && !folder.metrics().exists() {
            Beginning::Fresh
        } else {
            Beginning::Resumed { step }
        };
        let mut recorder = Recorder::open(folder, beginning, &Origin::here(), listener(step), SystemTime::now())?;
        metrics::DESCRIPTIONS.into_iter().for_each(|(name, description)| recorder.describe(name, description));
        let before = recorder.seconds();
        let (file, earlier) = (Appender::extend(&path)?, finished.len() as u64);
        Ok(SeedLog { file, recorder, finished, steps, earlier, started: Instant::now(), before })
    }

    /// Gives the outcomes so far, by seed.
    #[must_use]
    pub fn finished(&self) -> &BTreeMap<u64, O> {
        &self.finished
    }

    /// Gives the seconds of work, over all processes.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.before + self.started.elapsed().as_secs_f64()
    }

    /// Shows how many seeds this process has done, parts of seeds included.
    pub fn progress(&mut self, seeds: f64) {
        self.recorder.advance(((self.earlier as f64 + seeds) * self.steps as f64) as u64);
    }

    /// Records the outcome of a seed.
    ///
    /// # Errors
    /// If a file of the run cannot be written, or the outcome has no form in JSON.
    pub fn record<E: Experiment<Outcome = O>>(
        &mut self,
        experiment: &E,
        seed: u64,
        outcome: O,
    ) -> Result<(), RecordError> {
        let scalars = experiment.scalars(&outcome);
        let line = Line { seed, outcome };
        let unusable = |error: serde_json::Error| RecordError::Encode {
            path: self.file.path().to_owned(),
            reason: error.to_string(),
        };
        let mut text = serde_json::to_vec(&line).map_err(unusable)?;
        text.push(b'\n');
        self.file.append(&text)?;
        self.finished.insert(seed, line.outcome);
        let successes = self.finished.values().filter(|outcome| experiment.is_success(outcome)).count();
        let share = successes as f64 / self.finished.len() as f64;
        let named = [(metrics::SEED, seed as f64), (metrics::SUCCESS, share)].into_iter().chain(scalars);
        let record = Record {
            step: (self.finished.len() as u64).saturating_mul(self.steps),
            seconds: self.seconds(),
            scalars: named.map(|(name, number)| (name.into(), number)).collect(),
        };
        self.recorder.record(&record, SystemTime::now())
    }

    /// Works on the seeds up to `seeds` that are missing, in parallel, one per core if `workers` says nothing else,
    /// until `stop` is set. Each is recorded when it is done, and `told` is called whenever there is something new.
    ///
    /// # Errors
    /// If the system gives a worker no thread, or an outcome cannot be recorded; the seeds before it are on record.
    pub fn work<E: Experiment<Outcome = O>>(
        &mut self,
        experiment: &E,
        seeds: u64,
        workers: Option<usize>,
        stop: &AtomicBool,
        mut told: impl FnMut(),
    ) -> Result<(), CrewError<RecordError>>
    where
        O: Send,
    {
        let missing: Vec<u64> = (1..=seeds).filter(|seed| !self.finished.contains_key(seed)).collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        work(experiment, &missing, workers.unwrap_or(cores), stop, |news| {
            told();
            match news {
                Event::Progress(seeds) => self.progress(seeds),
                Event::Finished { seed, outcome } => self.record(experiment, seed, outcome)?,
            }
            Ok(())
        })
    }

    /// Ends the recording once everything is on the disk; gives the outcomes.
    ///
    /// # Errors
    /// If the disk does not take what was written.
    pub fn finish(self) -> Result<BTreeMap<u64, O>, RecordError> {
        self.file.sync()?;
        self.recorder.finish()?;
        Ok(self.finished)
    }
}

/// Reads the outcomes that are in a run's folder, by seed.
///
/// # Errors
/// If `seeds.jsonl` cannot be read, or a whole line of it is no outcome of this kind; the error names the line. A run
/// without the file has no outcomes, which is no error.
pub fn read_outcomes<O: DeserializeOwned>(folder: &RunFolder) -> Result<BTreeMap<u64, O>, RecordError> {
    read(&file(folder), Torn::Kept)
}

fn file(folder: &RunFolder) -> PathBuf {
    folder.path().join("seeds.jsonl")
}

/// Treatment of a last line that is incomplete, as a crash leaves it.
#[derive(PartialEq)]
enum Torn {
    /// The line is removed from the file, which is then appended to: a link is replaced by a file.
    Removed,
    /// The line stays in the file.
    Kept,
}

fn read<O: DeserializeOwned>(path: &Path, torn: Torn) -> Result<BTreeMap<u64, O>, RecordError> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(source) => return Err(RecordError::Read { path: path.to_owned(), source }),
    };
    let mut finished = BTreeMap::new();
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    for (number, line) in (1..).zip(without_mark(&text[..whole]).split_inclusive(|byte| *byte == b'\n')) {
        let Line { seed, outcome } = serde_json::from_slice(line).map_err(|error| RecordError::Damaged {
            path: path.to_owned(),
            line: number,
            reason: error.to_string(),
        })?;
        finished.insert(seed, outcome);
    }
    if torn == Torn::Removed && (whole < text.len() || path.is_symlink()) {
        atomic::write(path, &text[..whole]).map_err(|source| RecordError::Write { path: path.to_owned(), source })?;
    }
    Ok(finished)
}
