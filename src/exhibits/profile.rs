//! A configuration as hyperparameters.

use gridworld_agents::config::{AgentName, Config};
use gridworld_agents::records::{Profile, Setting};
use serde_json::{Value, json};

use crate::run_config::{RunConfig, written};

/// The hyperparameters of a run, and the columns that every run has: those of all agents.
pub fn profile(config: &RunConfig) -> Profile {
    let own = settings(&document(&config.environment, &config.config));
    let mut all = own.clone();
    for agent in AgentName::ALL.into_iter().filter(|agent| agent.learns()) {
        for (name, setting) in settings(&document(&config.environment, &Config::of(agent))) {
            if !all.iter().any(|(known, _)| *known == name) {
                all.push((name, setting));
            }
        }
    }
    Profile { own, all }
}

fn document(environment: &impl serde::Serialize, config: &Config) -> Value {
    json!({
        "environment": written(environment),
        "agent": config.agent,
        "model": written(&config.model),
        "training": written(&config.training),
    })
}

/// The single values of a document by their names, the last parts of their paths: those are different. Lists are words.
fn settings(document: &Value) -> Vec<(String, Setting)> {
    fn walk(name: &str, value: &Value, found: &mut Vec<(String, Setting)>) {
        let setting = match value {
            Value::Object(fields) => {
                return fields.iter().for_each(|(part, value)| walk(&named(name, part), value, found));
            }
            Value::Null => return,
            Value::Bool(on) => Setting::Switch(*on),
            Value::Number(number) => Setting::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(word) => Setting::Word(word.clone()),
            list => Setting::Word(list.to_string()),
        };
        found.push((name.to_owned(), setting));
    }
    let mut found = Vec::new();
    walk("", document, &mut found);
    found
}

/// A part's name in its parent: `environment` and `training` go without saying.
fn named(parent: &str, part: &str) -> String {
    match parent {
        "" | "environment" | "model" | "training" => part.to_owned(),
        _ => format!("{parent}.{part}"),
    }
}
