//! What a seed comes to, and what all come to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diverged;
use crate::summary::{Median, Rate};

/// Mean absolute errors of a model at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Updates before it.
    pub iteration: u64,
    /// Over the examples that are learned from.
    #[serde(deserialize_with = "diverged::read")]
    pub training: f64,
    /// Over those that are chosen by.
    #[serde(deserialize_with = "diverged::read")]
    pub validation: f64,
    /// Over those that are judged by.
    #[serde(deserialize_with = "diverged::read")]
    pub test: f64,
    /// The share of the latter that is right when rounded.
    pub right: f64,
}

/// What a seed comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageOutcome {
    /// The check with the least error of validation: the model that is kept.
    pub chosen: Check,
    /// Checks over the training, evenly spread.
    pub curve: Vec<Check>,
}

impl LanguageOutcome {
    /// Whether the model is off by less than a half on average, so that its answers can be rounded.
    pub fn is_solved(&self) -> bool {
        self.chosen.test < 0.5
    }
}

/// What all seeds come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageSummary {
    /// How many are solved.
    #[serde(flatten)]
    pub rate: Rate,
    /// Mean absolute errors of the kept models.
    pub training: Option<Median>,
    /// The same.
    pub validation: Option<Median>,
    /// The same.
    pub test: Option<Median>,
    /// The share of the test's answers that is right when rounded.
    pub right: Option<Median>,
}

impl LanguageSummary {
    /// Of these outcomes by seed.
    pub fn new(outcomes: &BTreeMap<u64, LanguageOutcome>) -> LanguageSummary {
        let solved = outcomes.values().filter(|outcome| outcome.is_solved()).count();
        let median = |of: fn(&Check) -> f64| Median::of(outcomes.values().map(|outcome| of(&outcome.chosen)));
        LanguageSummary {
            rate: Rate::new(solved as u64, outcomes.len() as u64),
            training: median(|check| check.training),
            validation: median(|check| check.validation),
            test: median(|check| check.test),
            right: median(|check| check.right),
        }
    }
}
