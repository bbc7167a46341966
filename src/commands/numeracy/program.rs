//! `gridworld numeracy program`.

use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use clap::Args;
use gridworld_numeracy::tasks::program::{Evaluation, Kind, ProgramConfig, ProgramModel, ProgramSummary};

use super::session::{Options, Session, agree};
use super::task::{Outcomes, Task, among_all};
use crate::options::arguments::{choices, count, positive};
use crate::output::numbers::percent;
use crate::program::failure::Failure;

/// Updates of each seed by default.
pub const ITERATIONS: u64 = 20_000;
/// Units by default.
pub const UNITS: usize = 32;
/// Seeds by default.
pub const SEEDS: u64 = 10;

/// What `program` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What programs do: add two numbers, add and subtract several, or take some of them by a comparison [default: add]
    #[arg(long = "op", value_parser = choices(&Kind::ALL))]
    kind: Option<Kind>,
    /// What reads the characters: an LSTM with a linear layer or an arithmetic cell over its last state, or (`-each`) over
    /// its state after each character; a GRU; or this project's calculator [default: calculator]
    #[arg(long, value_parser = choices(&ProgramModel::ALL))]
    cell: Option<ProgramModel>,
    /// Units of embedding and memory [default: 32]
    #[arg(long, value_name = "N", value_parser = count)]
    units: Option<usize>,
    /// Updates of each seed [default: 20000]
    #[arg(long, value_name = "N", value_parser = positive)]
    iterations: Option<u64>,
    #[command(flatten)]
    options: Options,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy program
  gridworld numeracy program --op chain --cell lstm --seeds 10
  gridworld numeracy program --op branch --cell lstm-nalu --json
  gridworld numeracy program --resume runs/mine";

/// Runs the experiment, until `stop` is set.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), Failure> {
    let options = &arguments.options;
    let session = Session::open(options, SEEDS, || {
        let kind = arguments.kind.unwrap_or(Kind::Add);
        let model = arguments.cell.unwrap_or(ProgramModel::Calculator);
        let (units, iterations) = (arguments.units.unwrap_or(UNITS), arguments.iterations.unwrap_or(ITERATIONS));
        let config = ProgramConfig::new(kind, model, units, iterations);
        (format!("numeracy__program-{kind}__{model}"), config)
    })?;
    let config: &ProgramConfig = session.task();
    agree("--op", arguments.kind, config.kind)?;
    agree("--cell", arguments.cell, config.model)?;
    agree("--units", arguments.units, config.units)?;
    agree("--iterations", arguments.iterations, config.iterations)?;
    let experiment = Evaluation::new(config.clone());
    session.run(options, stop, &experiment)
}

impl Task for ProgramConfig {
    type Experiment = Evaluation;
    type Summary = ProgramSummary;

    among_all!(Program);

    fn summarize(&self, _: &Evaluation, outcomes: &Outcomes<Self>) -> ProgramSummary {
        ProgramSummary::new(outcomes)
    }

    fn text(&self, summary: &ProgramSummary) -> String {
        let trained = self.kind.trained();
        let mut text = format!("{} by {}, trained on programs of up to {trained}\n", self.kind, self.model);
        text += "numbers          solved      95 % interval   right   mean absolute error\n";
        for at in &summary.sizes {
            let (low, high) = at.rate.ci95;
            let median = |median: Option<f64>| median.unwrap_or(f64::NAN);
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{:<14} {:>3} of {:<3}      {:>3.0}–{:<3.0} %     {:>7}   {:>19.2}",
                at.size.to_string(),
                at.rate.solved,
                at.rate.seeds,
                100.0 * low,
                100.0 * high,
                percent(median(at.right.map(|right| right.median))),
                median(at.absolute.map(|absolute| absolute.median)),
            );
        }
        text
    }
}
