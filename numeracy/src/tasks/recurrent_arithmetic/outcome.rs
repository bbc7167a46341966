//! Outcomes of recurrent arithmetic experiments, and their summary.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diverged;
use crate::summary::{Median, Rate};

/// Error on sequences of one length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Error {
    /// Length of the sequences, in time steps.
    pub length: usize,
    /// Mean squared error; nothing where it is not finite.
    pub squared: Option<f64>,
    /// Mean squared error below which the length counts as solved.
    pub threshold: f64,
    /// Root of the mean squared error against that of the answers themselves.
    pub relative: Option<f64>,
}

impl Error {
    /// Tells if the length is solved.
    #[must_use]
    pub fn is_solved(&self) -> bool {
        self.squared.is_some_and(|squared| squared < self.threshold)
    }
}

/// Evaluation of a network during its training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecurrentCheck {
    /// Number of updates before the check.
    pub iteration: u64,
    /// Errors by length, that on the length that is trained on first.
    pub errors: Vec<Error>,
    /// Greatest distance of the weights from whole numbers.
    #[serde(deserialize_with = "diverged::read")]
    pub sparsity: f64,
}

/// Outcome of a seed: its network before training, and the check that it is judged by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecurrentOutcome {
    /// Check of the network before it is trained.
    pub random: RecurrentCheck,
    /// Check with the least error at the length that is trained on, among the last tenth.
    pub chosen: RecurrentCheck,
}

impl RecurrentOutcome {
    /// Tells if the longest sequences are solved.
    pub fn is_solved(&self) -> bool {
        self.chosen.errors.last().is_some_and(Error::is_solved)
    }
}

/// Summary of all seeds at one length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LengthSummary {
    /// Length of the sequences, in time steps.
    pub length: usize,
    /// Number and share of seeds that are solved at the length.
    #[serde(flatten)]
    pub rate: Rate,
    /// Relative error, median over seeds.
    pub relative: Option<Median>,
    /// Root of the mean squared error in per cent of that of the network before it was trained, as Trask et al. give
    /// it: 100 is random, 0 is perfect.
    pub of_random: Option<Median>,
}

/// Summary of all seeds of a recurrent arithmetic experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecurrentSummary {
    /// Summaries length by length.
    pub lengths: Vec<LengthSummary>,
    /// Greatest distance of a solved seed's weights from whole numbers, median over seeds.
    pub sparsity_error: Option<Median>,
}

impl RecurrentSummary {
    /// Gives the length that was trained on.
    #[must_use]
    pub fn trained(&self) -> usize {
        self.lengths.first().map_or(0, |at| at.length)
    }

    /// Makes the summary of these outcomes by seed.
    #[must_use]
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
