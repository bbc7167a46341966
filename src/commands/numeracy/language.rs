//! `gridworld numeracy language`.

use std::sync::atomic::AtomicBool;

use clap::Args;
use gridworld_numeracy::summary::Median;
use gridworld_numeracy::tasks::language::{Language, LanguageConfig, LanguageModel, LanguageSummary};

use super::session::{Options, Session, agree};
use super::task::{Outcomes, Task, among_all};
use crate::options::arguments::{choices, count, positive};
use crate::output::numbers::percent;
use crate::program::failure::Failure;

/// Updates of each seed by default: after these, the errors no longer fall.
pub const ITERATIONS: u64 = 20_000;
/// Units by default: as many as public reproductions have.
pub const UNITS: usize = 32;
/// Seeds by default.
pub const SEEDS: u64 = 10;

/// What `language` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What reads the words: an LSTM with a linear layer or an arithmetic cell over its last state, or (`-each`) over
    /// its state after each word; a NALU without an LSTM, over a number of its own or (`-pairs`) over each word and the
    /// one after it; or this project's register [default: register]
    #[arg(long, value_parser = choices(&LanguageModel::ALL))]
    cell: Option<LanguageModel>,
    /// Units of embedding and LSTM [default: 32]
    #[arg(long, value_name = "N", value_parser = count)]
    units: Option<usize>,
    /// Updates of each seed [default: 20000]
    #[arg(long, value_name = "N", value_parser = positive)]
    iterations: Option<u64>,
    #[command(flatten)]
    options: Options,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy language
  gridworld numeracy language --cell lstm --seeds 10
  gridworld numeracy language --cell lstm-nalu-each --units 16 --json
  gridworld numeracy language --resume runs/mine";

/// Runs the experiment, until `stop` is set.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), Failure> {
    let options = &arguments.options;
    let session = Session::open(options, SEEDS, || {
        let model = arguments.cell.unwrap_or(LanguageModel::Register);
        let (units, iterations) = (arguments.units.unwrap_or(UNITS), arguments.iterations.unwrap_or(ITERATIONS));
        let config = LanguageConfig::new(model, units, iterations);
        (format!("numeracy__language__{model}"), config)
    })?;
    let config: &LanguageConfig = session.task();
    agree("--cell", arguments.cell, config.model)?;
    agree("--units", arguments.units, config.units)?;
    agree("--iterations", arguments.iterations, config.iterations)?;
    let experiment = Language::new(config.clone());
    session.run(options, stop, &experiment)
}

impl Task for LanguageConfig {
    type Experiment = Language;
    type Summary = LanguageSummary;

    among_all!(Language);

    fn summarize(&self, _: &Language, outcomes: &Outcomes<Self>) -> LanguageSummary {
        LanguageSummary::new(outcomes)
    }

    fn text(&self, summary: &LanguageSummary) -> String {
        let error = |what: &str, median: &Option<Median>| {
            let median = median.map_or("none".to_owned(), |median| format!("{median:.3}"));
            format!("{what} {median}")
        };
        let right = summary.right.as_ref().map_or(0.0, |right| right.median);
        format!(
            "language by {}: mean absolute error {}, {}, {} (medians of {} seeds, 95 % intervals)\n\
         {} of the test's answers are right when rounded; {} seeds have an error below a half\n",
            self.model,
            error("training", &summary.training),
            error("validation", &summary.validation),
            error("test", &summary.test),
            summary.rate.seeds,
            percent(right),
            summary.rate.solved,
        )
    }
}
