//! `gridworld numeracy single`.

use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use clap::Args;
use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::tasks::Operation;
use gridworld_numeracy::tasks::single_layer::{OfRange, SingleConfig, SingleLayer};

use super::names::cells;
use super::session::{Options, Session, agree};
use super::task::{Outcomes, Task, among_all};
use crate::options::arguments::{choices, positive};
use crate::program::failure::Failure;

/// Updates of each seed, as published.
pub const ITERATIONS: u64 = 50_000;
/// Seeds of each range, as published.
pub const SEEDS: u64 = 25;

/// What `single` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What is to be computed [default: add]
    #[arg(long = "op", value_parser = choices(&Operation::ALL))]
    operation: Option<Operation>,
    /// What it is to be learned by [default: nau]
    #[arg(long, value_parser = cells())]
    cell: Option<CellName>,
    /// Updates of each seed [default: 50000, as published]
    #[arg(long, value_name = "N", value_parser = positive)]
    iterations: Option<u64>,
    #[command(flatten)]
    options: Options,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy single --op sub --cell nau
  gridworld numeracy single --op div --cell nmru --seeds 5
  gridworld numeracy single --resume runs/mine";

/// Runs the experiment, until `stop` is set.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), Failure> {
    let options = &arguments.options;
    let session = Session::open(options, SEEDS, || {
        let operation = arguments.operation.unwrap_or(Operation::Add);
        let cell = arguments.cell.unwrap_or(CellName::Nau);
        let config = SingleConfig::published(operation, cell, arguments.iterations.unwrap_or(ITERATIONS));
        (format!("numeracy__single-{operation}__{cell}"), config)
    })?;
    let config: &SingleConfig = session.task();
    agree("--op", arguments.operation, config.operation)?;
    agree("--cell", arguments.cell, config.cell)?;
    agree("--iterations", arguments.iterations, config.iterations)?;
    let experiment = SingleLayer::new(config.clone());
    session.run(options, stop, &experiment)
}

impl Task for SingleConfig {
    type Experiment = SingleLayer;
    type Summary = Vec<OfRange>;

    among_all!(Single);

    /// Ranges without a seed are left out.
    fn summarize(&self, experiment: &SingleLayer, outcomes: &Outcomes<Self>) -> Vec<OfRange> {
        OfRange::all(experiment, outcomes.values())
    }

    fn text(&self, ranges: &Vec<OfRange>) -> String {
        let mut text = format!("{} by {}\n", self.operation, self.cell);
        for OfRange { interpolation, extrapolation, summary } in ranges {
            let (rate, trained) = (&summary.rate, interpolation.to_string());
            let at = summary.solved_at.map_or("–".to_owned(), |at| format!("{:.0}", at.median));
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{trained:<16} → {:<24} {:>3} of {} solved, after {at} updates",
                extrapolation.to_string(),
                rate.solved,
                rate.seeds
            );
        }
        text
    }
}
