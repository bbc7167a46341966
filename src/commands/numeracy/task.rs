//! `config.json` of an experiment: everything that made it what it is.

use std::collections::BTreeMap;

use gridworld_agents::records::{RunFolder, read_json, write_json};
use gridworld_numeracy::crew::Experiment;
use gridworld_numeracy::tasks::digits::DigitsConfig;
use gridworld_numeracy::tasks::identity::IdentityConfig;
use gridworld_numeracy::tasks::language::LanguageConfig;
use gridworld_numeracy::tasks::program::ProgramConfig;
use gridworld_numeracy::tasks::recurrent_arithmetic::RecurrentConfig;
use gridworld_numeracy::tasks::single_layer::SingleConfig;
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;
use serde::{Deserialize, Serialize};

use crate::program::failure::Failure;
use crate::program::version::{REVISION, VERSION};
use crate::run::configuration::{RunConfig, command};

/// The settings of a task, and what there is to say of its seeds.
pub trait Task: Clone {
    /// What trains a seed.
    type Experiment: Experiment;
    /// What the seeds come to.
    type Summary: Serialize;

    /// Those among all tasks.
    fn into_config(self) -> TaskConfig;
    /// Those of this task, if these are.
    fn of(config: &TaskConfig) -> Option<&Self>;
    /// How much there is to do for each seed.
    fn work(&self) -> Work;
    /// What these outcomes by seed come to.
    fn summarize(&self, experiment: &Self::Experiment, outcomes: &Outcomes<Self>) -> Self::Summary;
    /// The summary for people.
    fn text(&self, summary: &Self::Summary) -> String;
}

/// Outcomes by seed.
pub type Outcomes<T> = BTreeMap<u64, <<T as Task>::Experiment as Experiment>::Outcome>;

/// How much there is to do for each seed.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// Trainings: one for each range, cell or the like, which take turns.
    pub turns: u64,
    /// Updates of each training at most.
    pub steps: u64,
}

/// An experiment with all its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case")]
pub enum TaskConfig {
    /// Identity.
    Identity(IdentityConfig),
    /// Static arithmetic.
    Static(StaticConfig),
    /// The single-layer task.
    Single(SingleConfig),
    /// Arithmetic over sequences.
    Recurrent(RecurrentConfig),
    /// Language to number.
    Language(LanguageConfig),
    /// Program evaluation.
    Program(ProgramConfig),
    /// Sequences of handwritten digits.
    Mnist(DigitsConfig),
}

impl TaskConfig {
    /// The task's name: that of its subcommand.
    pub fn name(&self) -> &'static str {
        match self {
            TaskConfig::Identity(_) => "identity",
            TaskConfig::Static(_) => "static",
            TaskConfig::Single(_) => "single",
            TaskConfig::Recurrent(_) => "recurrent",
            TaskConfig::Language(_) => "language",
            TaskConfig::Program(_) => "program",
            TaskConfig::Mnist(_) => "mnist",
        }
    }

    /// What is computed, where there is a choice.
    pub fn operation(&self) -> Option<String> {
        match self {
            TaskConfig::Identity(_) | TaskConfig::Language(_) => None,
            TaskConfig::Static(config) => Some(config.operation.to_string()),
            TaskConfig::Single(config) => Some(config.operation.to_string()),
            TaskConfig::Recurrent(config) => Some(config.operation.to_string()),
            TaskConfig::Program(config) => Some(config.kind.to_string()),
            TaskConfig::Mnist(config) => Some(config.operation.to_string()),
        }
    }

    /// What it is to be learned by; nothing where that is more than one thing.
    pub fn cell(&self) -> Option<String> {
        match self {
            TaskConfig::Identity(config) => match config.cells[..] {
                [cell] => Some(cell.to_string()),
                _ => None,
            },
            TaskConfig::Static(config) => Some(config.cell.to_string()),
            TaskConfig::Single(config) => Some(config.cell.to_string()),
            TaskConfig::Recurrent(config) => Some(config.model.to_string()),
            TaskConfig::Language(config) => Some(config.model.to_string()),
            TaskConfig::Program(config) => Some(config.model.to_string()),
            TaskConfig::Mnist(config) => Some(config.cell.to_string()),
        }
    }

    /// How much there is to do for each seed.
    pub fn work(&self) -> Work {
        match self {
            TaskConfig::Identity(config) => config.work(),
            TaskConfig::Static(config) => config.work(),
            TaskConfig::Single(config) => config.work(),
            TaskConfig::Recurrent(config) => config.work(),
            TaskConfig::Language(config) => config.work(),
            TaskConfig::Program(config) => config.work(),
            TaskConfig::Mnist(config) => config.work(),
        }
    }
}

/// The contents of `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentConfig {
    /// The version of the program that started the run.
    pub version: String,
    /// The git revision that it was built from.
    pub revision: String,
    /// The commands that ran it, in their order; the second and later ones resumed it.
    pub commands: Vec<String>,
    /// How many seeds of each range, cell or the like.
    pub seeds: u64,
    /// The experiment.
    #[serde(flatten)]
    pub task: TaskConfig,
}

impl ExperimentConfig {
    /// A new one, under the present command.
    pub fn new(task: TaskConfig, seeds: u64) -> ExperimentConfig {
        let (version, revision) = (VERSION.to_owned(), REVISION.to_owned());
        ExperimentConfig { version, revision, commands: vec![command()], seeds, task }
    }

    /// Reads that of a run.
    pub fn read(folder: &RunFolder) -> Result<ExperimentConfig, Failure> {
        read_json(&folder.config()).map_err(|error| match RunConfig::read(folder) {
            Ok(_) => {
                Failure::usage(format!("{} is a run of gridworld train, and no arithmetic", folder.path().display()))
            }
            Err(_) => Failure::usage(error),
        })
    }

    /// Reads that of a run, which must be of the experiment `task`.
    pub fn of(folder: &RunFolder, task: &TaskConfig) -> Result<ExperimentConfig, Failure> {
        let config = ExperimentConfig::read(folder)?;
        if config.task != *task {
            let shown = folder.path().display();
            return Err(Failure::usage(format!("{shown} has other settings; use another --runs, or remove it")));
        }
        Ok(config)
    }

    /// Writes it into a run, whole or not at all.
    pub fn write(&self, folder: &RunFolder) -> Result<(), Failure> {
        write_json(&folder.config(), self).map_err(Failure::failed)
    }
}
