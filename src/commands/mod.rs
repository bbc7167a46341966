//! The commands: each reads its flags, calls the library and writes what it says.

pub mod compare;
pub mod completions;
pub mod doctor;
pub mod evaluate;
pub mod inspect;
pub mod list;
pub mod man;
pub mod numeracy;
pub mod play;
pub mod plot;
pub mod record;
pub mod report;
pub mod runs;
pub mod suite;
#[cfg(test)]
mod tests;
pub mod train;
pub mod watch;

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use gridworld_envs::{Registry, panics};
use gridworld_terminal::ColourChoice;
use gridworld_terminal::program::{CliError, end_with_parent, interrupt, spell_as_started, warn_without_locks};

use crate::options::arguments;
use crate::options::environment::offer;

/// Train and test agents that must count: an agent is told a number T and must reach its target at exactly step T.
#[derive(Parser)]
#[command(name = "gridworld", version, after_help = EXAMPLES, arg_required_else_help = true)]
// The last one counts: `make train ARGS="--T 5..9"` comes after the target's own `--T`.
#[command(args_override_self = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Use of colour; NO_COLOR and CLICOLOR_FORCE are respected [default: auto, on terminals]
    #[arg(
        long = "color",
        value_name = "auto|always|never",
        value_enum,
        default_value_t,
        global = true,
        hide_possible_values = true,
        hide_default_value = true
    )]
    colour: ColourChoice,
}

const EXAMPLES: &str = "Examples:
  gridworld train --agent lstm-nac --T 5..12
  gridworld evaluate runs/mine --T 5..30
  gridworld evaluate oracle --T 5..30
  gridworld inspect runs/mine
  gridworld watch runs/mine --T 15
  gridworld play
  gridworld numeracy static --op mul --cell nmu

Exit status: 0 for success, 1 for a failure, 2 for wrong usage, 130 when interrupted (and saved).";

#[derive(Subcommand)]
enum Command {
    /// Train an agent, or resume a run.
    Train(Box<train::Arguments>),
    /// Evaluate an agent: how often is it on time?
    Evaluate(evaluate::Arguments),
    /// Describe what an agent has learned.
    Inspect(inspect::Arguments),
    /// Watch an agent step by step: board, action probabilities, counters.
    Watch(watch::Arguments),
    /// Play the task yourself, against the oracle and an agent.
    Play(play::Arguments),
    /// Record episodes as an animated GIF.
    Record(record::Arguments),
    /// Draw figures of runs: learning curves, success and times against T, counters, weights.
    Plot(plot::Arguments),
    /// Write an HTML report in which the trained agents play.
    Report(report::Arguments),
    /// Train agents with several seeds in parallel, evaluate and compare them.
    Suite(suite::Arguments),
    /// Train arithmetic cells and test extrapolation.
    Numeracy(numeracy::Arguments),
    /// List runs with progress, success and the largest T reached.
    Runs(runs::Arguments),
    /// Compare runs: settings and results, side by side.
    Compare(compare::Arguments),
    /// List the agents, the environments and their settings.
    List(list::Arguments),
    /// Check the installation.
    Doctor(doctor::Arguments),
    /// Print a completion script for a shell.
    Completions(completions::Arguments),
    /// Generate man pages.
    Man(man::Arguments),
}

/// Does what the command line of this process asks for, with the environments of `registry`, and gives its exit status.
#[must_use]
pub fn cli(registry: &Registry) -> ExitCode {
    shorten_panics();
    match std::panic::catch_unwind(AssertUnwindSafe(|| run(registry))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => failure.report(),
        // The hook has told it.
        Err(_) => ExitCode::FAILURE,
    }
}

/// Makes panics one line each: those of a training are its error, any other is a bug of ours. Whoever
/// looks for it gets a backtrace with `RUST_BACKTRACE=full`.
fn shorten_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|wish| wish != "full") {
        std::panic::set_hook(Box::new(|panic| {
            let said = panics::message(panic.payload());
            let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
            let _ = CliError::Failed(format!("a bug{}: {said}; please report it", place.unwrap_or_default())).report();
        }));
    }
    panics::install_quiet_hook();
}

/// The command line, where the environments are those of `registry`.
fn command_line(registry: &Registry) -> clap::Command {
    offer(Cli::command(), registry)
}

/// The parser of a command line.
pub fn parser(registry: &Registry) -> clap::Command {
    arguments::with_negative_numbers(command_line(registry))
}

fn run(registry: &Registry) -> Result<(), CliError> {
    let colour = ColourChoice::find(std::env::args_os());
    colour.set();
    let mut command = spell_as_started(parser(registry)).color(colour.for_parser());
    let words: Vec<OsString> = std::env::args_os().collect();
    let matches = arguments::parsed(&mut command, &words)?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| arguments::refused(&command, &words, error))?;
    // Before there is a second thread.
    interrupt::make_limits_errors()?;
    end_with_parent()?;
    warn_without_locks();
    // Parallelism is one thread a worker; libtorch's own would fight with it.
    tch::set_num_threads(1);
    match cli.command {
        Command::Train(arguments) => {
            let flags = command.find_subcommand("train").zip(matches.subcommand_matches("train"));
            let given = flags.map(|(train, matches)| arguments::given(train, matches)).unwrap_or_default();
            train::run(&arguments, &given, registry)
        }
        Command::Evaluate(arguments) => evaluate::run(&arguments, registry),
        Command::Inspect(arguments) => inspect::run(&arguments, registry),
        Command::Watch(arguments) => watch::run(&arguments, registry),
        Command::Play(arguments) => play::run(&arguments, registry),
        Command::Record(arguments) => record::run(&arguments, registry),
        Command::Plot(arguments) => plot::run(&arguments, registry),
        Command::Report(arguments) => report::run(&arguments, registry),
        Command::Suite(arguments) => suite::run(&arguments, registry),
        Command::Numeracy(arguments) => numeracy::run(&arguments),
        Command::Runs(arguments) => runs::run(&arguments, registry),
        Command::Compare(arguments) => compare::run(&arguments, registry),
        Command::List(arguments) => list::run(&arguments, registry),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, command_line(registry)),
        Command::Man(arguments) => man::run(&arguments, command_line(registry)),
    }
}
