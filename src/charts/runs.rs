//! What the figures are drawn from, read from run folders.

use std::path::{Path, PathBuf};

use gridworld_agents::config::AgentName;
use gridworld_envs::Registry;
use gridworld_records::{MetricsLine, RunFolder, read_metrics};
use serde_json::Value;
use tch::Device;

use crate::program::failure::Failure;
use crate::replay::reel::{Projector, Reel};
use crate::run::accumulators::{InputWeights, sum_weights};
use crate::run::argument;
use crate::run::configuration::RunConfig;
use crate::run::evaluation::Row;
use crate::run::evaluations::{Shown, shown};
use crate::run::subject::{PolicyChoice, Subject};
use crate::run::trained::Trained;

/// The checkpoint that figures show.
const BEST: &str = "best";

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
    /// The weights of its loop, by what they weigh, or why they cannot be had; nothing without a loop.
    pub weights: Option<Result<Vec<InputWeights>, String>>,
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
        let weights = config.config.model.feedback.map(|_| weights(&folder, &config));
        Ok(RunData { path: path.to_owned(), config, metrics, evaluation, weights })
    }

    /// The agent.
    pub fn agent(&self) -> AgentName {
        self.config.config.agent
    }

    /// What arriving is worth in its environment.
    pub fn reward(&self) -> &str {
        self.config.environment.setting("reward").and_then(Value::as_str).unwrap_or("own")
    }

    /// Steps by which a success may be early or late in its environment.
    pub fn tolerance(&self) -> u64 {
        self.config.environment.setting("tolerance").and_then(Value::as_u64).unwrap_or(0)
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

/// The weights of the best checkpoint.
fn weights(folder: &RunFolder, config: &RunConfig) -> Result<Vec<InputWeights>, String> {
    let trained =
        Trained::read(folder.clone(), config.clone(), Path::new(BEST)).map_err(|failure| failure.to_string())?;
    Ok(sum_weights(&trained))
}

/// One greedy episode, and what the accumulators held in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// T, in steps.
    pub instruction: u32,
    /// What each accumulator is called.
    pub names: Vec<String>,
    /// Of each accumulator, what it held in the steps 1, 2, 3, …
    pub counters: Vec<Vec<f64>>,
    /// The step that would have been on time, if that is known.
    pub due: Option<usize>,
    /// How it ended, in two words.
    pub ending: String,
}

/// Plays one episode of the best checkpoint for each T.
///
/// # Errors
/// If the checkpoint cannot be read.
pub fn episodes(run: &RunData, instructions: &[u32]) -> Result<Vec<Episode>, Failure> {
    let subject = Subject::trained(run.trained(Path::new(BEST))?, PolicyChoice::Greedy, 0, Device::Cpu);
    let projector = Projector::new(subject, BEST);
    let played = instructions.iter().map(|&instruction| projector.reels(instruction, 0, 1));
    Ok(played.collect::<Result<Vec<_>, Failure>>()?.iter().flatten().map(episode).collect())
}

fn episode(reel: &Reel) -> Episode {
    let thoughts: Vec<&[f32]> = reel.thoughts(reel.film.steps()).map(|thought| thought.n.as_slice()).collect();
    let units = thoughts.first().map_or(0, |n| n.len());
    Episode {
        instruction: reel.choice.instruction,
        names: reel.counters.clone(),
        counters: (0..units).map(|unit| thoughts.iter().map(|n| f64::from(n[unit])).collect()).collect(),
        due: reel.due,
        ending: reel.ending.headline(),
    }
}
