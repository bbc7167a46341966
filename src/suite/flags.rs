//! The flags of a suite's trainings, checked before there is a folder.

use clap::{CommandFactory, Parser};

use super::plan::Variant;
use crate::failure::Failure;
use crate::{Cli, Command, arguments, train};

/// Flags of `gridworld train` that are each training's own, by their names in the argument parser, and the suite's flag
/// that is meant.
const OWN: &[(&str, Option<&str>)] = &[
    ("agent", Some("--agents")),
    // The ceiling and the floor must be of the same environment, so the suite must know it.
    ("env", Some("--env")),
    ("seed", Some("--seeds")),
    ("runs", Some("--runs")),
    ("name", None),
    ("resume", None),
];

/// Refuses flags that `gridworld train` does not know, and those that are not for every training.
pub fn check_further(flags: &[String]) -> Result<(), Failure> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(line(flags)).map_err(|error| match Failure::from_clap(error) {
        Failure::Usage(reason) => Failure::Usage(format!("after the `--`: {reason}")),
        shown => shown,
    })?;
    let training = command.find_subcommand("train").zip(matches.subcommand_matches("train"));
    let given = training.map(|(command, matches)| arguments::given(command, matches)).unwrap_or_default();
    match OWN.iter().find(|(flag, _)| given.iter().any(|given| given == flag)) {
        None => Ok(()),
        Some((flag, Some(own))) => {
            Err(Failure::usage(format!("--{flag}: {own} is a flag of the suite; write that before the `--`")))
        }
        Some((flag, None)) => Err(Failure::usage(format!("--{flag}: each training has its own; leave it out"))),
    }
}

/// Returns the environment steps of a training of `variant` under the flags `common` of every training.
///
/// # Errors
/// If such a training would not start.
pub fn steps(variant: &Variant, common: &[String]) -> Result<u64, Failure> {
    let parsed = Cli::try_parse_from(line(&variant.flags_of_training(common))).map_err(Failure::from_clap);
    let checked = parsed.and_then(|cli| match cli.command {
        Command::Train(arguments) => train::check(&arguments),
        _ => unreachable!("the line is one of `train`"),
    });
    match checked {
        Ok((_, config, _)) => Ok(config.training.steps),
        Err(Failure::Usage(reason)) => Err(Failure::Usage(format!("a training of {}: {reason}", variant.name))),
        Err(other) => Err(other),
    }
}

/// A command line of `gridworld train`.
fn line(flags: &[String]) -> impl Iterator<Item = &str> + Clone {
    ["gridworld", "train"].into_iter().chain(flags.iter().map(String::as_str))
}
