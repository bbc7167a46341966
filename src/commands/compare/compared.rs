//! Configuration, training and evaluation of each run.

use std::path::Path;

use gridworld_envs::Registry;
use gridworld_records::RunFolder;
use gridworld_terminal::program::CliError;

use crate::run::argument;
use crate::run::configuration::RunConfig;
use crate::run::evaluations::{Shown, shown};
use crate::run::status::Training;

/// Configuration, training and evaluation of a run.
#[derive(Debug)]
pub struct Compared {
    pub folder: RunFolder,
    pub config: RunConfig,
    /// Status of the training, or the reason why it cannot be read.
    pub training: Result<Training, String>,
    /// Evaluation of the run; nothing where it was not evaluated.
    pub evaluation: Option<Shown>,
}

impl Compared {
    pub fn read(path: &Path, registry: &Registry) -> Result<Compared, CliError> {
        let folder = argument::open(path)?;
        let config = RunConfig::read(&folder, registry)?;
        let evaluation = shown(&folder).map_err(CliError::usage)?;
        Ok(Compared { training: Training::of(&folder), config, evaluation, folder })
    }
}
