//! What became of a seed.

use serde::{Deserialize, Serialize};

use crate::diverged;
use crate::metrics;

/// The errors at one iteration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Updates before it.
    pub iteration: u64,
    /// Mean squared error on the range that is trained on; none where it is not finite.
    pub interpolation: Option<f64>,
    /// The same beyond it.
    pub extrapolation: Option<f64>,
    /// How far weights are from whole numbers at most.
    #[serde(deserialize_with = "diverged::read")]
    pub sparsity: f64,
}

/// What became of a seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether the extrapolation error of the chosen check is below the threshold.
    pub solved: bool,
    /// The first check at which it was, if the seed is solved.
    pub solved_at: Option<u64>,
    /// Updates that were made.
    pub iterations: u64,
    /// The check with the least interpolation error among the last hundred, by which the seed is judged.
    pub chosen: Check,
    /// Some of the checks, evenly spaced, from the first.
    pub curve: Vec<Check>,
}

impl Outcome {
    /// The figures of the seed.
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
