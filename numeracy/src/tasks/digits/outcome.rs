//! What became of a seed.

use serde::{Deserialize, Serialize};

use super::evaluation::LengthErrors;
use crate::metrics;

/// What became of a seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DigitsOutcome {
    /// Mean squared error of the last hundred batches.
    pub loss: Option<f64>,
    /// The update that would have made a parameter infinite, if there was one; training ended there.
    pub diverged_at: Option<u64>,
    /// How far the weights of arithmetic are from −1, 0 and 1 at most; none where that is not finite, or there are none.
    pub sparsity: Option<f64>,
    /// The errors on images that were not trained on, length by length.
    pub errors: Vec<LengthErrors>,
}

impl DigitsOutcome {
    /// The figures of the seed.
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
