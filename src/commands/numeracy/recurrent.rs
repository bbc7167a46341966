//! `gridworld numeracy recurrent`.

use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use clap::Args;
use gridworld_numeracy::summary::Median;
use gridworld_numeracy::tasks::Operation;
use gridworld_numeracy::tasks::recurrent_arithmetic::{
    RecurrentArithmetic, RecurrentConfig, RecurrentModel, RecurrentSummary,
};

use super::names::or_infinite;
use super::session::{Options, Session, agree};
use super::task::{Outcomes, Task, among_all};
use crate::options::arguments::{choices, count, positive};
use crate::program::failure::Failure;

/// Updates of each seed by default.
pub const ITERATIONS: u64 = 200_000;
/// Units of the state by default, as published: one for each of two sums.
pub const UNITS: usize = 2;
/// Seeds by default.
pub const SEEDS: u64 = 10;

/// What `recurrent` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What is to be computed [default: add]
    #[arg(long = "op", value_parser = choices(&Operation::ALL))]
    operation: Option<Operation>,
    /// What reads the sequence: a recurrent cell of arithmetic, a cell over a running sum (`sum-`), or a network that is
    /// usual for sequences [default: sum-nau]
    #[arg(long, value_parser = choices(&RecurrentModel::ALL))]
    cell: Option<RecurrentModel>,
    /// Units of the state [default: 2]
    #[arg(long, value_name = "N", value_parser = count)]
    units: Option<usize>,
    /// Updates of each seed [default: 200000]
    #[arg(long, value_name = "N", value_parser = positive)]
    iterations: Option<u64>,
    #[command(flatten)]
    options: Options,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy recurrent --op add --cell nac
  gridworld numeracy recurrent --op mul --cell sum-nmu --seeds 10
  gridworld numeracy recurrent --op sub --cell lstm --units 16 --json
  gridworld numeracy recurrent --resume runs/mine";

/// Runs the experiment, until `stop` is set.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), Failure> {
    let options = &arguments.options;
    let session = Session::open(options, SEEDS, || {
        let operation = arguments.operation.unwrap_or(Operation::Add);
        let model = arguments.cell.unwrap_or(RecurrentModel::DEFAULT);
        let (units, iterations) = (arguments.units.unwrap_or(UNITS), arguments.iterations.unwrap_or(ITERATIONS));
        let config = RecurrentConfig::new(operation, model, units, iterations);
        (format!("numeracy__recurrent-{operation}__{model}"), config)
    })?;
    let config: &RecurrentConfig = session.task();
    agree("--op", arguments.operation, config.operation)?;
    agree("--cell", arguments.cell, config.model)?;
    agree("--units", arguments.units, config.units)?;
    agree("--iterations", arguments.iterations, config.iterations)?;
    let experiment = RecurrentArithmetic::new(config.clone());
    session.run(options, stop, &experiment)
}

impl Task for RecurrentConfig {
    type Experiment = RecurrentArithmetic;
    type Summary = RecurrentSummary;

    among_all!(Recurrent);

    fn summarize(&self, _: &RecurrentArithmetic, outcomes: &Outcomes<Self>) -> RecurrentSummary {
        RecurrentSummary::new(outcomes)
    }

    fn text(&self, summary: &RecurrentSummary) -> String {
        let median = |median: &Option<Median>| median.map_or(f64::NAN, |median| median.median);
        let mut text = format!("{} by {}, trained on sequences of {}\n", self.operation, self.model, summary.trained());
        text += "length   solved           95 % interval   relative error   of a random network\n";
        for at in &summary.lengths {
            let (low, high) = at.rate.ci95;
            let (relative, of_random) = (median(&at.relative), median(&at.of_random));
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{:>6}   {:>3} of {:<3} {:>4.0} %   {:>3.0}–{:<3.0} %   {:>14}   {:>18} %",
                at.length,
                at.rate.solved,
                at.rate.seeds,
                100.0 * at.rate.rate,
                100.0 * low,
                100.0 * high,
                or_infinite(relative, format!("{relative:.1e}")),
                or_infinite(of_random, format!("{of_random:.2}")),
            );
        }
        text
    }
}
