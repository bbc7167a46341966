//! The settings of any task, as `config.json` keeps them.

use serde::{Deserialize, Serialize};

use super::digits::DigitsConfig;
use super::identity::IdentityConfig;
use super::language::LanguageConfig;
use super::program::ProgramConfig;
use super::recurrent_arithmetic::RecurrentConfig;
use super::single_layer::{RANGES, SingleConfig};
use super::static_arithmetic::StaticConfig;

/// The work of each seed.
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

    /// The work of each seed.
    pub fn work(&self) -> Work {
        match self {
            TaskConfig::Identity(config) => Work { turns: config.cells.len() as u64, steps: config.iterations },
            TaskConfig::Static(config) => Work { turns: 1, steps: config.iterations },
            TaskConfig::Single(config) => Work { turns: RANGES.len() as u64, steps: config.iterations },
            TaskConfig::Recurrent(config) => Work { turns: 1, steps: config.iterations },
            TaskConfig::Language(config) => Work { turns: 1, steps: config.iterations },
            TaskConfig::Program(config) => Work { turns: 1, steps: config.iterations },
            TaskConfig::Mnist(config) => Work { turns: 1, steps: config.steps },
        }
    }
}
