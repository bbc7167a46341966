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

use crate::output;
use crate::program::failure::Failure;
use crate::terminal::columns;
use gridworld_envs::Registry;
use order::Order;

/// Arguments of `runs`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The folder; runs of the folders in it, such as suites', are listed too
    #[arg(value_name = "DIR", default_value = "runs", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Order of the runs: the greatest success or T first, the youngest first, else by name
    #[arg(long, value_enum, default_value_t)]
    sort: Order,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld runs
  gridworld runs runs/paper --sort furthest
  gridworld runs --json

Runs of gridworld numeracy have a table of their own.

Status: running (a process trains there now), finished, stopped (interrupted or killed: gridworld train \
--resume, or gridworld numeracy's, goes on with it), failed, and damaged (a file cannot be read).";

/// Runs the command `runs`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), Failure> {
    let now = SystemTime::now();
    let mut listing = listing::list(&arguments.folder, now, registry)?;
    arguments.sort.apply(&mut listing.runs);
    arguments.sort.apply_to_experiments(&mut listing.experiments);
    if arguments.json {
        let listing::Listing { runs, experiments } = listing;
        let folder = arguments.folder.to_string_lossy();
        return output::print_json(&json!({"folder": folder, "runs": runs, "experiments": experiments}));
    }
    output::print(&table::render(&arguments.folder, &listing, columns::width()))
}
