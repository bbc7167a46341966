//! Outcomes of language experiments, and their summary.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diverged;
use crate::summary::{Median, Rate};

/// Mean absolute errors of a model at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Number of updates before the check.
    pub iteration: u64,
    /// Error on the examples of training.
    #[serde(deserialize_with = "diverged::read")]
    pub training: f64,
    /// Error on the examples of validation, which the model is chosen by.
    #[serde(deserialize_with = "diverged::read")]
    pub validation: f64,
    /// Error on the examples of the test.
    #[serde(deserialize_with = "diverged::read")]
    pub test: f64,
    /// Share of the test's answers that is right when rounded.
    pub right: f64,
}

/// Outcome of a seed: the check that is kept, and the course of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageOutcome {
    /// Check with the least error of validation: the model that is kept.
    pub chosen: Check,
    /// Checks over the training, evenly spread.
    pub curve: Vec<Check>,
}

impl LanguageOutcome {
    /// Tells if the model is off by less than a half on average, so that its answers can be rounded.
    #[must_use]
    pub fn is_solved(&self) -> bool {
        self.chosen.test < 0.5
    }
}

/// Summary of all seeds of a language experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LanguageSummary {
    /// Number and share of solved seeds.
    #[serde(flatten)]
    pub rate: Rate,
    /// Mean absolute error of training of the kept models, median over seeds.
    pub training: Option<Median>,
    /// Mean absolute error of validation of the kept models, median over seeds.
    pub validation: Option<Median>,
    /// Mean absolute error of the test of the kept models, median over seeds.
    pub test: Option<Median>,
    /// Share of the test's answers that is right when rounded, median over seeds.
    pub right: Option<Median>,
}

impl LanguageSummary {
    /// Makes the summary of these outcomes by seed.
    #[must_use]
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
