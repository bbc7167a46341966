//! `gridworld compare`: what runs have in common, what not, and what came of it.

mod differences;
mod results;
#[cfg(test)]
mod tests;
mod text;

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use gridworld_records::RunFolder;

use crate::output;
use crate::program::failure::Failure;
use crate::run::argument;
use crate::run::configuration::RunConfig;
use crate::run::evaluations::{Shown, shown};
use crate::run::status::Training;
use crate::terminal::columns;
use gridworld_envs::Registry;

/// Runs that are compared at most: each has a letter.
const MOST: usize = 26;

/// What `compare` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Folders of runs, two or more
    #[arg(value_name = "RUN", num_args = 2..=MOST, required = true, value_hint = ValueHint::DirPath)]
    runs: Vec<PathBuf>,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld compare runs/paper/lstm__seed1 runs/paper/lstm-nac__seed1
  gridworld compare runs/mine runs/yours runs/theirs --json

The success at each T is that of each run's own evaluation: its best checkpoint, greedy, seed 0.";

/// A run, and what is known of it.
#[derive(Debug)]
struct Compared {
    folder: RunFolder,
    config: RunConfig,
    /// Why not, where it cannot be read.
    training: Result<Training, String>,
    /// Nothing where the run was not evaluated.
    evaluation: Option<Shown>,
}

impl Compared {
    fn read(path: &Path, registry: &Registry) -> Result<Compared, Failure> {
        let folder = argument::open(path)?;
        let config = RunConfig::read(&folder, registry)?;
        let evaluation = shown(&folder).map_err(Failure::usage)?;
        Ok(Compared { training: Training::of(&folder), config, evaluation, folder })
    }
}

/// Compares.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), Failure> {
    let runs = arguments.runs.iter().map(|path| Compared::read(path, registry)).collect::<Result<Vec<_>, Failure>>()?;
    let differences = differences::find(&runs);
    if arguments.json {
        return output::print_json(&results::document(&runs, &differences));
    }
    output::print(&text::render(&runs, &differences, columns::width()))
}
