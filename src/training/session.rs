//! Trainings into a run's folder: begun, run to their end, and what came of them.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use gridworld_agents::Config;
use gridworld_agents::training::{MOST_ROLLBACKS, Summary, TrainError, Trainer};
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::Configured;
use gridworld_records::{Beginning, Listener, Origin, Recorder, RunFolder, RunLock};
use gridworld_terminal::program::{CliError, CrashInjection, shell};
use gridworld_terminal::{Progress, Reporter};
use tch::Device;

use super::media::{MediaLogger, hparams};
use super::observer::{Measure, RunObserver};
use crate::options::device;
use crate::run::configuration::RunConfig;
use crate::run::{argument, status};

/// A training that is ready to start: everything is checked, and no other process trains in its folder.
pub struct Session {
    pub(super) folder: RunFolder,
    pub(super) config: RunConfig,
    /// The checkpoint to go on from; a new run has none.
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) beginning: Beginning,
    pub(super) device: Device,
    pub(super) lock: RunLock,
    pub(super) measure: Option<Measure>,
}

/// A training that has begun.
pub struct Running<'a> {
    session: &'a Session,
    trainer: Trainer<'a>,
    observer: RunObserver<'a>,
}

/// The outcome of a training, which is complete, or was interrupted and is saved.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finished {
    /// The trainer's own account: steps, success, mastery.
    pub summary: Summary,
    /// Seconds of training in this process.
    pub seconds: f64,
    /// The second of mastery, counted from the run's beginning, if it came in this process.
    pub second_of_mastery: Option<f64>,
}

impl Session {
    /// Makes a run in a folder of its own in `runs`, called `name` or else by environment, agent, seed and time, in which
    /// an agent is to be trained as `config` says on `device`.
    ///
    /// # Errors
    /// If `config` cannot be trained in `environment`, or the folder cannot be made; then there is none.
    pub fn create(
        runs: &Path,
        name: Option<&str>,
        environment: Configured,
        config: Config,
        device: Device,
    ) -> Result<Session, CliError> {
        config.check(&environment.task().spec()).map_err(CliError::usage)?;
        let (agent, seed) = (config.agent.as_str(), config.training.seed);
        let (folder, lock) = RunFolder::create(runs, name, environment.id(), agent, seed, SystemTime::now())
            .map_err(argument::not_made)?;
        let config = RunConfig::new(environment, config, device::name(device));
        // At once, so that what is killed from here on is a run that can be resumed.
        config.write(&folder)?;
        let (checkpoint, beginning, measure) = (None, Beginning::Fresh, None);
        Ok(Session { folder, config, checkpoint, beginning, device, lock, measure })
    }

    /// Adds metrics of one's own: `measure` is given each record of the training and returns names, such as `mine/steps`,
    /// and numbers, which go into `metrics.jsonl` and to TensorBoard beside the others. A session that goes on has to be given it anew.
    #[must_use]
    pub fn with_metrics(
        mut self,
        measure: impl FnMut(&gridworld_agents::training::Record) -> Vec<(String, f64)> + 'static,
    ) -> Session {
        self.measure = Some(std::cell::RefCell::new(Box::new(measure)));
        self
    }

    /// Gives the run's folder.
    pub fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// Gives the run's configuration.
    pub fn config(&self) -> &RunConfig {
        &self.config
    }

    /// Gives the environment steps before this process.
    pub fn steps(&self) -> u64 {
        self.checkpoint.as_ref().and_then(|checkpoint| checkpoint.field("steps").ok()).unwrap_or(0)
    }

    /// A listener for [`run`](Self::run) that shows how far the training is, on standard error.
    pub fn reporter(&self, progress: Progress) -> Reporter {
        Reporter::new(progress, self.steps(), self.config.config.training.steps)
    }

    /// Trains to the end, or until `stop` is set; then it is saved and can be resumed. `listener` hears how it goes.
    ///
    /// # Errors
    /// If a file cannot be written, or the training fails; the reason is left in the run.
    pub fn run(&self, listener: impl Listener + 'static, stop: &AtomicBool) -> Result<Finished, CliError> {
        self.start(listener)?.run(stop)
    }

    /// Opens the run's files and makes the trainer.
    ///
    /// # Errors
    /// If a file cannot be written, or the checkpoint is of another network.
    pub fn start(&self, listener: impl Listener + 'static) -> Result<Running<'_>, CliError> {
        let (task, config) = (self.config.environment.task(), &self.config.config);
        let trainer = match &self.checkpoint {
            None => Trainer::new(task, config, self.device).map_err(CliError::failed)?,
            Some(checkpoint) => Trainer::resume(task, config, self.device, checkpoint)
                .map_err(|error| CliError::usage(format!("{}: {error}", self.folder.last_checkpoint().display())))?,
        };
        // A resumed run's commands, and what it may change. Only now, when nothing can refuse it any more.
        if self.beginning != Beginning::Fresh {
            self.config.write(&self.folder)?;
            status::forget_failure(&self.folder)?;
        }
        Ok(Running { session: self, trainer, observer: self.observe(listener)? })
    }

    fn observe(&self, listener: impl Listener + 'static) -> Result<RunObserver<'_>, CliError> {
        let fault = CrashInjection::from_environment()?;
        let now = SystemTime::now();
        let mut recorder =
            Recorder::open(&self.folder, self.beginning, &Origin::here(), listener, now).map_err(CliError::failed)?;
        let curator = MediaLogger::new(self.folder.clone(), self.config.clone());
        let step = match self.beginning {
            Beginning::Fresh => {
                recorder.introduce(&hparams(&self.config), now);
                0
            }
            // One step later, so that a second resumption from there takes it back and says it itself.
            Beginning::Resumed { step } => step + 1,
        };
        recorder.show(step, &curator.introduction(), now);
        Ok(RunObserver::new(&self.folder, &self.lock, recorder, fault, curator, self.measure.as_ref()))
    }

    /// Leaves the reason of a failed training in its run, and gives the message. A new run in which nothing was trained
    /// because it could not be started, for want of room or of threads, is not kept.
    fn fail(&self, error: &TrainError) -> CliError {
        if !matches!(error, TrainError::Observer(_) | TrainError::Thread { .. }) {
            self.lock.keep();
        }
        if !self.lock.is_kept() {
            return CliError::failed(error);
        }
        status::note_failure(&self.folder, error);
        CliError::failed(explain(error, &self.folder))
    }
}

impl Running<'_> {
    /// Trains to the end, or until `stop` is set.
    ///
    /// # Errors
    /// As [`Session::run`].
    pub fn run(mut self, stop: &AtomicBool) -> Result<Finished, CliError> {
        let result = self.trainer.run(&mut self.observer, stop);
        let (session, observer) = (self.session, self.observer);
        let seconds = observer.seconds_here();
        let mastery = |summary: &Summary| summary.progress.mastery.and_then(|step| observer.second_of(step));
        let result = result.map(|summary| (mastery(&summary), summary));
        let complete =
            result.as_ref().ok().filter(|(_, summary)| !summary.interrupted).map(|(_, summary)| summary.steps);
        let closed = observer.finish(complete);
        let (second_of_mastery, summary) = result.map_err(|error| session.fail(&error))?;
        session.lock.keep();
        closed.map_err(CliError::failed)?;
        Ok(Finished { summary, seconds, second_of_mastery })
    }
}

/// A failed training's message, with the way on if there is one.
fn explain(error: &TrainError, folder: &RunFolder) -> String {
    let resume = |flags: &str| shell::command_on("train --resume", folder.path(), flags);
    match error {
        _ if !folder.last_checkpoint().exists() => error.to_string(),
        TrainError::NotFinite { rollbacks: MOST_ROLLBACKS.., .. } => {
            let path = folder.path().display();
            format!(
                "{error}; the last checkpoint is intact, but training needs a new run with a lower --learning-rate: {path}"
            )
        }
        TrainError::NotFinite { .. } => format!(
            "{error}; the last checkpoint is intact; to resume with half the learning rate: {}",
            resume("--on-nan rollback")
        ),
        _ => format!("{error}; the last checkpoint is intact; to resume: {}", resume("")),
    }
}
