//! Status of a run's training, as its files say.

use std::io;

use gridworld_agents::training::{Progress, Tag, TrainError};
use gridworld_records::{RunFolder, read_json, read_metrics, write_json};
use gridworld_terminal::program::CliError;
use serde::{Deserialize, Serialize};

use crate::run::checkpoint_file;

/// Steps, seconds and mastery of a training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Environment steps that were taken.
    pub steps: u64,
    /// Seconds that the steps took.
    pub seconds: f64,
    /// Steps and seconds to the first of two evaluations in a row with 99 % of the feasible at each T.
    pub mastery: Option<(u64, f64)>,
    /// Mean staleness of the gradients, in updates, where that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staleness: Option<f64>,
    /// Success of the best checkpoint over the training range, in the evaluations of the training.
    #[serde(skip)]
    pub best: Option<f64>,
}

impl Training {
    /// Reads the status of a run as far as it is.
    ///
    /// # Errors
    /// If a file of the run cannot be read, in one line.
    pub fn of(folder: &RunFolder) -> Result<Training, String> {
        let lines = read_metrics(&folder.metrics()).map_err(|error| error.to_string())?;
        let checkpoint = checkpoint_file::load(&folder.last_checkpoint()).map_err(|error| error.to_string())?;
        let steps = checkpoint.field("steps").map_err(|error| error.to_string())?;
        let progress: Progress = checkpoint.field("progress").map_err(|error| error.to_string())?;
        let second = |step| lines.iter().find(|line| line.step >= step).map(|line| line.seconds);
        let seconds = lines.last().map_or(0.0, |line| line.seconds);
        let mastery = progress.mastery.and_then(|step| Some((step, second(step)?)));
        let staleness: Vec<f64> = lines.iter().filter_map(|line| *line.scalars.get(&*Tag::Staleness.name())?).collect();
        let staleness = (!staleness.is_empty()).then(|| staleness.iter().sum::<f64>() / staleness.len() as f64);
        Ok(Training { steps, seconds, mastery, staleness, best: progress.best })
    }
}

/// The contents of `failure.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Reason {
    /// Reason why the training failed.
    error: String,
}

/// Leaves the reason of a failure in the run, for whoever looks at it later.
pub fn note_failure(folder: &RunFolder, error: &TrainError) {
    // A disk that is full may be that reason: the user has been told, and there is nothing else to do.
    let _ = write_json(&folder.failure(), &Reason { error: error.to_string() });
}

/// The reason why the training failed, if it did and has not gone on.
pub fn failure(folder: &RunFolder) -> Option<String> {
    read_json::<Reason>(&folder.failure()).ok().map(|reason| reason.error)
}

/// Takes the reason away from a training that goes on.
pub fn forget_failure(folder: &RunFolder) -> Result<(), CliError> {
    match std::fs::remove_file(folder.failure()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(CliError::failed(format!("cannot remove {}: {error}", folder.failure().display())))
        }
        _ => Ok(()),
    }
}
