//! What a seed comes to, and what all come to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diverged;
use crate::summary::{Median, Rate};

/// The error at one length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Error {
    /// Time steps.
    pub length: usize,
    /// Mean squared error; nothing where it is not finite.
    pub squared: Option<f64>,
    /// Below which the length counts as solved.
    pub threshold: f64,
    /// The root of the mean squared error against that of the answers themselves.
    pub relative: Option<f64>,
}

impl Error {
    /// Whether the length is solved.
    pub fn is_solved(&self) -> bool {
        self.squared.is_some_and(|squared| squared < self.threshold)
    }
}

/// A look at a network during its training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecurrentCheck {
    /// Updates before it.
    pub iteration: u64,
    /// The errors, at the length that is trained on first.
    pub errors: Vec<Error>,
    /// How far the weights are from whole numbers, at most.
    #[serde(deserialize_with = "diverged::read")]
    pub sparsity: f64,
}

/// What a seed comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecurrentOutcome {
    /// The network before it is trained.
    pub random: RecurrentCheck,
    /// The check with the least error at the length that is trained on, among the last tenth.
    pub chosen: RecurrentCheck,
}

impl RecurrentOutcome {
    /// Whether the longest sequences are solved.
    pub fn is_solved(&self) -> bool {
        self.chosen.errors.last().is_some_and(Error::is_solved)
    }
}

/// What all seeds come to at one length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LengthSummary {
    /// Time steps.
    pub length: usize,
    /// How many seeds are solved there.
    #[serde(flatten)]
    pub rate: Rate,
    /// The relative error.
    pub relative: Option<Median>,
    /// The root of the mean squared error in per cent of that of the network before it was trained, as Trask et al. give
    /// it: 100 is random, 0 is perfect.
    pub of_random: Option<Median>,
}

/// What all seeds come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecurrentSummary {
    /// Length by length.
    pub lengths: Vec<LengthSummary>,
    /// How far the weights of a solved seed are from whole numbers at most.
    pub sparsity_error: Option<Median>,
}

impl RecurrentSummary {
    /// The length that was trained on.
    pub fn trained(&self) -> usize {
        self.lengths.first().map_or(0, |at| at.length)
    }

    /// Of these outcomes by seed.
    pub fn new(outcomes: &BTreeMap<u64, RecurrentOutcome>) -> RecurrentSummary {
        let lengths = outcomes.values().next().map_or(0, |outcome| outcome.chosen.errors.len());
        let at = |i: usize| {
            let errors =
                || outcomes.values().map(move |outcome| (&outcome.random.errors[i], &outcome.chosen.errors[i]));
            let solved = errors().filter(|(_, error)| error.is_solved()).count();
            let root = |error: &Error| error.squared.unwrap_or(f64::INFINITY).sqrt();
            let share = |(random, error): (&Error, &Error)| {
                let share = root(error) / root(random);
                // Two that are not finite are alike.
                100.0 * if share.is_nan() { 1.0 } else { share }
            };
            LengthSummary {
                length: errors().next().map_or(0, |(_, error)| error.length),
                rate: Rate::new(solved as u64, outcomes.len() as u64),
                relative: Median::of(errors().map(|(_, error)| error.relative.unwrap_or(f64::INFINITY))),
                of_random: Median::of(errors().map(share)),
            }
        };
        let solved = outcomes.values().filter(|outcome| outcome.is_solved());
        RecurrentSummary {
            lengths: (0..lengths).map(at).collect(),
            sparsity_error: Median::of(solved.map(|outcome| outcome.chosen.sparsity)),
        }
    }
}
