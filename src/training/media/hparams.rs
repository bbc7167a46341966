//! A configuration as hyperparameters.

use gridworld_agents::{AgentName, Config};
use gridworld_records::{Column, HParamValue, HParams, Place};
use serde_json::{Value, json};

use super::layout::{charts, scores};
use crate::run::configuration::{RunConfig, written};
use crate::run::settings::{Lists, flattened};

/// Hyperparameters that runs mostly differ in.
const FIRST: [&str; 6] = ["T", "agent", "entropy", "learning_rate", "seed", "steps"];

/// The hyperparameters of a run, and the columns that every run has: those of all agents.
pub fn hparams(config: &RunConfig) -> HParams {
    let own = settings(&document(&config.environment, &config.config));
    let others = AgentName::ALL.into_iter().filter(|agent| agent.learns()).map(Config::of);
    let others = others.flat_map(|other| settings(&document(&config.environment, &other)));
    let mut columns: Vec<Column> = Vec::new();
    for (name, example) in own.iter().cloned().chain(others) {
        if !columns.iter().any(|column| column.name == name) {
            let place = if FIRST.contains(&name.as_str()) { Place::First } else { Place::Later };
            columns.push(Column { name, example, place });
        }
    }
    HParams { own, columns, scores: scores(), charts: charts() }
}

fn document(environment: &impl serde::Serialize, config: &Config) -> Value {
    json!({
        "environment": written(environment),
        "agent": config.agent,
        "model": written(&config.model),
        "training": written(&config.training),
    })
}

/// The single values of a document by their names. Lists are words.
fn settings(document: &Value) -> Vec<(String, HParamValue)> {
    let setting = |(place, value): (String, Value)| {
        let setting = match value {
            Value::Null | Value::Object(_) => return None,
            Value::Bool(on) => HParamValue::Switch(on),
            Value::Number(number) => HParamValue::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(word) => HParamValue::Word(word),
            Value::Array(parts) => HParamValue::Word(parts.iter().map(short).collect::<Vec<_>>().join(", ")),
        };
        Some((named(&place).to_owned(), setting))
    };
    flattened(document, Lists::Whole).into_iter().filter_map(setting).collect()
}

/// A list's part in a few letters: of a convolution its channels, kernel and stride.
fn short(part: &Value) -> String {
    match part {
        Value::Object(fields) => fields.values().map(Value::to_string).collect::<Vec<_>>().join("/"),
        other => other.to_string(),
    }
}

/// A value's name by its place: `environment`, `model` and `training` go without saying.
fn named(place: &str) -> &str {
    match place.split_once('.') {
        Some(("environment" | "model" | "training", name)) => named(name),
        _ => place,
    }
}
