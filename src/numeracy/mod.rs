//! `gridworld numeracy`: arithmetic that extrapolates.

mod session;
mod static_arithmetic;
mod task;

use clap::{Args, Subcommand};

use crate::failure::Failure;
pub use task::ExperimentConfig;

/// What `numeracy` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// An operation on the sums of two overlapping subsets of a hundred inputs.
    Static(static_arithmetic::Arguments),
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy static --op add --cell nau --seeds 100
  gridworld numeracy static --op mul --cell nmu --iterations 5e6
  gridworld numeracy static --resume runs/numeracy__static-mul__nmu__20261123-120000";

/// Runs the task.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.task {
        Task::Static(arguments) => static_arithmetic::run(arguments),
    }
}
