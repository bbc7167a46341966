//! `gridworld numeracy identity`.

use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use clap::Args;
use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::tasks::identity::{IdentityConfig, IdentityCurve, curves};

use super::names::{cells, or_infinite};
use super::session::{Options, Session, agree};
use super::task::{Outcomes, Task, among_all};
use crate::options::arguments::{above_zero, positive};
use crate::program::failure::Failure;

/// Seeds of each cell, as published.
pub const SEEDS: u64 = 100;

/// What `identity` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What the networks are made of, separated by commas [default: every non-linearity, and nac]
    #[arg(long, value_parser = cells(), value_delimiter = ',', hide_possible_values = true)]
    cell: Vec<CellName>,
    /// Updates of each seed [default: 20000]
    #[arg(long, value_name = "N", value_parser = positive)]
    iterations: Option<u64>,
    /// Step size of Adam [default: 1e-3]
    #[arg(long, value_name = "X", value_parser = above_zero)]
    learning_rate: Option<f64>,
    #[command(flatten)]
    options: Options,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy identity
  gridworld numeracy identity --cell relu,tanh,nac --seeds 10
  gridworld numeracy identity --resume runs/mine";

/// Runs the experiment, until `stop` is set.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), Failure> {
    let options = &arguments.options;
    let session = Session::open(options, SEEDS, || {
        let default = IdentityConfig::default();
        let config = IdentityConfig {
            cells: if arguments.cell.is_empty() { default.cells } else { arguments.cell.clone() },
            iterations: arguments.iterations.unwrap_or(default.iterations),
            learning_rate: arguments.learning_rate.unwrap_or(default.learning_rate),
        };
        ("numeracy__identity".to_owned(), config)
    })?;
    let config: IdentityConfig = session.task().clone();
    let cells = |cells: &[CellName]| cells.iter().map(|cell| cell.as_str()).collect::<Vec<_>>().join(",");
    let given = (!arguments.cell.is_empty()).then(|| cells(&arguments.cell));
    agree("--cell", given, cells(&config.cells))?;
    agree("--iterations", arguments.iterations, config.iterations)?;
    agree("--learning-rate", arguments.learning_rate, config.learning_rate)?;
    session.run(options, stop, &config)
}

impl Task for IdentityConfig {
    type Experiment = IdentityConfig;
    type Summary = Vec<IdentityCurve>;

    among_all!(Identity);

    fn summarize(&self, _: &IdentityConfig, outcomes: &Outcomes<Self>) -> Vec<IdentityCurve> {
        curves(outcomes.values())
    }

    fn text(&self, curves: &Vec<IdentityCurve>) -> String {
        let mut text = "mean absolute error    −5..5    beyond, to ±20\n".to_owned();
        for curve in curves {
            // Writing to a string cannot fail.
            let [trained, beyond] =
                [curve.trained, curve.beyond].map(|error| or_infinite(error, format!("{error:.4}")));
            let _ = writeln!(text, "{:<16} {trained:>11} {beyond:>17}", curve.cell.as_str());
        }
        text
    }
}
