//! `config.json`: everything that made a run what it is.

use std::path::Path;

use gridworld_agents::config::Config;
use gridworld_records::{RunFolder, read_json, write_json};
use serde::{Deserialize, Serialize};

use crate::options::environment::EnvironmentConfig;
use crate::program::failure::Failure;
use crate::program::shell;
use crate::program::version::{REVISION, VERSION};

/// The contents of `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    /// The version of the program that started the run.
    pub version: String,
    /// The git revision that it was built from.
    pub revision: String,
    /// The commands that ran it, in their order; the second and later ones resumed it.
    pub commands: Vec<String>,
    /// Where it computed, last.
    pub device: String,
    /// The environment.
    pub environment: EnvironmentConfig,
    /// The agent, its network and its training.
    #[serde(flatten)]
    pub config: Config,
}

impl RunConfig {
    /// A new run's, under the present command.
    pub fn new(environment: EnvironmentConfig, config: Config, device: String) -> RunConfig {
        let (version, revision) = (VERSION.to_owned(), REVISION.to_owned());
        RunConfig { version, revision, commands: vec![command()], device, environment, config }
    }

    /// Reads that of a run. It is checked as flags are: whoever wrote it may have asked for more than
    /// there is room for.
    pub fn read(folder: &RunFolder) -> Result<RunConfig, Failure> {
        let config: RunConfig = read_json(&folder.config()).map_err(|error| match arithmetic(folder) {
            Some(task) => {
                let draw = shell::command_on("plot", folder.path(), "");
                Failure::usage(format!(
                    "{} is a run of gridworld numeracy {task}, which has no agent: {draw} draws it",
                    folder.path().display()
                ))
            }
            None => Failure::usage(error),
        })?;
        let refuse =
            |reason: &dyn std::fmt::Display| Failure::usage(format!("{}: {reason}", folder.config().display()));
        let task = config.environment.task().map_err(|failure| refuse(&failure))?;
        config.config.check(&task.spec()).map_err(|error| refuse(&error))?;
        Ok(config)
    }

    /// Writes it into a run, whole or not at all.
    pub fn write(&self, folder: &RunFolder) -> Result<(), Failure> {
        write_json(&folder.config(), self).map_err(Failure::failed)
    }
}

/// Whether there is a run of `gridworld numeracy` in this folder.
pub fn is_arithmetic(path: &Path) -> bool {
    RunFolder::open(path).is_ok_and(|folder| arithmetic(&folder).is_some())
}

/// The task of a run of `gridworld numeracy`; nothing if it is another run.
fn arithmetic(folder: &RunFolder) -> Option<String> {
    /// What those have in their `config.json`, and no others.
    #[derive(Deserialize)]
    struct Arithmetic {
        task: String,
    }
    read_json(&folder.config()).ok().map(|Arithmetic { task }| task)
}

/// A document as it is written: a setting of 32 bits, 0.2, stays that, and is not the nearest number of 64 bits to it.
pub fn written(value: &impl Serialize) -> serde_json::Value {
    let text = serde_json::to_string(value).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The command line of this process, as it could be typed again.
pub fn command() -> String {
    shell::command(std::env::args_os().skip(1))
}
