//! `config.json` of an experiment of arithmetic: everything that made it what it is.

use gridworld_numeracy::tasks::TaskConfig;
use gridworld_records::{RunFolder, read_json, write_json};
use gridworld_terminal::program::CliError;
use serde::{Deserialize, Serialize};

use super::configuration::{command, is_of_an_agent};
use crate::run::version::{REVISION, VERSION};

/// The contents of `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentConfig {
    /// The version of the program that started the run.
    pub version: String,
    /// Git revision that the program was built from.
    pub revision: String,
    /// The commands that ran it, in their order; the second and later ones resumed it.
    pub commands: Vec<String>,
    /// Number of seeds of each range, cell or the like.
    pub seeds: u64,
    /// The experiment.
    #[serde(flatten)]
    pub task: TaskConfig,
}

impl ExperimentConfig {
    /// Makes the configuration of a new run, under the present command.
    pub fn new(task: TaskConfig, seeds: u64) -> ExperimentConfig {
        let (version, revision) = (VERSION.to_owned(), REVISION.to_owned());
        ExperimentConfig { version, revision, commands: vec![command()], seeds, task }
    }

    /// Reads the configuration of a run.
    pub fn read(folder: &RunFolder) -> Result<ExperimentConfig, CliError> {
        read_json(&folder.config()).map_err(|error| match is_of_an_agent(folder) {
            true => CliError::usage(format!(
                "{} is a run of gridworld train, not of gridworld numeracy",
                folder.path().display()
            )),
            false => CliError::usage(error),
        })
    }

    /// Reads that of a run, which must be of the experiment `task`.
    pub fn of(folder: &RunFolder, task: &TaskConfig) -> Result<ExperimentConfig, CliError> {
        let config = ExperimentConfig::read(folder)?;
        if config.task != *task {
            let shown = folder.path().display();
            return Err(CliError::usage(format!(
                "{shown} has other settings; use another --runs, or remove the folder"
            )));
        }
        Ok(config)
    }

    /// Writes the configuration into a run, whole or not at all.
    pub fn write(&self, folder: &RunFolder) -> Result<(), CliError> {
        write_json(&folder.config(), self).map_err(CliError::failed)
    }
}
