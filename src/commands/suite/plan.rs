//! What a suite consists of.

use std::path::PathBuf;
use std::sync::Arc;

use gridworld_agents::config::AgentName;
use gridworld_agents::records::{FileLock, read_json, write_json};
use serde::{Deserialize, Serialize};

use super::job::Job;
use super::lock;
use super::shard::Shard;
use crate::options::environment::EnvironmentName;
use crate::output::folder::no_folder;
use crate::program::failure::Failure;
use crate::program::shell;

/// One line of the comparison: an agent, and what is different about its training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// What its runs' folders and its line are called.
    pub name: String,
    /// The agent.
    pub agent: AgentName,
    /// Flags of `gridworld train` beyond those of the whole suite.
    pub flags: Vec<String>,
}

impl Variant {
    /// The agent as it is.
    pub fn plain(agent: AgentName) -> Variant {
        Variant { name: agent.to_string(), agent, flags: Vec::new() }
    }

    /// The agent with further flags, written as on a command line.
    pub fn changed(name: &str, agent: AgentName, flags: &str) -> Variant {
        Variant { name: name.to_owned(), agent, flags: flags.split_whitespace().map(str::to_owned).collect() }
    }

    /// Returns the flags of a training of it, which do not say its seed and its folder: its agent, those of the whole
    /// suite and its own; its own values of T take the place of the suite's.
    pub fn flags_of_training(&self, common: &[String]) -> Vec<String> {
        let own = self.flags.iter().any(|flag| flag == "--T");
        let place = common.iter().position(|flag| own && flag == "--T");
        let kept = common.iter().enumerate().filter(|(i, _)| place.is_none_or(|at| *i != at && *i != at + 1));
        let agent = ["--agent".to_owned(), self.agent.to_string()];
        agent.into_iter().chain(kept.map(|(_, flag)| flag.clone())).chain(self.flags.iter().cloned()).collect()
    }
}

/// What the evaluations of a suite are asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The values of T.
    pub instructions: Vec<u32>,
    /// Episodes at each of them.
    pub episodes: u64,
}

/// A suite, checked and ready.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The lines of the comparison.
    pub variants: Vec<Variant>,
    /// The environment, which the ceiling and the floor share.
    pub environment: EnvironmentName,
    /// How many seeds of each: 1, 2, … N.
    pub seeds: u64,
    /// Environment steps of a training of each of the variants.
    pub steps: Vec<u64>,
    /// Flags of every training.
    pub train: Vec<String>,
    /// Flags of every evaluation.
    pub evaluate: Vec<String>,
    /// What these ask.
    pub asked: Arc<Asked>,
    /// Folder of the runs.
    pub runs: PathBuf,
}

/// What must be the same each time that a suite goes on: the contents of `suite.json`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Recipe {
    /// The flags of each training, and of each evaluation.
    train: Vec<String>,
    evaluate: Vec<String>,
    /// Variants with flags of their own; a suite may go on with others beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changed: Vec<Variant>,
}

impl Plan {
    /// Makes the folder, or finds that it belongs to this same suite; no other process has the part `shard` of it as
    /// long as what this gives is kept.
    ///
    /// # Errors
    /// If the folder holds another suite, another process is at work there, or it cannot be written to.
    pub fn claim(&self, shard: Shard) -> Result<Vec<FileLock>, Failure> {
        let shown = self.runs.display();
        std::fs::create_dir_all(&self.runs)
            .map_err(|error| Failure::usage(format!("--runs {shown}: {}", no_folder(&self.runs, &error))))?;
        let locks = lock::take(&self.runs, shard)?;
        let changed = self.variants.iter().filter(|variant| !variant.flags.is_empty()).cloned().collect();
        let recipe = Recipe { train: self.train.clone(), evaluate: self.evaluate.clone(), changed };
        let path = self.runs.join("suite.json");
        if !path.exists() {
            write_json(&path, &recipe).map_err(Failure::failed)?;
            return Ok(locks);
        }
        let known: Recipe = read_json(&path).map_err(Failure::usage)?;
        if known == recipe {
            return Ok(locks);
        }
        let (train, evaluate) = (shell::line(&known.train), shell::line(&known.evaluate));
        let what = if (&known.train, &known.evaluate) == (&recipe.train, &recipe.evaluate) {
            "its variants have other flags; use another folder".to_owned()
        } else {
            format!(
                "its trainings have the flags `{train}` and its evaluations `{evaluate}`; use those, or another folder"
            )
        };
        Err(Failure::usage(format!("--runs {shown}: {what}")))
    }

    /// Returns the trainings of a part of the suite, seed by seed, so that an early look at the table compares all
    /// variants.
    pub fn jobs(&self, shard: Shard) -> Vec<Job> {
        let variants: Vec<Arc<Variant>> = self.variants.iter().cloned().map(Arc::new).collect();
        let trainings = shard.trainings(&self.steps, self.seeds);
        let job = |(variant, seed): (usize, u64)| {
            Job::new(&variants[variant], seed, self.steps[variant], &self.asked, &self.runs)
        };
        trainings.into_iter().map(job).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variants_own_values_take_the_place_of_the_suites() {
        let common = ["--T", "5..12", "--workers", "1"].map(str::to_owned);
        let flags = |flags| Variant::changed("v", AgentName::Lstm, flags).flags_of_training(&common).join(" ");
        assert_eq!(flags("--units 2"), "--agent lstm --T 5..12 --workers 1 --units 2");
        assert_eq!(flags("--T 5..8"), "--agent lstm --workers 1 --T 5..8");
        assert_eq!(flags(""), "--agent lstm --T 5..12 --workers 1");
    }
}
