//! `gridworld compare`: what runs have in common, what not, and what came of it.

mod compared;
mod differences;
mod results;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;

use clap::{Args, ValueHint};
use gridworld_envs::Registry;

use compared::Compared;
use gridworld_terminal::program::{CliError, message, shell};
use gridworld_terminal::{columns, output};

/// Runs that are compared at most: each has a letter.
const MOST: usize = 26;

/// Arguments of `compare`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Folders of two or more runs
    #[arg(value_name = "RUN", num_args = 2..=MOST, required = true, value_hint = ValueHint::DirPath)]
    runs: Vec<PathBuf>,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld compare runs/paper/lstm__seed1 runs/paper/lstm-nac__seed1
  gridworld compare runs/mine runs/yours runs/theirs --json

Success at each T is from the standard evaluation of each run: best checkpoint, greedy, seed 0.";

/// Runs the command `compare`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let runs =
        arguments.runs.iter().map(|path| Compared::read(path, registry)).collect::<Result<Vec<_>, CliError>>()?;
    let differences = differences::find(&runs);
    if arguments.json {
        return output::print_json(&results::document(&runs, &differences));
    }
    output::print(&text::render(&runs, &differences, columns::width()))?;
    let plot = ["plot".as_ref()].into_iter().chain(arguments.runs.iter().map(|run| run.as_os_str()));
    message::suggest(&shell::command_here(plot));
    Ok(())
}
