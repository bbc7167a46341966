//! The flags of a suite's trainings, checked before there is a folder.

use std::ffi::OsString;

use clap::FromArgMatches as _;
use gridworld_envs::{Configured, Registry};
use gridworld_terminal::program::CliError;

use super::variant::Variant;
use crate::options::arguments::{self, parsed};
use crate::options::training;

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

/// Refuses flags that `gridworld train` does not know, those that each training has of its own, and those without effect on
/// any of `variants`.
pub fn check_further(flags: &[String], variants: &[Variant], registry: &Registry) -> Result<(), CliError> {
    let mut command = training::command(registry);
    let matches = parsed(&mut command, &line(flags)).map_err(|failure| match failure {
        CliError::Usage(reason) => CliError::Usage(format!("after the `--`: {reason}")),
        shown => shown,
    })?;
    let given = arguments::given(&command, &matches);
    let without_effect = |flag: &String| {
        let reasons = variants.iter().map(|variant| training::without_effect(&training::spelled(flag), variant.agent));
        reasons.collect::<Option<Vec<String>>>()?.into_iter().next()
    };
    if let Some(reason) = given.iter().find_map(without_effect) {
        return Err(CliError::Usage(format!("after the `--`: {reason}")));
    }
    match OWN.iter().find(|(flag, _)| given.iter().any(|given| given == flag)) {
        None => Ok(()),
        Some((flag, Some(own))) => {
            Err(CliError::usage(format!("--{flag}: {own} is a flag of the suite; put that before the `--`")))
        }
        Some((flag, None)) => Err(CliError::usage(format!("--{flag}: each run has its own; drop the flag"))),
    }
}

/// Returns the environment and the environment steps of a training of `variant` under the flags `common` of every training.
///
/// # Errors
/// If such a training would not start.
pub fn checked(variant: &Variant, common: &[String], registry: &Registry) -> Result<(Configured, u64), CliError> {
    let (mut command, line) = (training::command(registry), line(&variant.flags_of_training(common)));
    let checked = parsed(&mut command, &line).and_then(|matches| {
        let typed = training::Arguments::from_arg_matches(&matches);
        let typed = typed.map_err(|error| arguments::refused(&command, &line, error))?;
        training::check(&typed, &arguments::given(&command, &matches), registry)
    });
    match checked {
        Ok((environment, config, _)) => Ok((environment, config.training.steps)),
        Err(CliError::Usage(reason)) => Err(CliError::Usage(format!("a run of {}: {reason}", variant.name))),
        Err(other) => Err(other),
    }
}

/// Makes a command line of `gridworld train`.
fn line(flags: &[String]) -> Vec<OsString> {
    std::iter::once("train").chain(flags.iter().map(String::as_str)).map(OsString::from).collect()
}
