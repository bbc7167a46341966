//! `gridworld runs`: the runs of a folder in one table.

mod experiment;
mod listing;
mod order;
mod status;
mod table;

use std::path::PathBuf;
use std::time::SystemTime;

use clap::{Args, ValueHint};
use serde_json::json;

use gridworld_envs::Registry;
use gridworld_terminal::program::{CliError, message, shell};
use gridworld_terminal::{columns, output};
use listing::{Listed, RunList};
use order::Order;
use status::Status;

/// Arguments of `runs`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Folder of runs; runs in folders inside it, such as those of a suite, are listed too
    #[arg(value_name = "DIR", default_value = "runs", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Order of the tables
    #[arg(long, value_enum, default_value_t)]
    sort: Order,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld runs
  gridworld runs runs/paper --sort largest-T
  gridworld runs --json

Runs of gridworld numeracy have a table of their own.

Status: running (a process trains it now), finished, stopped (interrupted or killed; resume it with gridworld train \
--resume, or gridworld numeracy's), failed, damaged (a file cannot be read).";

/// Runs the command `runs`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let now = SystemTime::now();
    let mut listing = listing::list(&arguments.folder, now, registry)?;
    arguments.sort.apply(&mut listing.runs);
    arguments.sort.apply_to_experiments(&mut listing.experiments);
    if arguments.json {
        let RunList { runs, experiments } = listing;
        let folder = arguments.folder.to_string_lossy();
        return output::print_json(&json!({"folder": folder, "runs": runs, "experiments": experiments}));
    }
    output::print(&table::render(&arguments.folder, &listing, columns::width()))?;
    message::suggest(&next(&listing));
    Ok(())
}

/// The command that is useful for the runs of `listing`: to resume one, to evaluate one, or to look at what they are.
fn next(listing: &RunList) -> String {
    let RunList { runs, experiments } = listing;
    let first = |is: fn(&Listed) -> bool| runs.iter().find(|run| is(run));
    let finished: Vec<&Listed> = runs.iter().filter(|run| run.status == Status::Finished).collect();
    if let Some(run) = first(|run| run.status == Status::Stopped) {
        return shell::command_on("train --resume", &run.run, "");
    }
    if let Some(run) = first(|run| run.status == Status::Finished && !run.is_evaluated) {
        return shell::command_on("evaluate", &run.run, "");
    }
    let has_best = |run: &&Listed| run.run.join("checkpoints/best.safetensors").is_file();
    match (finished.as_slice(), experiments.first()) {
        ([one, other, ..], _) => shell::command_here(["compare".as_ref(), one.run.as_os_str(), other.run.as_os_str()]),
        ([one], _) => shell::command_on("inspect", &one.run, ""),
        ([], Some(experiment)) => shell::command_on("plot", &experiment.run, ""),
        ([], None) => match runs.iter().find(has_best) {
            // Of a run that cannot be resumed, the best checkpoint may be whole.
            Some(run) => shell::command_on("evaluate", &run.run, ""),
            None => shell::command_here(["train"]),
        },
    }
}
