//! What the figures are drawn from, read from run folders.

use std::path::{Path, PathBuf};

use gridworld_agents::config::AgentName;
use gridworld_envs::Registry;
use gridworld_records::{MetricsLine, read_metrics};

use crate::program::failure::Failure;
use crate::run::argument;
use crate::run::configuration::RunConfig;
use crate::run::evaluation::Row;
use crate::run::evaluations::{Shown, shown};
use crate::run::trained::Trained;

/// One run.
#[derive(Clone, Debug)]
pub struct RunData {
    /// Its folder, as the user named it.
    pub path: PathBuf,
    /// What made it what it is.
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
    pub fn read(path: &Path, registry: &Registry) -> Result<RunData, Failure> {
        let folder = argument::open(path)?;
        let config = RunConfig::read(&folder, registry)?;
        let metrics = match folder.metrics().exists() {
            true => read_metrics(&folder.metrics()).map_err(Failure::failed)?,
            false => Vec::new(),
        };
        let evaluation = shown(&folder).map_err(Failure::failed)?;
        Ok(RunData { path: path.to_owned(), config, metrics, evaluation })
    }

    /// The agent.
    pub fn agent(&self) -> AgentName {
        self.config.config.agent
    }

    /// What was found at each T; none if it was not evaluated.
    pub fn rows(&self) -> &[Row] {
        self.evaluation.as_ref().map_or(&[], |evaluation| &evaluation.document.results)
    }

    /// The values of T that it was trained on.
    pub fn instructions(&self) -> &[u32] {
        self.config.environment.instructions()
    }

    /// Its agent, as the checkpoint has it.
    ///
    /// # Errors
    /// If there is no such checkpoint.
    pub fn trained(&self, checkpoint: &Path) -> Result<Trained, Failure> {
        Trained::read(argument::open(&self.path)?, self.config.clone(), checkpoint)
    }
}
