//! `gridworld numeracy`: arithmetic that extrapolates.

mod all;
mod identity;
mod language;
mod mnist;
mod names;
mod program;
mod recurrent;
mod session;
mod single_layer;
mod static_arithmetic;
mod task;

use clap::{Args, Subcommand};

use crate::program::failure::Failure;
use crate::program::interrupt;

/// What `numeracy` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Autoencoders of a number: how far off beyond the numbers that they have seen.
    Identity(identity::Arguments),
    /// An operation on the sums of two overlapping subsets of a hundred inputs.
    Static(static_arithmetic::Arguments),
    /// One cell and an operation on two numbers, on nine ranges.
    Single(single_layer::Arguments),
    /// An operation on two sums over time: trained on sequences of ten, asked at a thousand.
    Recurrent(recurrent::Arguments),
    /// English number words, read and turned into the number.
    Language(language::Arguments),
    /// Programs, read character by character: sums, differences, comparisons.
    Program(program::Arguments),
    /// Counts, sums or products of sequences of handwritten digits.
    Mnist(mnist::Arguments),
    /// All experiments of the table in docs/results.md, and the table.
    All(all::Arguments),
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy static --op add --cell nau --seeds 100
  gridworld numeracy static --op mul --cell nmu --iterations 5e6
  gridworld numeracy single --op sub --cell nau
  gridworld numeracy identity
  gridworld numeracy recurrent --op mul --cell sum-nmu
  gridworld numeracy language --cell register
  gridworld numeracy program --op chain --cell calculator
  gridworld numeracy mnist --op sum --cell counter
  gridworld numeracy all
  gridworld numeracy static --resume runs/mine";

/// Runs the task.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    // Before there is a folder: whenever it is interrupted, there is something to go on from, or nothing.
    let stop = interrupt::listen()?;
    match &arguments.task {
        Task::All(arguments) => all::run(arguments, stop),
        Task::Identity(arguments) => identity::run(arguments, stop),
        Task::Mnist(arguments) => mnist::run(arguments, stop),
        Task::Single(arguments) => single_layer::run(arguments, stop),
        Task::Recurrent(arguments) => recurrent::run(arguments, stop),
        Task::Program(arguments) => program::run(arguments, stop),
        Task::Language(arguments) => language::run(arguments, stop),
        Task::Static(arguments) => static_arithmetic::run(arguments, stop),
    }
}
