//! Runs as arguments name them, and what may be meant where there is none.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use gridworld_agents::AgentName;
use gridworld_records::{RunError, RunFolder};
use gridworld_terminal::output::folder::no_folder;
use gridworld_terminal::program::{CliError, shell};

use crate::run::checkpoint_file::{self, CheckpointFileError};
use crate::run::configuration;

/// Runs that are named where a folder of several stands in the place of one.
const NAMED: usize = 3;

/// The share of a word's letters that may be wrong for it to be taken for another.
const WRONG: f64 = 0.4;

/// Opens the run in the folder `path`.
///
/// # Errors
/// If there is none, with what `path` is instead.
pub fn open(path: &Path) -> Result<RunFolder, CliError> {
    RunFolder::open(path).map_err(|error| match (&error, instead(path)) {
        (RunError::NotARun { .. }, Some(reason)) => {
            CliError::usage(format!("{} is not a run: {reason}", path.display()))
        }
        (RunError::NotARun { .. }, None) => match in_default_folder(path).or_else(|| similar(path)) {
            Some(meant) => CliError::usage(format!("{error}; did you mean {}?", meant.display())),
            None => CliError::usage(error),
        },
        _ => CliError::usage(error),
    })
}

/// Opens the run in the folder `path`, for a command that takes a checkpoint, too.
///
/// # Errors
/// If there is none, with what `path` is instead.
pub fn open_with_checkpoint(path: &Path) -> Result<RunFolder, CliError> {
    open(path).map_err(|failure| {
        if !path.is_file() || path.extension() != Some(OsStr::new("safetensors")) {
            return failure;
        }
        let own = ["best", "last"].into_iter().find(|name| path.file_stem() == Some(OsStr::new(name)));
        let own = own.filter(|_| run_around(path).is_some());
        let flag = shell::line([OsStr::new("--checkpoint"), own.map_or(path.as_os_str(), OsStr::new)]);
        CliError::Usage(format!("{failure}, with {flag}"))
    })
}

/// The run of this name in the folder where runs are by default, where there is nothing at `path` itself.
fn in_default_folder(path: &Path) -> Option<PathBuf> {
    let meant = Path::new("runs").join(path);
    (path.is_relative() && path.symlink_metadata().is_err() && meant.join("config.json").is_file()).then_some(meant)
}

/// The run beside `path` whose name is nearly that of `path`, where there is nothing at `path` itself.
fn similar(path: &Path) -> Option<PathBuf> {
    let written = path.file_name().filter(|_| path.symlink_metadata().is_err())?.to_string_lossy();
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = runs_in(parent).into_iter().filter_map(|run| run.file_name().map(|name| name.to_owned()));
    let nearest = names.min_by_key(|name| strsim::damerau_levenshtein(&name.to_string_lossy(), &written))?;
    is_nearly(&nearest.to_string_lossy(), &written).then(|| path.with_file_name(nearest))
}

/// Tells if few enough letters of a word are wrong for it to be taken for `meant`.
fn is_nearly(meant: &str, written: &str) -> bool {
    let length = meant.chars().count().max(written.chars().count());
    strsim::damerau_levenshtein(meant, written) as f64 <= WRONG * length as f64
}

/// Adds to `failure` the agent that may be meant by the `path` of a run that is not there.
pub fn or_untrained(path: &Path, failure: CliError) -> CliError {
    match (failure, untrained_like(path)) {
        (CliError::Usage(message), Some(agent)) if path.symlink_metadata().is_err() => {
            CliError::Usage(format!("{message}; did you mean {agent}?"))
        }
        (failure, _) => failure,
    }
}

/// Describes the thing at `path` that is no run, and says what to do about it, if that is known.
pub fn instead(path: &Path) -> Option<String> {
    if path.is_symlink() && !path.exists() {
        let target = fs::read_link(path).unwrap_or_default();
        return Some(format!("it is a link to {}, which does not exist", target.display()));
    }
    if path.is_file() {
        return Some(match run_around(path) {
            Some(run) => format!("it is a file of the run {0}; give that folder", run.display()),
            None => "it is a file; give the folder of a run".to_owned(),
        });
    }
    // What is wrong with a run's own file is known better elsewhere.
    if !path.is_dir() || path.join("config.json").symlink_metadata().is_ok() {
        return None;
    }
    if let Some(run) = run_around(path) {
        return Some(format!("it is a folder inside the run {}; give that", run.display()));
    }
    let runs = runs_in(path);
    let names = runs.iter().take(NAMED).map(|run| run.display().to_string()).collect::<Vec<_>>().join(", ");
    match runs.len() {
        0 => None,
        1 => Some(format!("it contains the run {names}; give that")),
        2..=NAMED => Some(format!("it contains the runs {names}; give one of them")),
        count => Some(format!("it contains {count} runs: {names}, …; give one of them")),
    }
}

/// The run in a folder of which `path` is, or in the folder above that.
fn run_around(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    // As it was written where that reaches so far up; links are not followed, as names are all that is known here.
    let written = path.ancestors().skip(1).take(2).filter(|folder| !folder.as_os_str().is_empty());
    let all = written.map(Path::to_owned).chain(absolute.ancestors().skip(1).take(2).map(Path::to_owned));
    all.into_iter().find(|folder| folder.join("config.json").is_file())
}

/// Lists the runs in a folder, by name.
fn runs_in(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut runs: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join("config.json").is_file()).collect();
    runs.sort();
    runs
}

/// The agent without training that is nearly called so.
fn untrained_like(path: &Path) -> Option<AgentName> {
    let written = path.to_str()?.to_lowercase();
    let distance = |agent: &AgentName| strsim::damerau_levenshtein(agent.as_str(), &written);
    let agents = AgentName::ALL.into_iter().filter(|agent| !agent.learns());
    let nearest = agents.min_by_key(distance)?;
    is_nearly(nearest.as_str(), &written).then_some(nearest)
}

/// Gives the subcommand and the flag that resume the run in the folder `path`.
fn resume_command(path: &Path) -> String {
    let task = RunFolder::open(path).ok().and_then(|folder| configuration::arithmetic(&folder));
    task.map_or("train --resume".to_owned(), |task| format!("numeracy {task} --resume"))
}

/// A folder of a new run that cannot be made, by the flag that is to blame.
pub fn not_made(error: RunError) -> CliError {
    match &error {
        RunError::Exists { path } => {
            let resume = if path.join("config.json").is_file() {
                format!(": {}", shell::command_on(&resume_command(path), path, ""))
            } else {
                String::new()
            };
            CliError::usage(format!("{error}{resume}")).about("--name")
        }
        RunError::Name { .. } => CliError::usage(error).about("--name"),
        RunError::Io { action: "create", path, source } => {
            CliError::usage(format!("--runs: cannot create {}: {}", path.display(), no_folder(path, source)))
        }
        _ => CliError::usage(error).about("--runs"),
    }
}

/// Explains an error of reading the checkpoint `name` of `folder`, as `--checkpoint` takes it; `first` is the step of
/// the training's first evaluation.
pub fn no_checkpoint(folder: &RunFolder, name: &str, error: &CheckpointFileError, first: u64) -> CliError {
    let is_missing = matches!(error, CheckpointFileError::NotFound { path } if !path.is_symlink());
    let trained = checkpoint_file::glance(&folder.last_checkpoint()).and_then(|last| Ok(last.field::<u64>("steps")?));
    let run = folder.path().display();
    CliError::Usage(match (name, trained) {
        ("best", Ok(steps)) if is_missing && steps < first => {
            format!("{run}: no best checkpoint yet: the first evaluation is at step {first}; use --checkpoint last")
        }
        ("best" | "last", Err(CheckpointFileError::NotFound { .. })) if is_missing => {
            format!("no checkpoint in {}", folder.path().join("checkpoints").display())
        }
        ("best" | "last", _) => format!("--checkpoint {name}: {error}"),
        _ if is_missing && !name.contains(['/', '.']) => {
            format!("--checkpoint {name}: {error}; use last, best or a file")
        }
        _ => format!("--checkpoint {name}: {error}"),
    })
}
