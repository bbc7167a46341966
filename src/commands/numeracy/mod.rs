//! `gridworld numeracy`: arithmetic that extrapolates.

mod all;
mod flags;
mod session;

use std::sync::atomic::AtomicBool;

use clap::Args;
use gridworld_numeracy::tasks::flag::Given;
use gridworld_numeracy::tasks::{Listed, Visitor, with};

use flags::Chosen;
use gridworld_terminal::program::{CliError, interrupt};
use session::Options;

/// Arguments of `numeracy`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    task: Chosen,
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

/// Runs the chosen task, or all of them.
pub fn run(arguments: &Arguments) -> Result<(), CliError> {
    // Before there is a folder: whenever it is interrupted, there is something to go on from, or nothing.
    let stop = interrupt::listen()?;
    match &arguments.task {
        Chosen::All(arguments) => all::run(arguments, stop),
        Chosen::Task { name, given, options } => with(name, &mut Run { given, options, stop }).unwrap_or(Ok(())),
    }
}

/// A run of a task that is about to begin.
struct Run<'a> {
    given: &'a Given,
    options: &'a Options,
    stop: &'static AtomicBool,
}

impl Visitor for Run<'_> {
    type Output = Result<(), CliError>;

    fn visit<T: Listed>(&mut self) -> Result<(), CliError> {
        session::run::<T>(self.given, self.options, self.stop)
    }
}
