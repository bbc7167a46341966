//! Outcome of a seed that learned from digits.

use serde::{Deserialize, Serialize};

use super::evaluation::LengthErrors;
use crate::metrics;

/// Outcome of a seed: its loss, its weights and its errors by length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DigitsOutcome {
    /// Mean squared error of the last hundred batches.
    pub loss: Option<f64>,
    /// Update that would have made a parameter infinite, if there was one; training ended there.
    pub diverged_at: Option<u64>,
    /// Greatest distance of the weights of arithmetic from −1, 0 and 1; none where that is not finite, or there are
    /// none.
    pub sparsity: Option<f64>,
    /// Errors on images that were not trained on, length by length.
    pub errors: Vec<LengthErrors>,
}

impl DigitsOutcome {
    /// Gives the numbers of the seed, by their names in the records.
    #[must_use]
    pub fn scalars(&self) -> Vec<(&'static str, f64)> {
        let sparsity = self.sparsity.map(|error| (metrics::SPARSITY, error));
        let error = |errors: Option<&LengthErrors>| errors.and_then(|errors| errors.mse).unwrap_or(f64::NAN);
        let always = [
            (metrics::INTERPOLATION, self.loss.unwrap_or(f64::NAN)),
            (metrics::EXTRAPOLATION, error(self.errors.last())),
        ];
        always.into_iter().chain(sparsity).collect()
    }
}
