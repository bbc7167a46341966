//! When the sparsity regularizer comes in.

use serde::{Deserialize, Serialize};

/// The weight of the sparsity regularizer, which grows from 0 between two iterations (Madsen & Johansen 2020,
/// equation 10): `λ = λ̂ · max(min((t − start) / (end − start), 1), 0)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sparsity {
    /// λ̂.
    pub weight: f64,
    /// The iterations between which it grows.
    pub ramp: (u64, u64),
}

impl Sparsity {
    /// None at all.
    pub const NONE: Sparsity = Sparsity { weight: 0.0, ramp: (0, 0) };

    /// λ at an iteration.
    pub fn at(self, iteration: u64) -> f64 {
        let (start, end) = self.ramp;
        if self.weight == 0.0 || iteration <= start {
            return 0.0;
        }
        if iteration >= end {
            return self.weight;
        }
        self.weight * (iteration - start) as f64 / (end - start) as f64
    }

    /// Whether it has reached its greatest weight.
    pub fn is_full(self, iteration: u64) -> bool {
        self.weight == 0.0 || iteration >= self.ramp.1
    }

    /// The same within fewer iterations than it was made for: it starts no later than after a fifth of them and is full
    /// no later than after two fifths, as in the published experiments with the latest ramp.
    pub fn within(self, iterations: u64) -> Sparsity {
        let ramp = (self.ramp.0.min(iterations / 5), self.ramp.1.min(iterations * 2 / 5));
        Sparsity { ramp, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weight_grows_between_its_iterations() {
        let sparsity = Sparsity { weight: 10.0, ramp: (1_000_000, 2_000_000) };
        let at = [0, 1_000_000, 1_250_000, 2_000_000, 5_000_000].map(|iteration| sparsity.at(iteration));
        assert_eq!(at, [0.0, 0.0, 2.5, 10.0, 10.0]);
        assert_eq!(sparsity.within(5_000_000), sparsity);
        assert_eq!(sparsity.within(500_000).ramp, (100_000, 200_000));
        assert!(sparsity.is_full(2_000_000) && !sparsity.is_full(1_999_999));
        assert_eq!(Sparsity::NONE.at(7), 0.0);
    }
}
