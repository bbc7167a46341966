//! Variants, seeds and flags of a suite.

use std::path::PathBuf;
use std::sync::Arc;

use gridworld_envs::Configured;
use gridworld_records::{FileLock, read_json, write_json};
use gridworld_terminal::output::folder::no_folder;
use gridworld_terminal::program::{CliError, shell};
use serde::{Deserialize, Serialize};

use super::job::Job;
use super::lock;
use super::seeds::Seeds;
use super::shard::Shard;
use super::variant::{Asked, Variant};
use crate::options::training;

/// Variants, seeds and flags of a suite, checked and ready.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Lines of the comparison.
    pub variants: Vec<Variant>,
    /// The environment, which the ceiling and the floor share.
    pub environment: Configured,
    /// Seeds of each variant.
    pub seeds: Seeds,
    /// Environment steps of a training of each of the variants.
    pub steps: Vec<u64>,
    /// Number of workers of each training.
    pub workers: usize,
    /// Flags of every training.
    pub train: Vec<String>,
    /// Flags of every evaluation.
    pub evaluate: Vec<String>,
    /// T and episodes that the evaluations are asked.
    pub asked: Arc<Asked>,
    /// Folder of the suite's runs.
    pub runs: PathBuf,
}

/// Settings that must be equal each time that a suite goes on: the contents of `suite.json`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Recipe {
    /// The flags of each training, and of each evaluation.
    train: Vec<String>,
    evaluate: Vec<String>,
    /// Variants with flags of their own; a suite may go on with others beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changed: Vec<Variant>,
}

impl Recipe {
    /// The recipe with the present names of flags: it may be of an earlier version, or typed with former names.
    fn renamed(mut self) -> Recipe {
        let words = self.changed.iter_mut().flat_map(|variant| &mut variant.flags).chain(&mut self.train);
        words.for_each(|word| *word = training::renamed(word));
        self
    }
}

/// Writes flags in one style, with their values as words of their own.
fn flags_line(words: &[String]) -> String {
    let parted = words.iter().map(|word| word.split_once('=').filter(|(flag, _)| flag.starts_with("--")).ok_or(word));
    shell::line(parted.flat_map(|word| match word {
        Ok((flag, value)) => vec![flag, value],
        Err(word) => vec![word.as_str()],
    }))
}

impl Plan {
    /// Makes the folder, or finds that it belongs to this same suite; no other process has the part `shard` of it as
    /// long as what this gives is kept.
    ///
    /// # Errors
    /// If the folder holds another suite, another process is at work there, or it cannot be written to.
    pub fn claim(&self, shard: Shard) -> Result<Vec<FileLock>, CliError> {
        let shown = self.runs.display();
        std::fs::create_dir_all(&self.runs)
            .map_err(|error| CliError::usage(format!("--runs {shown}: {}", no_folder(&self.runs, &error))))?;
        let locks = lock::take(&self.runs, shard)?;
        let changed = self.variants.iter().filter(|variant| !variant.flags.is_empty()).cloned().collect();
        let recipe = Recipe { train: self.train.clone(), evaluate: self.evaluate.clone(), changed }.renamed();
        let path = self.runs.join("suite.json");
        if !path.exists() {
            write_json(&path, &recipe).map_err(CliError::failed)?;
            return Ok(locks);
        }
        let known = read_json::<Recipe>(&path).map_err(CliError::usage)?.renamed();
        if known == recipe {
            return Ok(locks);
        }
        let (train, evaluate) = (flags_line(&known.train), shell::line(&known.evaluate));
        let what = if (&known.train, &known.evaluate) == (&recipe.train, &recipe.evaluate) {
            "the variants in it have other flags; use another folder".to_owned()
        } else {
            format!(
                "the runs in it are trained with `{train}` and evaluated with `{evaluate}`; use these flags, or another folder"
            )
        };
        Err(CliError::usage(format!("--runs {shown}: {what}")))
    }

    /// Writes the flags of every training as one would type them.
    pub fn train_line(&self) -> String {
        flags_line(&self.train)
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
