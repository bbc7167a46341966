//! A run's agent, as one of its checkpoints has it.

use std::path::Path;
use std::sync::Arc;

use gridworld_agents::training::model_parameters;
use gridworld_agents::{Config, Model, TrainingConfig};
use gridworld_envs::Registry;
use gridworld_records::RunFolder;
use gridworld_terminal::program::CliError;

use crate::run::argument;
use crate::run::checkpoint_file;
use crate::run::configuration::RunConfig;

/// A network with its parameters, and where they are from.
pub struct Trained {
    /// Folder of the run.
    pub folder: RunFolder,
    /// Configuration of the run.
    pub config: RunConfig,
    /// Checkpoint, as the user named it.
    pub checkpoint: String,
    /// Environment steps that it has been trained for.
    pub steps: u64,
    /// Structure of the network.
    pub model: Arc<Model>,
    /// Parameters of the network, laid out as the model says.
    pub parameters: Vec<f32>,
}

impl Trained {
    /// Reads the checkpoint of the run in the folder `run` that `checkpoint` names: `last`, `best` or a file. The run's
    /// environment is one of `registry`.
    ///
    /// # Errors
    /// If there is no such run or checkpoint, or they do not belong together.
    pub fn load(run: &Path, checkpoint: &Path, registry: &Registry) -> Result<Trained, CliError> {
        let folder = argument::open_with_checkpoint(run)?;
        let config = RunConfig::read(&folder, registry)?;
        Trained::read(folder, config, checkpoint)
    }

    /// Reads another checkpoint of the same run.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn at(&self, checkpoint: &Path) -> Result<Trained, CliError> {
        Trained::read(self.folder.clone(), self.config.clone(), checkpoint)
    }

    /// Reads a checkpoint of the run of `config` in `folder`.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn read(folder: RunFolder, config: RunConfig, checkpoint: &Path) -> Result<Trained, CliError> {
        let name = checkpoint.to_string_lossy().into_owned();
        let path = match name.as_str() {
            "last" => folder.last_checkpoint(),
            "best" => folder.best_checkpoint(),
            _ => checkpoint.to_owned(),
        };
        let usage = |error: &dyn ToString| CliError::usage(format!("--checkpoint {name}: {}", error.to_string()));
        let TrainingConfig { eval_interval, steps, .. } = config.config.training;
        let checkpoint = checkpoint_file::load(&path)
            .map_err(|error| argument::no_checkpoint(&folder, &name, &error, eval_interval.min(steps)))?;
        let trained: Config = checkpoint.field("config").map_err(|error| usage(&error))?;
        let agent = config.config.agent;
        if trained.agent != agent {
            let other = trained.agent;
            return Err(usage(&format!("it is of another agent ({other}), the run's is {agent}")));
        }
        if trained.model != config.config.model {
            let others = trained.model.differences(&config.config.model);
            return Err(usage(&format!("it is of another network than the run's: {others}")));
        }
        let model = Arc::new(Model::new(&config.config.model, &config.environment.task().spec()));
        let parameters = model_parameters(&checkpoint, &model).map_err(|error| usage(&error))?;
        let steps = checkpoint.field("steps").map_err(|error| usage(&error))?;
        Ok(Trained { folder, config, checkpoint: name, steps, model, parameters })
    }
}
