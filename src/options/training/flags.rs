//! The flags by name: those that a run that goes on takes anew, and where `config.json` has what the others say.

use clap::{Args as _, Command};
use gridworld_agents::{AgentName, Config};

use super::Arguments;

/// Flags that a resumed run takes anew, whatever it had before.
pub const FREE: &[&str] = &["resume", "steps", "until", "on_nan", "device", "json", "quiet"];

/// Flags of the environment, of the folder, and those that do not bear the name of their field in the configuration, with
/// its place in `config.json`.
const OTHERWISE: &[(&str, &str)] = &[
    ("agent", "/agent"),
    ("env", "/environment/id"),
    ("instructions", "/environment/T"),
    ("reward", "/environment/reward"),
    ("time_limit", "/environment/time_limit"),
    ("tolerance", "/environment/tolerance"),
    ("holdout", "/environment/holdout"),
    ("set", "/set"),
    ("read", "/model/feedback/read"),
    ("calibration", "/model/vision/calibration"),
    ("frozen", "/model/vision/frozen"),
    ("sparsity", "/training/sparsity/weight"),
    ("sparsity_ramp", "/training/sparsity/ramp"),
    ("discretize", "/training/sparsity/discretize"),
    ("rounding", "/training/sparsity/rounding"),
    ("runs", "/runs"),
    ("name", "/name"),
];

/// Parts of the configuration whose fields have flags of the same names.
const PARTS: [&str; 3] = ["/training", "/model", "/model/feedback"];

/// Returns the place in `config.json` of what the flag `name` says, if it is one that a run keeps.
pub fn place(name: &str) -> Option<String> {
    if let Some((_, place)) = OTHERWISE.iter().find(|(flag, _)| *flag == name) {
        return Some((*place).to_owned());
    }
    // This agent has every field.
    let document = serde_json::to_value(Config::of(AgentName::LstmNau)).unwrap_or_default();
    PARTS.map(|part| format!("{part}/{name}")).into_iter().find(|place| document.pointer(place).is_some())
}

/// The flag that says what `config.json` has in `field`, such as `training.envs`, if one does.
pub fn flag_of(field: &str) -> Option<String> {
    let wanted = format!("/{}", field.replace('.', "/"));
    let otherwise = OTHERWISE.iter().find(|(_, place)| *place == wanted).map(|(flag, _)| *flag);
    let name = otherwise.or(field.rsplit('.').next())?;
    // Not every field has a flag.
    let command = Arguments::augment_args(Command::new("train"));
    let is_flag = command.get_arguments().any(|argument| argument.get_id() == name);
    place(name).filter(|place| is_flag && *place == wanted).map(|_| spelled(name))
}

/// Names what `config.json` has in `field`, for people: by the flag that says it, and else by the field.
pub fn setting_of(field: &str) -> String {
    // The list that has a flag is a range.
    let ends = [("[0]", " (start)"), ("[1]", " (end)")];
    let end = ends.into_iter().find_map(|(index, end)| Some((field.strip_suffix(index)?, end)));
    let (whole, end) = end.unwrap_or((field, ""));
    flag_of(whole).map_or(field.to_owned(), |flag| flag + end)
}

/// Flags that are not spelled as their fields are, by their names in the argument parser.
const SPELLED: [(&str, &str); 8] = [
    ("read", "--counter-input"),
    ("calibration", "--vision-calibration"),
    ("frozen", "--freeze-vision"),
    ("instructions", "--T"),
    ("told", "--instruction-input"),
    ("reading", "--feedback-input"),
    ("discretize", "--round-weights"),
    ("until", "--stop-at"),
];

/// Fields by whose names flags were once typed.
const FORMER: [&str; 4] = ["told", "reading", "discretize", "until"];

/// A flag as it is typed, by its name in the argument parser.
pub fn spelled(name: &str) -> String {
    let own = SPELLED.iter().find(|(field, _)| *field == name);
    own.map_or_else(|| format!("--{}", name.replace('_', "-")), |(_, flag)| (*flag).to_owned())
}

/// Explains why `flag`, as it is typed, has no effect on a training of `agent`, if it has none.
pub fn without_effect(flag: &str, agent: AgentName) -> Option<String> {
    let (part, has): (&str, fn(&Config) -> bool) = match flag {
        "--feedback-input" | "--bits" | "--bit-gradient" | "--units" | "--counter-input" | "--gain" => {
            ("has no feedback loop", |config| config.model.feedback.is_some())
        }
        "--sparsity" | "--sparsity-ramp" | "--round-weights" | "--rounding" => {
            ("has no weights that are regularized and rounded", |config| config.training.sparsity.is_some())
        }
        _ => return None,
    };
    if has(&Config::of(agent)) {
        return None;
    }
    let others = AgentName::ALL.into_iter().filter(|other| other.learns() && has(&Config::of(*other)));
    let names: Vec<&str> = others.map(AgentName::as_str).collect();
    let (last, before) = names.split_last()?;
    Some(format!("{flag}: {agent} {part}; choose {} or {last}", before.join(", ")))
}

/// A word of a command line in which a flag's former name is replaced by its present one: folders of suites have both.
pub fn renamed(word: &str) -> String {
    let (flag, value) = word.split_once('=').map_or((word, None), |(flag, value)| (flag, Some(value)));
    let former = SPELLED.iter().find(|(field, _)| FORMER.contains(field) && flag.strip_prefix("--") == Some(field));
    match (former, value) {
        (None, _) => word.to_owned(),
        (Some((_, flag)), None) => (*flag).to_owned(),
        (Some((_, flag)), Some(value)) => format!("{flag}={value}"),
    }
}
