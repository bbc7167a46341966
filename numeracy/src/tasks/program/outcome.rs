//! Outcomes of program experiments, and their summary.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::code::Size;
use crate::diverged;
use crate::summary::{Median, Rate};

/// Share of answers that has to be right for a size to be solved.
const RIGHT: f64 = 0.99;

/// Errors on programs of one size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramError {
    /// Size of the programs.
    pub size: Size,
    /// Mean absolute error of the answers.
    #[serde(deserialize_with = "diverged::read")]
    pub absolute: f64,
    /// Share of answers that is right when rounded.
    pub right: f64,
}

impl ProgramError {
    /// Tells if at least 99 % of the answers are right.
    #[must_use]
    pub fn is_solved(&self) -> bool {
        self.right >= RIGHT
    }
}

/// Evaluation of a model during its training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramCheck {
    /// Number of updates before the check.
    pub iteration: u64,
    /// Mean absolute error on programs like those that are trained on.
    #[serde(deserialize_with = "diverged::read")]
    pub validation: f64,
}

/// Outcome of a seed: the model that is kept, its errors, and the course of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramOutcome {
    /// The check with the least error of validation, the last of those: the model that is kept.
    pub chosen: ProgramCheck,
    /// Errors of the kept model, size by size.
    pub errors: Vec<ProgramError>,
    /// Checks over the training, evenly spread.
    pub curve: Vec<ProgramCheck>,
}

impl ProgramOutcome {
    /// Tells if programs of every size are solved.
    pub fn is_solved(&self) -> bool {
        self.errors.iter().all(ProgramError::is_solved)
    }
}

/// Summary of all seeds on programs of one size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SizeSummary {
    /// Size of the programs.
    pub size: Size,
    /// Number and share of seeds that solve the size.
    #[serde(flatten)]
    pub rate: Rate,
    /// Mean absolute error, median over seeds.
    pub absolute: Option<Median>,
    /// Share of answers that is right when rounded, median over seeds.
    pub right: Option<Median>,
}

/// Summary of all seeds of a program experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProgramSummary {
    /// Summaries size by size.
    pub sizes: Vec<SizeSummary>,
}

impl ProgramSummary {
    /// Makes the summary of these outcomes by seed.
    #[expect(clippy::missing_panics_doc, reason = "there are sizes only where there are seeds")]
    #[must_use]
    pub fn new(outcomes: &BTreeMap<u64, ProgramOutcome>) -> ProgramSummary {
        let sizes = outcomes.values().next().map_or(0, |outcome| outcome.errors.len());
        let at = |i: usize| {
            let errors = || outcomes.values().map(move |outcome| outcome.errors[i]);
            let solved = errors().filter(ProgramError::is_solved).count();
            SizeSummary {
                size: errors().next().expect("there are seeds").size,
                rate: Rate::new(solved as u64, outcomes.len() as u64),
                absolute: Median::of(errors().map(|error| error.absolute)),
                right: Median::of(errors().map(|error| error.right)),
            }
        };
        ProgramSummary { sizes: (0..sizes).map(at).collect() }
    }
}
