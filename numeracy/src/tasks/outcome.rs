//! Outcome of a seed of the arithmetic tasks.

use serde::{Deserialize, Serialize};

use crate::diverged;
use crate::metrics;

/// Errors and weights after some updates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Number of updates before the check.
    pub iteration: u64,
    /// Mean squared error on the training range; none where it is not finite.
    pub interpolation: Option<f64>,
    /// Mean squared error beyond the training range; none where it is not finite.
    pub extrapolation: Option<f64>,
    /// Greatest distance of weights from whole numbers.
    #[serde(deserialize_with = "diverged::read")]
    pub sparsity: f64,
}

/// Outcome of a seed: the check that it is judged by, and the course of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// True if the extrapolation error of the chosen check is below the threshold.
    pub solved: bool,
    /// Updates before the first check with an error below the threshold, if the seed is solved.
    pub solved_at: Option<u64>,
    /// Number of updates that were made.
    pub iterations: u64,
    /// Check with the least interpolation error among the last hundred, by which the seed is judged.
    pub chosen: Check,
    /// Some of the checks, evenly spaced, from the first.
    pub curve: Vec<Check>,
}

impl Outcome {
    /// Gives the numbers of the seed, by their names in the records.
    #[must_use]
    pub fn scalars(&self) -> Vec<(&'static str, f64)> {
        let solved_at = self.solved_at.map(|iteration| (metrics::SOLVED_AT, iteration as f64));
        let error = |tag, error: Option<f64>| (tag, error.unwrap_or(f64::NAN));
        let always = [
            (metrics::SOLVED, f64::from(u8::from(self.solved))),
            error(metrics::INTERPOLATION, self.chosen.interpolation),
            error(metrics::EXTRAPOLATION, self.chosen.extrapolation),
            (metrics::SPARSITY, self.chosen.sparsity),
        ];
        always.into_iter().chain(solved_at).collect()
    }
}
