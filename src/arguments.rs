//! What the argument parser is told about our own types.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::parser::ValueSource;
use gridworld_agents::config::{Advantages, AgentName, Mode, OnNan, OptimizerConfig, Reading, Schedule, When};
use gridworld_envs::timed_arrival::Reward;

use crate::environment::EnvironmentName;

/// A parser that takes the names of `all`, and so can say which name was nearly written.
pub fn choices<T: Copy + Send + Sync + 'static>(all: &'static [(T, &'static str)]) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(all.iter().map(|&(_, name)| name)).map(move |written| {
        let chosen = all.iter().find(|(_, name)| *name == written);
        chosen.map(|&(value, _)| value).expect("only names of the list pass")
    })
}

/// The agents.
pub fn agents() -> impl TypedValueParser<Value = AgentName> {
    PossibleValuesParser::new(AgentName::ALL.map(AgentName::as_str)).map(|written| {
        let chosen = AgentName::ALL.into_iter().find(|agent| agent.as_str() == written);
        chosen.expect("only names of the list pass")
    })
}

/// The environments.
pub fn environments() -> impl TypedValueParser<Value = EnvironmentName> {
    PossibleValuesParser::new(EnvironmentName::ALL.map(EnvironmentName::as_str)).map(|written| {
        let chosen = EnvironmentName::ALL.into_iter().find(|name| name.as_str() == written);
        chosen.expect("only names of the list pass")
    })
}

/// The readings of the feedback loop.
pub fn readings() -> impl TypedValueParser<Value = Reading> {
    PossibleValuesParser::new(Reading::ALL.map(Reading::as_str)).map(|written| {
        let chosen = Reading::ALL.into_iter().find(|reading| reading.as_str() == written);
        chosen.expect("only names of the list pass")
    })
}

/// When the LSTM is told the instruction.
pub fn told() -> impl TypedValueParser<Value = When> {
    choices(&[(When::Always, "always"), (When::First, "first"), (When::Never, "never")])
}

/// The modes of exchange.
pub fn modes() -> impl TypedValueParser<Value = Mode> {
    choices(&[(Mode::Async, "async"), (Mode::Sync, "sync")])
}

/// What is done about a number that is not finite.
pub fn on_nan() -> impl TypedValueParser<Value = OnNan> {
    choices(&[(OnNan::Stop, "stop"), (OnNan::Rollback, "rollback")])
}

/// The rewards, of every environment.
pub const REWARDS: &[(Reward, &str)] = &[(Reward::Graded, "graded"), (Reward::Exact, "exact")];

/// A reward's name.
pub fn reward_name(reward: Reward) -> &'static str {
    REWARDS.iter().find(|(other, _)| *other == reward).map_or("", |(_, name)| name)
}

/// The rewards.
pub fn rewards() -> impl TypedValueParser<Value = Reward> {
    choices(REWARDS)
}

/// The optimizers, with their usual constants.
pub fn optimizers() -> impl TypedValueParser<Value = OptimizerConfig> {
    choices(&[(OptimizerConfig::ADAM, "adam"), (OptimizerConfig::RMSPROP, "rmsprop")])
}

/// The schedules of the learning rate.
pub fn schedules() -> impl TypedValueParser<Value = Schedule> {
    choices(&[(Schedule::Linear, "linear"), (Schedule::Constant, "constant")])
}

/// What is done to advantages.
pub fn advantages() -> impl TypedValueParser<Value = Advantages> {
    choices(&[(Advantages::Normalized, "normalized"), (Advantages::Raw, "raw")])
}

/// A whole number of at least 1.
pub fn positive(text: &str) -> Result<u64, String> {
    // 4e6 and 4_000_000 are how people write steps.
    let plain = text.replace('_', "");
    let value = plain.parse::<u64>().ok().or_else(|| {
        let value = plain.parse::<f64>().ok()?;
        (value.fract() == 0.0 && (0.0..1e15).contains(&value)).then_some(value as u64)
    });
    match value {
        Some(0) => Err("must be at least 1".to_owned()),
        Some(value) => Ok(value),
        None => Err("is not a whole number".to_owned()),
    }
}

/// A whole number of at least 1 that counts things in memory.
pub fn count(text: &str) -> Result<usize, String> {
    match positive(text)? {
        value if value <= 1 << 20 => Ok(value as usize),
        _ => Err(format!("must be at most {}", 1 << 20)),
    }
}

/// A number above 0.
pub fn above_zero(text: &str) -> Result<f64, String> {
    number(text).and_then(|value| if value > 0.0 { Ok(value) } else { Err("must be above 0".to_owned()) })
}

/// A number of at least 0.
pub fn weight(text: &str) -> Result<f32, String> {
    number(text).and_then(|value| if value >= 0.0 { Ok(value as f32) } else { Err("must be at least 0".to_owned()) })
}

/// A number from 0 to 1.
pub fn fraction(text: &str) -> Result<f32, String> {
    number(text).and_then(|value| {
        if (0.0..=1.0).contains(&value) { Ok(value as f32) } else { Err("must be from 0 to 1".to_owned()) }
    })
}

/// A part of the training, as shares of its steps: A..B with 0 ≤ A ≤ B ≤ 1.
pub fn stretch(text: &str) -> Result<(f64, f64), String> {
    let ends = text.split_once("..").map(|(from, to)| (number(from), number(to)));
    match ends {
        Some((Ok(from), Ok(to))) if 0.0 <= from && from <= to && to <= 1.0 => Ok((from, to)),
        _ => Err("is not a part of the training such as 0.3..0.6, from 0 to 1".to_owned()),
    }
}

/// Some of the updates of a training: A..B with A ≤ B.
pub fn updates(text: &str) -> Result<(u64, u64), String> {
    let ends = text.split_once("..").map(|(from, to)| (positive(from), positive(to)));
    match ends {
        Some((Ok(from), Ok(to))) if from <= to => Ok((from, to)),
        _ => Err("are not updates such as 2e6..3e6".to_owned()),
    }
}

/// A number above 0 and at most 1.
pub fn share(text: &str) -> Result<f64, String> {
    let inside = |value: &f64| *value > 0.0 && *value <= 1.0;
    number(text).and_then(|value| Some(value).filter(inside).ok_or("must be above 0 and at most 1".to_owned()))
}

fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err("is not a number".to_owned()),
    }
}

/// The flags of `command` itself that the user wrote, as opposed to those that have their defaults.
pub fn given(command: &clap::Command, matches: &clap::ArgMatches) -> Vec<String> {
    let own = command.get_arguments().filter(|argument| !argument.is_global_set());
    let ids = own.map(|argument| argument.get_id().as_str());
    let written = ids.filter(|id| matches.value_source(id) == Some(ValueSource::CommandLine));
    written.map(str::to_owned).collect()
}
