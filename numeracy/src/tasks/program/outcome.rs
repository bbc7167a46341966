//! What a seed comes to, and what all come to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::code::Size;
use crate::diverged;
use crate::summary::{Median, Rate};

/// The share of answers that has to be right.
const RIGHT: f64 = 0.99;

/// The errors on programs of one size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramError {
    /// How large they are.
    pub size: Size,
    /// Mean absolute error.
    #[serde(deserialize_with = "diverged::read")]
    pub absolute: f64,
    /// The share of answers that is right when rounded.
    pub right: f64,
}

impl ProgramError {
    /// Whether 99 % of the answers are right.
    pub fn is_solved(&self) -> bool {
        self.right >= RIGHT
    }
}

/// A look at a model during its training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramCheck {
    /// Updates before it.
    pub iteration: u64,
    /// Mean absolute error on programs like those that are trained on.
    #[serde(deserialize_with = "diverged::read")]
    pub validation: f64,
}

/// What a seed comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramOutcome {
    /// The check with the least error of validation, the last of those: the model that is kept.
    pub chosen: ProgramCheck,
    /// Its errors, size by size.
    pub errors: Vec<ProgramError>,
    /// Checks over the training, evenly spread.
    pub curve: Vec<ProgramCheck>,
}

impl ProgramOutcome {
    /// Whether programs of every size are solved.
    pub fn is_solved(&self) -> bool {
        self.errors.iter().all(ProgramError::is_solved)
    }
}

/// What all seeds come to on programs of one size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizeSummary {
    /// The size.
    pub size: Size,
    /// How many seeds solve it.
    #[serde(flatten)]
    pub rate: Rate,
    /// Mean absolute error.
    pub absolute: Option<Median>,
    /// The share of answers that is right when rounded.
    pub right: Option<Median>,
}

/// What all seeds come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramSummary {
    /// Size by size.
    pub sizes: Vec<SizeSummary>,
}

impl ProgramSummary {
    /// Of these outcomes by seed.
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
