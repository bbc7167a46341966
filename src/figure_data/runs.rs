//! Records of a run that figures are drawn from, read from its folder.

use std::path::{Path, PathBuf};

use gridworld_agents::AgentName;
use gridworld_envs::Registry;
use gridworld_records::{MetricsLine, read_metrics};
use gridworld_terminal::program::CliError;

use crate::run::argument;
use crate::run::configuration::RunConfig;
use crate::run::evaluation::Row;
use crate::run::evaluations::{Shown, shown};
use crate::run::trained_agent::Trained;

/// A run with its records: configuration, metrics and evaluation.
#[derive(Clone, Debug)]
pub struct RunData {
    /// Folder of the run, as the user named it.
    pub path: PathBuf,
    /// Configuration that the run was made with.
    pub config: RunConfig,
    /// The lines of `metrics.jsonl`; none before the first was written.
    pub metrics: Vec<MetricsLine>,
    /// The evaluation to be shown, if the run was evaluated.
    pub evaluation: Option<Shown>,
}

impl RunData {
    /// Reads the run in the folder `path`. It may be one that is still being trained.
    ///
    /// # Errors
    /// If there is no run, or a file of it is damaged.
    pub fn read(path: &Path, registry: &Registry) -> Result<RunData, CliError> {
        let folder = argument::open(path)?;
        let config = RunConfig::read(&folder, registry)?;
        let metrics = match folder.metrics().exists() {
            true => read_metrics(&folder.metrics()).map_err(CliError::failed)?,
            false => Vec::new(),
        };
        let evaluation = shown(&folder).map_err(CliError::failed)?;
        Ok(RunData { path: path.to_owned(), config, metrics, evaluation })
    }

    /// Gives the name of the run's agent.
    pub fn agent(&self) -> AgentName {
        self.config.config.agent
    }

    /// Gives the results at each T; none if the run was not evaluated.
    pub fn rows(&self) -> &[Row] {
        self.evaluation.as_ref().map_or(&[], |evaluation| &evaluation.document.results)
    }

    /// Gives the values of T that the run was trained on.
    pub fn instructions(&self) -> &[u32] {
        self.config.environment.instructions()
    }

    /// Reads the run's agent from a checkpoint.
    ///
    /// # Errors
    /// If there is no such checkpoint.
    pub fn trained(&self, checkpoint: &Path) -> Result<Trained, CliError> {
        Trained::read(argument::open(&self.path)?, self.config.clone(), checkpoint)
    }
}
