//! `gridworld numeracy static`.

use std::sync::atomic::AtomicBool;

use clap::Args;
use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::schedule::{LearningRate, Sparsity};
use gridworld_numeracy::tasks::static_arithmetic::{StaticArithmetic, StaticConfig};
use gridworld_numeracy::tasks::{Operation, Summary};

use super::names::cells;
use super::session::{Options, Session, agree};
use super::task::{Outcomes, Task, among_all};
use crate::options::arguments::{above_zero, choices, positive, updates};
use crate::program::failure::Failure;

/// Updates of each seed by default: enough for every cell that learns at all, and short.
const ITERATIONS: u64 = 500_000;
/// Seeds of the published experiment.
pub const SEEDS: u64 = 100;

/// What `static` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What is to be computed [default: add]
    #[arg(long = "op", value_parser = choices(&Operation::ALL))]
    operation: Option<Operation>,
    /// What it is to be learned by [default: nau]
    #[arg(long, value_parser = cells())]
    cell: Option<CellName>,
    /// The first layer [default: what belongs to the cell, as published]
    #[arg(long, value_parser = cells(), hide_possible_values = true)]
    first: Option<CellName>,
    /// Updates of each seed; the published experiment has 5e6 [default: 500000]
    #[arg(long, value_name = "N", value_parser = positive)]
    iterations: Option<u64>,
    /// Step size of Adam [default: the published one]
    #[arg(long, value_name = "X", value_parser = above_zero)]
    learning_rate: Option<f64>,
    /// Updates between which the sparsity regularizer grows to its weight [default: the published ones]
    #[arg(long, value_name = "A..B", value_parser = updates)]
    ramp: Option<(u64, u64)>,
    #[command(flatten)]
    options: Options,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy static --op add --cell nau
  gridworld numeracy static --op mul --cell nmu --iterations 5e6 --seeds 100
  gridworld numeracy static --op mul --cell nmu --iterations 5e6 --ramp 2e6..3e6
  gridworld numeracy static --resume runs/mine";

/// Runs the experiment, until `stop` is set.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), Failure> {
    let options = &arguments.options;
    let session = Session::open(options, SEEDS, || {
        let config = config(arguments);
        (format!("numeracy__static-{}__{}", config.operation, config.cell), config)
    })?;
    let config: &StaticConfig = session.task();
    agree("--op", arguments.operation, config.operation)?;
    agree("--cell", arguments.cell, config.cell)?;
    agree("--first", arguments.first, config.first)?;
    agree("--iterations", arguments.iterations, config.iterations)?;
    agree("--learning-rate", arguments.learning_rate, config.learning_rate.at(0))?;
    let shown = |(from, to)| format!("{from}..{to}");
    agree("--ramp", arguments.ramp.map(shown), shown(config.sparsity.ramp))?;
    let experiment = StaticArithmetic::new(config.clone());
    session.run(options, stop, &experiment)
}

fn config(arguments: &Arguments) -> StaticConfig {
    let operation = arguments.operation.unwrap_or(Operation::Add);
    let cell = arguments.cell.unwrap_or(CellName::Nau);
    let iterations = arguments.iterations.unwrap_or(ITERATIONS);
    let published = StaticConfig::published(operation, cell, iterations);
    let learning_rate = arguments.learning_rate.map_or(published.learning_rate, LearningRate::constant);
    let sparsity = Sparsity { ramp: arguments.ramp.unwrap_or(published.sparsity.ramp), ..published.sparsity };
    StaticConfig { first: arguments.first.unwrap_or(published.first), learning_rate, sparsity, ..published }
}

impl Task for StaticConfig {
    type Experiment = StaticArithmetic;
    type Summary = Summary;

    among_all!(Static);

    fn summarize(&self, experiment: &StaticArithmetic, outcomes: &Outcomes<Self>) -> Summary {
        Summary::new(experiment.threshold(), &outcomes.values().collect::<Vec<_>>())
    }

    fn text(&self, summary: &Summary) -> String {
        let rate = &summary.rate;
        let mut text = format!(
            "{} by {}: {} of {} seeds solved, {:.0} % (95 % interval {:.0}–{:.0} %)\n",
            self.operation,
            self.cell,
            rate.solved,
            rate.seeds,
            100.0 * rate.rate,
            100.0 * rate.ci95.0,
            100.0 * rate.ci95.1,
        );
        if let (Some(at), Some(sparsity)) = (&summary.solved_at, &summary.sparsity_error) {
            text +=
                &format!("solved after {:.0} updates, sparsity error {:.1e} (medians)\n", at.median, sparsity.median);
        }
        text
    }
}
