//! Runs that go on where they stopped.

use std::path::Path;

use gridworld_agents::OnNan;
use gridworld_agents::training::Progress;
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::Registry;
use gridworld_records::{Beginning, RunError, RunFolder, RunLock, atomic};
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::CliError;
use tch::Device;

use super::session::Session;
use crate::options::device;
use crate::run::argument;
use crate::run::checkpoint_file::{self, CheckpointFileError};
use crate::run::configuration::{RunConfig, command};

/// A run that is to go on, while no other process trains in it.
pub struct Resumption {
    folder: RunFolder,
    config: RunConfig,
    lock: RunLock,
}

/// Settings of a run that can be changed when it goes on; `None` keeps what the run has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes {
    /// Environment steps in all, those before the resumption included.
    pub steps: Option<u64>,
    /// Share of the feasible that ends the training once it is held at every T.
    pub until: Option<f64>,
    /// Reaction to a number that is not finite.
    pub on_nan: Option<OnNan>,
}

impl Resumption {
    /// Takes the run in the folder `path`, whose environment is one of `registry`.
    ///
    /// # Errors
    /// If there is no run, it cannot be read, or another process trains in it.
    pub fn open(path: &Path, registry: &Registry) -> Result<Resumption, CliError> {
        let folder = argument::open(path)?;
        // Before anything is read: the process that trains here could write it anew.
        let lock = folder.lock().map_err(|error| match error {
            RunError::Busy { .. } => CliError::usage(error),
            other => CliError::failed(other),
        })?;
        let config = RunConfig::read(&folder, registry)?;
        Ok(Resumption { folder, config, lock })
    }

    /// Gives the run's configuration, as it was.
    pub fn config(&self) -> &RunConfig {
        &self.config
    }

    /// Makes the run ready to go on from its last checkpoint, on `device`.
    ///
    /// # Errors
    /// If the checkpoint cannot be read, or nothing is left to do.
    pub fn resume(self, changes: &Changes, device: Device) -> Result<Session, CliError> {
        let Resumption { folder, mut config, lock } = self;
        remove_leftovers(&folder)?;
        let checkpoint = last_checkpoint(&folder).map_err(CliError::usage)?;
        config.device = device::name(device);
        config.commands.push(command());
        let training = &mut config.config.training;
        training.steps = changes.steps.unwrap_or(training.steps);
        training.on_nan = changes.on_nan.unwrap_or(training.on_nan);
        // More steps are asked for because what was enough is so no longer.
        let until = training.until.filter(|_| changes.steps.is_none());
        training.until = changes.until.or(until);
        let mut step = 0;
        if let Some(checkpoint) = &checkpoint {
            step = checkpoint.field("steps").map_err(CliError::usage)?;
            let progress = checkpoint.field("progress").map_err(CliError::usage)?;
            check_unfinished(folder.path(), &config, step, &progress)?;
        }
        let beginning = Beginning::Resumed { step };
        Ok(Session { folder, config, checkpoint, beginning, device, lock, measure: None })
    }
}

/// The checkpoint to go on from; none if the training was killed before it had one.
fn last_checkpoint(folder: &RunFolder) -> Result<Option<Checkpoint>, CheckpointFileError> {
    let checkpoint = checkpoint_file::load(&folder.last_checkpoint());
    // The first checkpoint comes before the first record. If there is a record, somebody took the checkpoint away, and
    // to begin anew would take away the rest.
    let recorded = std::fs::metadata(folder.metrics()).is_ok_and(|file| file.len() > 0);
    match checkpoint {
        Err(CheckpointFileError::NotFound { .. }) if !recorded && !folder.best_checkpoint().exists() => Ok(None),
        checkpoint => checkpoint.map(Some),
    }
}

/// Removes what a killed process left half-written. Only who has the lock writes these files.
fn remove_leftovers(folder: &RunFolder) -> Result<(), CliError> {
    let files = [folder.config(), folder.metrics(), folder.last_checkpoint(), folder.best_checkpoint()];
    files.iter().try_for_each(|path| {
        let removed = atomic::remove_leftovers(path);
        removed
            .map(drop)
            .map_err(|error| CliError::failed(format!("cannot tidy up beside {}: {error}", path.display())))
    })
}

/// Fails if there is nothing left to do.
fn check_unfinished(path: &Path, config: &RunConfig, step: u64, progress: &Progress) -> Result<(), CliError> {
    let path = path.display();
    let (steps, until) = (config.config.training.steps, config.config.training.until);
    if let Some(share) = until.filter(|&share| progress.has_held(share)) {
        return Err(CliError::usage(format!(
            "{path} is finished: success was at least {share} at every T in two evaluations in a row; to train further, give \
             a larger --steps or --stop-at"
        )));
    }
    if step >= steps {
        return Err(CliError::usage(format!(
            "{path} is finished: it has already trained for {} steps; to train further, give a larger --steps",
            grouped(step)
        )));
    }
    Ok(())
}
