//! `config.json`: everything that made a run what it is.

use std::path::Path;

use gridworld_agents::{AgentName, Config, TrainingConfig};
use gridworld_envs::{Configured, Registry, RegistryError};
use gridworld_records::{RunError, RunFolder, read_json, write_json};
use gridworld_terminal::program::{CliError, shell};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::run::version::{REVISION, VERSION};

/// The contents of `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunConfig {
    /// The version of the program that started the run.
    pub version: String,
    /// Git revision that the program was built from.
    pub revision: String,
    /// The commands that ran it, in their order; the second and later ones resumed it.
    pub commands: Vec<String>,
    /// Device of the last training.
    pub device: String,
    /// The environment.
    pub environment: Configured,
    /// The agent, its network and its training.
    #[serde(flatten)]
    pub config: Config,
}

/// Configuration in the form of the file: the reader has to say which environments there are.
#[derive(Deserialize)]
struct Document {
    version: String,
    revision: String,
    commands: Vec<String>,
    device: String,
    environment: Value,
    #[serde(flatten)]
    config: Config,
}

impl RunConfig {
    /// Makes the configuration of a new run, under the present command.
    #[must_use]
    pub fn new(environment: Configured, config: Config, device: String) -> RunConfig {
        let (version, revision) = (VERSION.to_owned(), REVISION.to_owned());
        RunConfig { version, revision, commands: vec![command()], device, environment, config }
    }

    /// Reads that of a run, of an environment of `registry`. It is checked as flags are: whoever wrote it may have asked for
    /// more than there is room for.
    ///
    /// # Errors
    /// If the file cannot be read, names an environment that is not in `registry`, or describes nothing that can be trained.
    pub fn read(folder: &RunFolder, registry: &Registry) -> Result<RunConfig, CliError> {
        let document: Document = read_json(&folder.config()).map_err(|error| match arithmetic(folder) {
            Some(task) => {
                let draw = shell::command_on("plot", folder.path(), "");
                CliError::usage(format!(
                    "{} is a run of gridworld numeracy {task}, which has no agent; to draw it: {draw}",
                    folder.path().display()
                ))
            }
            None => CliError::usage(error),
        })?;
        let refuse =
            |reason: &dyn std::fmt::Display| CliError::usage(format!("{}: {reason}", folder.config().display()));
        let Document { version, revision, commands, device, environment, config } = document;
        // Every other setting may be one that came later; without T nobody knows what was trained.
        let has_instructions = |id| registry.settings(id).is_ok_and(|known| known.iter().any(|name| name == "T"));
        if environment["id"].as_str().is_some_and(has_instructions) && environment.get("T").is_none() {
            return Err(refuse(&"the environment has no T, the values that it was trained on"));
        }
        let environment = registry.read(&environment).map_err(|error| match error {
            RegistryError::Unknown { .. } => refuse(&format!("{error}; use the program that knows it")),
            _ => refuse(&error),
        })?;
        config.check(&environment.task().spec()).map_err(|error| refuse(&error))?;
        Ok(RunConfig { version, revision, commands, device, environment, config })
    }

    /// Writes the configuration into a run, whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be replaced; it is then as it was.
    pub fn write(&self, folder: &RunFolder) -> Result<(), CliError> {
        write_json(&folder.config(), self).map_err(CliError::failed)
    }
}

/// Tells if there is a run of `gridworld numeracy` in this folder.
pub fn is_arithmetic(path: &Path) -> bool {
    RunFolder::open(path).is_ok_and(|folder| arithmetic(&folder).is_some())
}

/// The task of a run of `gridworld numeracy`; nothing if it is another run.
pub fn arithmetic(folder: &RunFolder) -> Option<String> {
    /// Fields of `config.json` that only runs of `gridworld numeracy` have.
    #[derive(Deserialize)]
    struct Arithmetic {
        task: String,
    }
    read_json(&folder.config()).ok().map(|Arithmetic { task }| task)
}

/// Tells whether there is a run of an agent in this folder, whatever its environment.
pub fn is_of_an_agent(folder: &RunFolder) -> bool {
    /// The field of `config.json` that only those have.
    #[derive(Deserialize)]
    struct Agent {
        #[serde(rename = "agent")]
        _name: AgentName,
    }
    read_json::<Agent>(&folder.config()).is_ok()
}

/// Reads the settings of a run's training alone.
///
/// # Errors
/// If the file cannot be read.
pub fn training(folder: &RunFolder) -> Result<TrainingConfig, RunError> {
    /// Field of `config.json` that holds the training's settings.
    #[derive(Deserialize)]
    struct Part {
        training: TrainingConfig,
    }
    read_json(&folder.config()).map(|Part { training }| training)
}

/// A document as it is written: a setting of 32 bits, 0.2, stays that, and is not the nearest number of 64 bits to it.
pub fn written(value: &impl Serialize) -> Value {
    let text = serde_json::to_string(value).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The command line of this process, as it could be typed again.
pub fn command() -> String {
    shell::command(std::env::args_os().skip(1))
}
