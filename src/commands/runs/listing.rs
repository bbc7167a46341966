//! List of the runs in a folder.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use gridworld_agents::AgentName;
use gridworld_agents::training::Progress;
use gridworld_records::{RunFolder, last_metrics};
use serde::Serialize;

use super::experiment::Experiment;
use super::status::{Status, age};
use crate::run::argument;
use crate::run::checkpoint_file::{self, CheckpointFileError};
use crate::run::configuration::{RunConfig, is_arithmetic};
use crate::run::evaluations::{Shown, shown};
use crate::run::status::failure;
use gridworld_envs::Registry;
use gridworld_terminal::program::CliError;

/// A run, as far as its files tell.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Folder of the run.
    #[serde(serialize_with = "gridworld_terminal::output::json_path::path")]
    pub run: PathBuf,
    /// Name of the folder within the folder that was asked for.
    pub name: String,
    /// Status of the run.
    pub status: Status,
    /// Name of the agent.
    pub agent: Option<AgentName>,
    /// Name of the environment.
    pub environment: Option<&'static str>,
    /// Seed of the training.
    pub seed: Option<u64>,
    /// Environment steps that it was trained for, up to the last record or checkpoint.
    pub steps: Option<u64>,
    /// Environment steps that it is to be trained for.
    pub steps_asked: Option<u64>,
    /// Success over the training range as a share of the feasible: of the evaluation that is shown if it had all of it,
    /// or else of the best checkpoint in the evaluations of the training.
    pub success_of_feasible: Option<f64>,
    /// The end of the longest series of evaluated T with at least 99 % each that includes a T of the training range.
    #[serde(rename = "furthest")]
    pub largest_t: Option<u32>,
    /// Description of the evaluation that is shown, if it is not the run's own: best checkpoint, greedy, seed 0.
    pub otherwise: Option<String>,
    /// True if there is any evaluation to show.
    #[serde(skip)]
    pub is_evaluated: bool,
    /// Seconds since the last record.
    pub age: Option<f64>,
    /// Description of the problem, if there is one.
    pub problem: Option<String>,
}

/// Runs that a folder holds.
#[derive(Debug)]
pub struct RunList {
    /// Runs of agents.
    pub runs: Vec<Listed>,
    /// Runs of `gridworld numeracy`, which trains no agents.
    pub experiments: Vec<Experiment>,
}

/// The runs in `folder`, and in the folders in it that are none; `folder` itself if it is one.
pub fn list(folder: &Path, now: SystemTime, registry: &Registry) -> Result<RunList, CliError> {
    if is_run(folder) {
        let name = folder.file_name().map_or(folder.to_string_lossy(), |name| name.to_string_lossy());
        return Ok(looked_at(vec![(folder.to_owned(), name.into_owned())], now, registry));
    }
    let refuse = |error: std::io::Error| match (error.kind(), argument::instead(folder)) {
        (_, Some(reason)) => CliError::usage(format!("{}: {reason}", folder.display())),
        (ErrorKind::NotFound, None) => CliError::usage(format!("{}: no such folder", folder.display())),
        _ => CliError::usage(format!("{}: {error}", folder.display())),
    };
    let mut runs = Vec::new();
    for inside in folders(folder).map_err(refuse)? {
        if is_run(&inside) {
            runs.push(inside);
        } else {
            // What cannot be read is no folder of ours.
            runs.extend(folders(&inside).unwrap_or_default().into_iter().filter(|path| is_run(path)));
        }
    }
    let named = |path: PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
        (path, name)
    };
    Ok(looked_at(runs.into_iter().map(named).collect(), now, registry))
}

/// Reads the runs of these folders and names.
fn looked_at(runs: Vec<(PathBuf, String)>, now: SystemTime, registry: &Registry) -> RunList {
    let (experiments, runs): (Vec<_>, Vec<_>) = runs.into_iter().partition(|(path, _)| is_arithmetic(path));
    RunList {
        runs: runs.into_iter().map(|(path, name)| look(&path, name, now, registry)).collect(),
        experiments: experiments.into_iter().map(|(path, name)| Experiment::look(path, name, now)).collect(),
    }
}

fn folders(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(path)?.collect::<std::io::Result<Vec<_>>>()?;
    let paths = entries.into_iter().filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    Ok(paths.map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
}

/// Tells if a training has made this folder, however little of it is left. What was killed before anything had begun
/// is none.
fn is_run(path: &Path) -> bool {
    let has = |file: &&str| path.join(file).symlink_metadata().is_ok();
    ["config.json", "checkpoints", "metrics.jsonl"].iter().any(has) && !RunFolder::is_vacant(path)
}

/// Reads what is needed of a run, and no more: two hundred of them take no longer than the eye.
fn look(path: &Path, name: String, now: SystemTime, registry: &Registry) -> Listed {
    let mut listed = Listed {
        run: path.to_owned(),
        name,
        status: Status::Damaged,
        agent: None,
        environment: None,
        seed: None,
        steps: None,
        steps_asked: None,
        success_of_feasible: None,
        largest_t: None,
        otherwise: None,
        is_evaluated: false,
        age: age(path, now),
        problem: None,
    };
    if let Err(problem) = fill(&mut listed, path, registry) {
        listed.problem = Some(problem);
    }
    listed
}

/// Fills in what can be read; what this gives is wrong with the run.
fn fill(listed: &mut Listed, path: &Path, registry: &Registry) -> Result<(), String> {
    let said = |error: &dyn std::fmt::Display| error.to_string();
    let folder = RunFolder::open(path).map_err(|error| said(&error))?;
    let config = RunConfig::read(&folder, registry).map_err(|error| said(&error))?;
    let training = &config.config.training;
    listed.agent = Some(config.config.agent);
    listed.environment = Some(config.environment.id());
    (listed.seed, listed.steps_asked) = (Some(training.seed), Some(training.steps));
    let checkpoint = match checkpoint_file::glance(&folder.last_checkpoint()) {
        Err(CheckpointFileError::NotFound { .. }) => None,
        read => Some(read.map_err(|error| said(&error))?),
    };
    let last = last_metrics(&folder.metrics());
    let saved = match &checkpoint {
        Some(checkpoint) => checkpoint.field("steps").map_err(|error| said(&error))?,
        None => 0,
    };
    listed.steps = Some(last.as_ref().map_or(saved, |line| line.step.max(saved)));
    let progress: Option<Progress> = checkpoint.as_ref().and_then(|checkpoint| checkpoint.field("progress").ok());
    let enough = training.until.zip(progress.as_ref()).is_some_and(|(share, progress)| progress.has_held(share));
    // The first checkpoint comes before the first record: without it there is nothing to resume from.
    let is_lost = checkpoint.is_none() && (last.is_some() || folder.best_checkpoint().exists());
    listed.status = if folder.is_in_training().map_err(|error| said(&error))? {
        Status::Running
    } else if is_lost {
        listed.problem = Some(format!("no checkpoint {}", folder.last_checkpoint().display()));
        Status::Damaged
    } else if saved >= training.steps || enough {
        Status::Finished
    } else {
        listed.problem = failure(&folder);
        if listed.problem.is_some() { Status::Failed } else { Status::Stopped }
    };
    listed.success_of_feasible = progress.and_then(|progress| progress.best);
    if let Some(Shown { document, otherwise }) = shown(&folder)? {
        listed.is_evaluated = true;
        let reached = document.reached(config.environment.instructions());
        listed.success_of_feasible = reached.success.or(listed.success_of_feasible);
        (listed.largest_t, listed.otherwise) = (reached.largest_t, otherwise);
    }
    Ok(())
}
