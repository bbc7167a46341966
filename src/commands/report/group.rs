//! Runs of one kind, as the page shows them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gridworld_agents::{AgentName, Config};
use gridworld_envs::Configured;
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::CliError;
use serde::Serialize;
use serde_json::Value;

use crate::figure_data::{RunData, Variant};
use crate::run::evaluation::{self, Row};
use crate::run::settings::{Lists, flattened};

/// The settings of a training by name, such as `model.feedback.units`, and what they are.
pub type Settings = BTreeMap<String, String>;

/// Runs of one kind, and all settings but their seeds.
pub struct Group {
    /// Kind of the runs: their name, and the runs.
    pub kind: Variant,
    /// Settings that the runs were trained with.
    pub settings: Settings,
}

impl Group {
    /// Makes the group of a kind.
    ///
    /// # Errors
    /// If a run has no checkpoint.
    pub fn of(kind: Variant) -> Result<Group, CliError> {
        if let Some(run) = kind.runs.iter().find(|run| checkpoint(run).is_none()) {
            let shown = run.path.display();
            return Err(CliError::usage(format!(
                "no checkpoint in {shown}/checkpoints; leave this run out, or train it further"
            )));
        }
        Ok(Group { settings: settings(&kind.runs[0])?, kind })
    }

    /// Gives the name of the group.
    pub fn name(&self) -> &str {
        &self.kind.name
    }

    /// Gives the runs, by seed: at least one.
    pub fn runs(&self) -> &[RunData] {
        &self.kind.runs
    }

    /// Gives the agent.
    pub fn agent(&self) -> AgentName {
        self.runs()[0].agent()
    }

    /// Gives the environment.
    pub fn environment(&self) -> &Configured {
        &self.runs()[0].config.environment
    }

    /// The values of T that any run was evaluated at.
    pub fn evaluated(&self) -> BTreeSet<u32> {
        self.runs().iter().flat_map(|run| run.rows()).map(|row| row.instruction).collect()
    }

    /// The largest T that the best run reaches, and its mean success: what groups are ranked by.
    pub fn rank(&self) -> (Option<u32>, f64) {
        (reach(self.best()), mean_success(self.best()))
    }

    /// The run that counts to the largest T; among equals the one with the most successes, and then the first.
    pub fn best(&self) -> &RunData {
        let better = |run: &&RunData, other: &&RunData| {
            let order = reach(run).cmp(&reach(other)).then(mean_success(run).total_cmp(&mean_success(other)));
            order.then(seed(other).cmp(&seed(run)))
        };
        self.runs().iter().max_by(better).expect("a group has a run")
    }
}

/// Gives a run's seed.
pub fn seed(run: &RunData) -> u64 {
    run.config.config.training.seed
}

/// Gives the name of a run's folder.
pub fn name(run: &RunData) -> String {
    let real = run.path.canonicalize();
    let path = real.as_deref().unwrap_or(&run.path);
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The checkpoint to play: the best, or the last where there is no best one yet.
pub fn checkpoint(run: &RunData) -> Option<&'static Path> {
    let exists = |name: &&str| run.path.join(format!("checkpoints/{name}.safetensors")).exists();
    ["best", "last"].into_iter().find(exists).map(Path::new)
}

/// Gives the row of an evaluated T.
pub fn row(run: &RunData, instruction: u32) -> Option<&Row> {
    run.rows().iter().find(|row| row.instruction == instruction)
}

/// Gives the largest T that a run counts to.
pub fn reach(run: &RunData) -> Option<u32> {
    evaluation::reach(run.rows(), run.instructions())
}

/// Gives the mean success over all evaluated T.
fn mean_success(run: &RunData) -> f64 {
    let sum: f64 = run.rows().iter().map(|row| row.success_of_feasible).sum();
    sum / run.rows().len().max(1) as f64
}

/// The names of the settings that are not the same everywhere.
pub fn differing(all: &[&Settings]) -> BTreeSet<String> {
    let names = all.iter().flat_map(|settings| settings.keys());
    names.filter(|name| all.iter().any(|settings| settings.get(*name) != all[0].get(*name))).cloned().collect()
}

/// Gives the settings of a run's training, without its seed.
fn settings(run: &RunData) -> Result<Settings, CliError> {
    #[derive(Serialize)]
    struct Setup<'a> {
        environment: &'a Configured,
        #[serde(flatten)]
        config: &'a Config,
    }
    let setup = Setup { environment: &run.config.environment, config: &run.config.config };
    let mut settings = named(&serde_json::to_value(setup).map_err(CliError::failed)?);
    settings.remove("training.seed");
    Ok(settings)
}

/// Gives the single values of a document as words.
fn named(document: &Value) -> Settings {
    let words = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => "none".to_owned(),
        other => shown(&other),
    };
    flattened(document, Lists::Whole).into_iter().map(|(name, value)| (name, words(value))).collect()
}

/// Numbers of 32 bits are written with no more digits than they have.
fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) if number.is_f64() => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            let short = number as f32;
            if f64::from(short) == number { short.to_string() } else { number.to_string() }
        }
        Value::Number(number) if number.is_u64() => grouped(number.as_u64().unwrap_or_default()),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_have_names_with_dots_and_short_numbers() {
        let document = serde_json::json!({
            "agent": "lstm", "model": {"gain": f64::from(0.3_f32), "feedback": null},
            "convolutions": [{"channels": 16}, {"channels": 32}], "rate": 0.008, "steps": 600_000,
        });
        let settings = named(&document);
        let found: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let expected = [
            ("agent", "lstm"),
            ("convolutions", "channels 16, channels 32"),
            ("model.feedback", "none"),
            ("model.gain", "0.3"),
            ("rate", "0.008"),
            ("steps", "600,000"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_differs_is_found_on_either_side() {
        let settings = |rows: &[(&str, &str)]| -> Settings {
            rows.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let [one, two] = [settings(&[("a", "1"), ("b", "2")]), settings(&[("a", "1"), ("b", "3"), ("c", "4")])];
        assert_eq!(differing(&[&one, &two]), BTreeSet::from(["b".to_owned(), "c".to_owned()]));
        assert_eq!(differing(&[&one, &one]), BTreeSet::new());
    }
}
