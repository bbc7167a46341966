//! The flags of a run that goes on: those that it takes anew, and those that must say what the run has.

use std::path::Path;

use gridworld_agents::AgentName;
use gridworld_terminal::program::CliError;
use serde_json::{Value, json};

use super::Arguments;
use super::flags::{FREE, place, spelled, without_effect};
use crate::run::configuration::RunConfig;

/// Flags that say what the run has anyway are fine; the first that says something else is refused.
pub fn check_flags(arguments: &Arguments, given: &[String], path: &Path, config: &RunConfig) -> Result<(), CliError> {
    let kept: Vec<&String> = given.iter().filter(|flag| !FREE.contains(&flag.as_str())).collect();
    if kept.is_empty() {
        return Ok(());
    }
    let agent = if given.iter().any(|flag| flag == "agent") { arguments.agent } else { config.config.agent };
    let asked = asked(arguments, agent)?;
    let mut has = has(path, config)?;
    let own = |(name, _): &(String, Value)| Some((name.clone(), config.environment.setting(name)?.clone()));
    has["set"] = arguments.set.iter().filter_map(own).collect();
    if let Some(reason) = kept.iter().find_map(|flag| without_effect(&spelled(flag), config.config.agent)) {
        return Err(CliError::Usage(reason));
    }
    for flag in kept {
        let place = place(flag);
        let own = place.as_ref().and_then(|place| has.pointer(place));
        if place.as_ref().is_some_and(|place| own == asked.pointer(place)) {
            continue;
        }
        let own = match own {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Object(fields)) => fields.get("name").and_then(Value::as_str).unwrap_or("another").to_owned(),
            Some(value) => value.to_string(),
            None => "none".to_owned(),
        };
        return Err(CliError::usage(format!(
            "{}: the run has {own}, which cannot change on --resume; drop the flag, or start a new run",
            spelled(flag)
        )));
    }
    Ok(())
}

/// Gives the values of the flags, in the form of `config.json`.
fn asked(arguments: &Arguments, agent: AgentName) -> Result<Value, CliError> {
    let mut document = serde_json::to_value(arguments.configuration(agent)?).map_err(CliError::failed)?;
    document["environment"] = json!({
        "id": arguments.env,
        "T": arguments.instructions.as_ref().map(ToString::to_string),
        "reward": arguments.reward,
        "time_limit": arguments.time_limit,
        "tolerance": arguments.tolerance,
        "holdout": arguments.holdout,
    });
    document["set"] = Value::Object(arguments.set.iter().cloned().collect());
    document["runs"] = json!(arguments.runs.canonicalize().ok().as_deref().map(Path::to_string_lossy));
    document["name"] = json!(arguments.name);
    Ok(document)
}

/// Gives the values of the run, in the form of `config.json`, and its place.
fn has(path: &Path, config: &RunConfig) -> Result<Value, CliError> {
    let mut document = serde_json::to_value(config).map_err(CliError::failed)?;
    let path = path.canonicalize().map_err(CliError::failed)?;
    document["runs"] = json!(path.parent().map(Path::to_string_lossy));
    document["name"] = json!(path.file_name().map(|name| name.to_string_lossy()));
    Ok(document)
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command};

    use super::super::flags::{flag_of, renamed, setting_of, without_effect};
    use super::*;

    #[test]
    fn every_flag_of_train_is_free_or_kept() {
        let command = Arguments::augment_args(Command::new("train"));
        let flags: Vec<&str> = command.get_arguments().map(|argument| argument.get_id().as_str()).collect();
        assert!(flags.len() > 30);
        for flag in flags {
            // Steps and the like are fields, too.
            assert!(FREE.contains(&flag) || place(flag).is_some(), "{flag}");
            let field = place(flag).map(|place| place[1..].replace('/', "."));
            assert!(field.is_none_or(|field| flag_of(&field) == Some(spelled(flag))), "{flag}");
        }
    }

    #[test]
    fn settings_are_named_by_their_flags_where_they_have_some() {
        let rows = [
            ("agent", "--agent"),
            ("environment.T", "--T"),
            ("model.told", "--instruction-input"),
            ("model.feedback.reading", "--feedback-input"),
            ("training.sparsity.discretize", "--round-weights"),
            ("training.sparsity.ramp", "--sparsity-ramp"),
            ("training.sparsity.ramp[1]", "--sparsity-ramp (end)"),
            ("training.until", "--stop-at"),
            ("model.feedback.cell", "model.feedback.cell"),
            ("model.convolutions[0].channels", "model.convolutions[0].channels"),
        ];
        for (field, name) in rows {
            assert_eq!(setting_of(field), name);
        }
    }

    #[test]
    fn a_flag_acts_where_the_agents_configuration_has_its_field() {
        let (mut acting, mut idle) = (0, 0);
        for agent in AgentName::ALL.into_iter().filter(|agent| agent.learns()) {
            let document = serde_json::to_value(gridworld_agents::Config::of(agent)).expect("a document");
            let command = Arguments::augment_args(Command::new("train"));
            for flag in command.get_arguments().map(|argument| argument.get_id().as_str()) {
                let parts = ["/model/feedback/", "/training/sparsity/"];
                let of_a_part = place(flag).filter(|place| parts.iter().any(|part| place.starts_with(part)));
                let acts = of_a_part.is_none_or(|place| document.pointer(&place).is_some());
                assert_eq!(without_effect(&spelled(flag), agent).is_none(), acts, "{flag} of {agent}");
                *if acts { &mut acting } else { &mut idle } += 1;
            }
        }
        // The LSTM has ten idle flags, six of the loop and four of rounding; five other agents have those of rounding.
        assert!(acting > 150 && idle == 30, "{acting} act, {idle} do not");
        assert_eq!(
            without_effect("--units", AgentName::Lstm).as_deref(),
            Some(
                "--units: lstm has no feedback loop; choose lstm-nac, lstm-nalu, lstm-nau, lstm-nmu, lstm-ternary, \
                  lstm-elapsed or lstm-remaining"
            )
        );
    }

    #[test]
    fn flags_are_spelled_as_the_parser_has_them_and_former_names_are_still_parsed() {
        let command = Arguments::augment_args(Command::new("train"));
        let mut former = Vec::new();
        for argument in command.get_arguments().filter(|argument| !argument.is_positional()) {
            let long = argument.get_long().expect("every flag is long");
            assert_eq!(spelled(argument.get_id().as_str()), format!("--{long}"));
            assert_eq!(argument.get_visible_aliases().unwrap_or_default(), Vec::<&str>::new(), "{long}");
            for alias in argument.get_all_aliases().unwrap_or_default() {
                assert_eq!(renamed(&format!("--{alias}")), format!("--{long}"));
                assert_eq!(renamed(&format!("--{alias}=1")), format!("--{long}=1"));
                former.push(alias);
            }
        }
        former.sort_unstable();
        assert_eq!(former, ["discretize", "reading", "told", "until"]);
        assert_eq!(
            (renamed("--T"), renamed("told"), renamed("--instructions")),
            ("--T".into(), "told".into(), "--instructions".into())
        );
    }
}
