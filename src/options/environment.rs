//! The environment that flags describe.

use std::fmt::Display;

use clap::Command;
use clap::builder::PossibleValuesParser;
use gridworld_envs::{Configured, Instructions, Registry, RegistryError, Reward};
use gridworld_terminal::program::CliError;
use serde_json::{Map, Value, json};

/// The name of the flag that names an environment, in the argument parser.
const ENV: &str = "env";

/// Settings as flags give them; those that none gives are the environment's defaults.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// Values of T, in steps.
    pub instructions: Option<&'a Instructions>,
    /// Steps after which an episode is truncated.
    pub time_limit: Option<u32>,
    /// Reward of an arrival.
    pub reward: Option<Reward>,
    /// Steps by which a success may be early or late.
    pub tolerance: Option<u32>,
    /// Share of the placements that is kept out of training.
    pub holdout: Option<f64>,
    /// Further settings by name.
    pub others: &'a [(String, Value)],
}

impl Given<'_> {
    /// The name of a setting that is given twice, by `--set` or by a flag of its own and by `--set`.
    fn twice(&self) -> Option<&str> {
        let alone = self.named();
        let mut names = self.others.iter().map(|(name, _)| name.as_str()).enumerate();
        let before = |index: usize, name: &str| self.others[..index].iter().any(|(other, _)| other == name);
        names.find(|&(index, name)| alone.contains_key(name) || before(index, name)).map(|(_, name)| name)
    }

    /// Settings that flags of their own give, by name.
    pub fn named(&self) -> Map<String, Value> {
        let named = [
            ("T", self.instructions.map(|instructions| json!(instructions.values()))),
            ("time_limit", self.time_limit.map(Value::from)),
            ("reward", self.reward.map(|reward| json!(reward))),
            ("tolerance", self.tolerance.map(Value::from)),
            ("holdout", self.holdout.map(Value::from)),
        ];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }

    /// Gives the settings by name.
    fn settings(&self) -> Map<String, Value> {
        self.named().into_iter().chain(self.others.iter().cloned()).collect()
    }
}

/// The name of the environment that is meant where none is named: the first of the registry.
///
/// # Errors
/// If the registry is empty.
pub fn default(registry: &Registry) -> Result<&'static str, CliError> {
    let first = registry.descriptions().next().map(|description| description.id);
    first.ok_or_else(|| CliError::usage("this program has no environment"))
}

/// The environment `id`, or else the first of the registry, with what the flags said.
///
/// # Errors
/// If it has no such setting, or they make no task, with the flag that is to blame.
pub fn configure(registry: &Registry, id: Option<&str>, given: Given<'_>) -> Result<Configured, CliError> {
    let id = id.map_or_else(|| default(registry), Ok)?;
    if let Some(name) = given.twice() {
        return Err(CliError::usage(format!("--set: {name} is given twice")));
    }
    registry.configure(id, given.settings()).map_err(|error| match &error {
        RegistryError::NoSuchSetting { setting, .. } => {
            let flag = if given.others.iter().any(|(name, _)| name == setting) { "set" } else { setting };
            CliError::usage(&error).about(&flag_of(flag))
        }
        RegistryError::NoTask { .. } => {
            let unlimited = registry.configure(id, Given { time_limit: None, ..given }.settings()).ok();
            let limit = given.time_limit.filter(|_| unlimited.is_some()).map(|limit| format!("--time-limit {limit}"));
            let default = unlimited.map(|unlimited| Instructions::written(unlimited.instructions()));
            let values =
                given.instructions.map(Instructions::to_string).or(default).map(|values| format!("--T {values}"));
            let flags: Vec<String> = limit.into_iter().chain(values).collect();
            refused(&flags.join(" with "), &error)
        }
        RegistryError::Unreadable { .. } => refused("--set", &error),
        RegistryError::Unknown { .. } | RegistryError::NoId => refused("--env", &error),
    })
}

fn refused(flags: &str, error: &impl Display) -> CliError {
    CliError::usage(if flags.is_empty() { error.to_string() } else { format!("{flags}: {error}") })
}

/// Gives the flag of a setting.
fn flag_of(setting: &str) -> String {
    format!("--{}", setting.replace('_', "-"))
}

/// A setting as `--set` takes it, `NAME=VALUE`: a value is JSON, or else a word.
pub fn setting(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("must be NAME=VALUE")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.to_owned(), value))
}

/// The command in which `--env` takes the names of `registry`, and says which is the default.
pub fn offer(command: Command, registry: &Registry) -> Command {
    let names: Vec<&'static str> = registry.descriptions().map(|description| description.id).collect();
    offer_names(command, &names)
}

fn offer_names(command: Command, names: &[&'static str]) -> Command {
    let named = |argument: clap::Arg| {
        if argument.get_id() != ENV {
            return argument;
        }
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let default = names.first().map_or(String::new(), |first| format!(" [default: {first}]"));
        argument.value_parser(PossibleValuesParser::new(names.to_vec())).help(help + &default)
    };
    command.mut_args(named).mut_subcommands(|command| offer_names(command, names))
}
