//! `gridworld train --resume`: a run goes on.

use std::path::Path;

use gridworld_agents::checkpoint::Checkpoint;
use gridworld_agents::training::Progress;
use gridworld_envs::Registry;
use gridworld_records::atomic;
use gridworld_records::{Beginning, RunError, RunFolder};

use crate::options::device;
use crate::options::training::{Arguments, check_flags};
use crate::program::failure::Failure;
use crate::run::argument;
use crate::run::checkpoint_file::{self, CheckpointFileError};
use crate::run::configuration::{RunConfig, command};
use crate::training::plan::Plan;

/// The run in the folder `path`, ready to go on; `given` are the flags that the user wrote.
pub fn plan(arguments: &Arguments, path: &Path, given: &[String], registry: &Registry) -> Result<Plan, Failure> {
    let refuse = |error: &dyn std::fmt::Display| Failure::usage(format!("--resume: {error}"));
    let folder = argument::open(path).map_err(|failure| failure.about("--resume"))?;
    // Before anything is read: the process that trains here could write it anew.
    let lock = folder.lock().map_err(|error| match error {
        RunError::Busy { .. } => Failure::usage(error),
        other => Failure::failed(other),
    })?;
    let mut config = RunConfig::read(&folder, registry).map_err(|failure| failure.about("--resume"))?;
    check_flags(arguments, given, path, &config)?;
    remove_leftovers(&folder)?;
    let checkpoint = last_checkpoint(&folder).map_err(|error| refuse(&error))?;
    let device = arguments.device.resolve()?;
    config.device = device::name(device);
    config.commands.push(command());
    let training = &mut config.config.training;
    training.steps = arguments.steps.unwrap_or(training.steps);
    if given.iter().any(|flag| flag == "on_nan") {
        training.on_nan = arguments.on_nan;
    }
    // More steps are asked for because what was enough is so no longer.
    let until = training.until.filter(|_| arguments.steps.is_none());
    training.until = arguments.until.or(until);
    let mut step = 0;
    if let Some(checkpoint) = &checkpoint {
        step = checkpoint.field("steps").map_err(Failure::usage)?;
        let progress = checkpoint.field("progress").map_err(Failure::usage)?;
        check_unfinished(path, &config, step, &progress)?;
    }
    Ok(Plan { folder, config, checkpoint, beginning: Beginning::Resumed { step }, device, lock })
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
fn remove_leftovers(folder: &RunFolder) -> Result<(), Failure> {
    let files = [folder.config(), folder.metrics(), folder.last_checkpoint(), folder.best_checkpoint()];
    files.iter().try_for_each(|path| {
        let removed = atomic::remove_leftovers(path);
        removed.map(drop).map_err(|error| Failure::failed(format!("cannot tidy up beside {}: {error}", path.display())))
    })
}

/// There must be something left to do.
fn check_unfinished(path: &Path, config: &RunConfig, step: u64, progress: &Progress) -> Result<(), Failure> {
    let path = path.display();
    let (steps, until) = (config.config.training.steps, config.config.training.until);
    if let Some(share) = until.filter(|&share| progress.has_held(share)) {
        return Err(Failure::usage(format!(
            "--resume: {path} has held {share} at every T; --steps, or --until with a greater share, makes it go on"
        )));
    }
    if step >= steps {
        return Err(Failure::usage(format!(
            "--resume: {path} has finished its {steps} steps; --steps with a greater number makes it go on"
        )));
    }
    Ok(())
}
