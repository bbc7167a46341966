//! Parsers of the values of arguments, and the errors of command lines.

use std::any::TypeId;
use std::ffi::OsString;
use std::ops::RangeInclusive;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use gridworld_agents::cores::CoreName;
use gridworld_agents::{
    Advantages, AgentName, Calibration, FeedbackInput, InstructionInput, Mode, OnNan, OptimizerConfig, Read, Rounding,
    Schedule,
};
use gridworld_envs::Reward;
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::CliError;

/// A parser that takes the names of `all`, and so can say which name was nearly written.
pub fn choices<T: Copy + Send + Sync + 'static, const N: usize>(
    all: &[(T, &'static str); N],
) -> impl TypedValueParser<Value = T> + use<T, N> {
    let all = *all;
    PossibleValuesParser::new(all.map(|(_, name)| name)).map(move |written| {
        let chosen = all.iter().find(|(_, name)| *name == written);
        chosen.map(|&(value, _)| value).expect("only names of the list pass")
    })
}

/// Parses the name of an agent.
pub fn agents() -> impl TypedValueParser<Value = AgentName> {
    choices(&AgentName::ALL.map(|agent| (agent, agent.as_str())))
}

/// Parses the name of a recurrent core.
pub fn cores() -> impl TypedValueParser<Value = CoreName> {
    choices(&CoreName::ALL.map(|core| (core, core.as_str())))
}

/// Parses a reading of the feedback loop.
pub fn readings() -> impl TypedValueParser<Value = FeedbackInput> {
    choices(&FeedbackInput::ALL.map(|reading| (reading, reading.as_str())))
}

/// Parses the steps in which the core is told the instruction.
pub fn told() -> impl TypedValueParser<Value = InstructionInput> {
    choices(&[
        (InstructionInput::Always, "always"),
        (InstructionInput::Start, "first"),
        (InstructionInput::Never, "never"),
    ])
}

/// Parses what the core reads of a counter.
pub fn counter_inputs() -> impl TypedValueParser<Value = Read> {
    choices(&[(Read::Tanh, "tanh"), (Read::Linear, "linear")])
}

/// Parses the start of vision.
pub fn calibrations() -> impl TypedValueParser<Value = Calibration> {
    choices(&[(Calibration::Whitened, "whitened"), (Calibration::Scaled, "scaled")])
}

/// Parses a mode of exchange.
pub fn modes() -> impl TypedValueParser<Value = Mode> {
    choices(&[(Mode::Async, "async"), (Mode::Sync, "sync")])
}

/// Parses the response to a number that is not finite.
pub fn on_nan() -> impl TypedValueParser<Value = OnNan> {
    choices(&[(OnNan::Stop, "stop"), (OnNan::Rollback, "rollback")])
}

/// Parses the name of a reward.
pub fn rewards() -> impl TypedValueParser<Value = Reward> {
    choices(&Reward::ALL.map(|reward| (reward, reward.as_str())))
}

/// Parses an optimizer, with its usual constants.
pub fn optimizers() -> impl TypedValueParser<Value = OptimizerConfig> {
    choices(&[(OptimizerConfig::ADAM, "adam"), (OptimizerConfig::RMSPROP, "rmsprop")])
}

/// Parses the course of a number over the training.
pub fn schedules() -> impl TypedValueParser<Value = Schedule> {
    choices(&[(Schedule::Linear, "linear"), (Schedule::Constant, "constant")])
}

/// Parses the condition of a rounding.
pub fn roundings() -> impl TypedValueParser<Value = Rounding> {
    choices(&[(Rounding::Scheduled, "scheduled"), (Rounding::Validated, "validated")])
}

/// Parses the treatment of advantages.
pub fn advantages() -> impl TypedValueParser<Value = Advantages> {
    choices(&[(Advantages::Normalized, "normalized"), (Advantages::Raw, "raw")])
}

/// A parser of whole numbers in `range`, as people write them: 4000000, 4_000_000 and 4e6 are the same.
pub fn whole<T: TryFrom<u64> + 'static>(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| {
        let plain = text.replace('_', "");
        let too_small = || Err(format!("must be at least {}", grouped(*range.start())));
        let too_great = || Err(format!("must be at most {}", grouped(*range.end())));
        let value = match (plain.parse::<u64>(), plain.parse::<f64>()) {
            (Ok(value), _) => value,
            // Not what is called inf or NaN.
            (_, Ok(_)) if !plain.contains(|character: char| character.is_ascii_digit()) => {
                return Err("must be a whole number".to_owned());
            }
            (_, Ok(value)) if value.is_finite() && value.fract() != 0.0 => {
                return Err("must be a whole number".to_owned());
            }
            (_, Ok(value)) if value < 0.0 => return too_small(),
            // The first number that has no room.
            (_, Ok(value)) if value >= u64::MAX as f64 => return too_great(),
            (_, Ok(value)) => value as u64,
            (_, Err(_)) => return Err("must be a whole number".to_owned()),
        };
        match T::try_from(value) {
            _ if value < *range.start() => too_small(),
            Ok(number) if value <= *range.end() => Ok(number),
            _ => too_great(),
        }
    }
}

/// Parses a whole number of at least 1.
pub fn positive(text: &str) -> Result<u64, String> {
    whole(1..=u64::MAX)(text)
}

/// Parses a seed.
pub fn seed(text: &str) -> Result<u64, String> {
    whole(0..=u64::MAX)(text)
}

/// A whole number of at least 1 that counts things in memory.
pub fn count(text: &str) -> Result<usize, String> {
    whole(1..=MOST)(text)
}

/// Parses a number of seeds: each has a place in memory.
pub fn seeds(text: &str) -> Result<u64, String> {
    whole(1..=MOST)(text)
}

/// Parses the steps that an episode can have.
pub fn time_limit(text: &str) -> Result<u32, String> {
    whole(1..=u64::from(u32::MAX))(text)
}

/// Parses a share that is kept apart: from 0 to less than 1.
pub fn holdout(text: &str) -> Result<f64, String> {
    let inside = |value: &f64| (0.0..1.0).contains(value);
    number(text).and_then(|value| Some(value).filter(inside).ok_or("must be at least 0 and less than 1".to_owned()))
}

/// Steps by which a success may be early or late.
pub fn tolerance(text: &str) -> Result<u32, String> {
    whole(0..=10_000)(text)
}

/// The most things that are kept in memory because a flag asks for them.
const MOST: u64 = 1 << 20;

/// Parses a number above 0.
pub fn above_zero(text: &str) -> Result<f64, String> {
    number(text).and_then(|value| if value > 0.0 { Ok(value) } else { Err("must be above 0".to_owned()) })
}

/// Parses a number of at least 0.
pub fn weight(text: &str) -> Result<f32, String> {
    not_negative(text).map(|value| value as f32)
}

/// Parses a number of at least 0.
pub fn not_negative(text: &str) -> Result<f64, String> {
    number(text).and_then(|value| if value >= 0.0 { Ok(value) } else { Err("must be at least 0".to_owned()) })
}

/// Parses a number from 0 to 1.
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
        _ => Err("must be two fractions of training such as 0.3..0.6".to_owned()),
    }
}

/// Some of the updates of a training: A..B with A ≤ B.
pub fn updates(text: &str) -> Result<(u64, u64), String> {
    let ends = text.split_once("..").map(|(from, to)| (positive(from), positive(to)));
    match ends {
        Some((Ok(from), Ok(to))) if from <= to => Ok((from, to)),
        _ => Err("must be a range of updates such as 2e6..3e6".to_owned()),
    }
}

/// Parses a number above 0 and at most 1.
pub fn share(text: &str) -> Result<f64, String> {
    let inside = |value: &f64| *value > 0.0 && *value <= 1.0;
    number(text).and_then(|value| Some(value).filter(inside).ok_or("must be above 0 and at most 1".to_owned()))
}

fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(value) if !value.is_nan() => Err("must be finite".to_owned()),
        _ => Err("must be a number".to_owned()),
    }
}

/// The flags of `command` itself that the user wrote, as opposed to those that have their defaults.
pub fn given(command: &clap::Command, matches: &clap::ArgMatches) -> Vec<String> {
    let own = command.get_arguments().filter(|argument| !argument.is_global_set());
    let ids = own.map(|argument| argument.get_id().as_str());
    let written = ids.filter(|id| matches.value_source(id) == Some(ValueSource::CommandLine));
    written.map(str::to_owned).collect()
}

/// Parses a command line with `command`.
///
/// # Errors
/// If it is wrong, in one line; and if help or the version is asked for.
pub fn parsed(command: &mut Command, words: &[OsString]) -> Result<ArgMatches, CliError> {
    command.try_get_matches_from_mut(words).map_err(|error| refused(command, words, error))
}

/// Gives the message of the parser of `command` about these words, on one line: its message and its hint, without the
/// usage.
pub fn refused(command: &clap::Command, words: &[OsString], error: clap::Error) -> CliError {
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    if matches!(error.kind(), DisplayHelp | DisplayVersion | DisplayHelpOnMissingArgumentOrSubcommand) {
        return CliError::Shown(error);
    }
    if error.kind() == clap::error::ErrorKind::InvalidUtf8 {
        // The parser does not say which: paths may be any bytes.
        let odd = words.iter().filter(|word| word.to_str().is_none());
        let odd = odd.map(|word| word.as_encoded_bytes().escape_ascii().to_string()).collect::<Vec<_>>().join(" ");
        return CliError::Usage(format!("{odd}: invalid UTF-8; only paths can be any bytes"));
    }
    if let Some((flag, value)) = flag_without_value(command, words, &error) {
        return CliError::Usage(format!(
            "{flag}: a value is missing, as {value} looks like a flag; if it is the value, write {flag}={value}"
        ));
    }
    let text = error.render().to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"));
    let said = lines.collect::<Vec<_>>().join(" ").replace(" tip: ", "; ");
    CliError::Usage(said.trim_start_matches("error: ").to_owned())
}

/// The command in which what begins with a minus is the value of the flag before it, so that what is said of it names that
/// flag; unless any words or paths are its values.
pub fn with_negative_numbers(command: Command) -> Command {
    let hyphened = |argument: Arg| {
        let is_option = !argument.is_positional() && argument.get_action().takes_values();
        if is_option && !is_word(&argument) { argument.allow_hyphen_values(true) } else { argument }
    };
    command.mut_args(hyphened).mut_subcommands(with_negative_numbers)
}

/// Tells whether an argument has values, and any that the user likes.
pub fn is_free(argument: &Arg) -> bool {
    argument.get_action().takes_values() && argument.get_possible_values().is_empty()
}

/// Tells whether the values of an argument are words or paths.
pub fn is_word(argument: &Arg) -> bool {
    let kind = argument.get_value_parser().type_id();
    [TypeId::of::<String>(), TypeId::of::<std::path::PathBuf>(), TypeId::of::<OsString>()]
        .iter()
        .any(|word| kind == *word)
}

/// The flag that `error` is about, if it takes a word as a flag that stands where a value of another flag is awaited:
/// `--name -x`.
fn flag_without_value(command: &Command, words: &[OsString], error: &clap::Error) -> Option<(String, String)> {
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else { return None };
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let place = words.iter().position(|word| word.starts_with(unknown.as_str()))?;
    let command = words[..place].iter().fold(command, |command, word| command.find_subcommand(word).unwrap_or(command));
    let flag = words.get(place.checked_sub(1)?)?.strip_prefix("--")?;
    let known = command.get_arguments().find(|argument| argument.get_long() == Some(flag))?;
    known.get_action().takes_values().then(|| (format!("--{flag}"), words[place].clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_taken_as_people_write_them_and_refused_with_the_reason() {
        for (text, value) in [("1", 1), ("4_000_000", 4_000_000), ("4e6", 4_000_000), ("1e16", 10_000_000_000_000_000)]
        {
            assert_eq!(positive(text), Ok(value), "{text}");
        }
        assert_eq!(positive("18446744073709551615"), Ok(u64::MAX));
        let (whole, small) = ("must be a whole number", "must be at least 1");
        let great = "must be at most 18,446,744,073,709,551,615";
        let rows = [
            ("", whole),
            ("many", whole),
            ("1.5", whole),
            ("-1.5", whole),
            ("NaN", whole),
            ("inf", whole),
            ("-inf", whole),
            ("0x10", whole),
            ("0", small),
            ("-1", small),
            ("-1e400", small),
            ("18446744073709551616", great),
            ("1e20", great),
            ("1e400", great),
        ];
        for (text, reason) in rows {
            assert_eq!(positive(text), Err(reason.to_owned()), "{text}");
        }
        assert_eq!((count("1048576"), count("1048577")), (Ok(1 << 20), Err("must be at most 1,048,576".to_owned())));
        assert_eq!((tolerance("0"), time_limit("5e9")), (Ok(0), Err("must be at most 4,294,967,295".to_owned())));
    }
}
