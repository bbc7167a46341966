//! Schedules of a training: the step size, and the weight of the sparsity regularizer.

use serde::{Deserialize, Serialize};

/// Weight of the sparsity regularizer, which grows from 0 between two iterations (Madsen & Johansen 2020, equation 10):
/// `λ = λ̂ · max(min((t − start) / (end − start), 1), 0)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sparsity {
    /// Greatest weight, λ̂.
    pub weight: f64,
    /// Iterations between which the weight grows.
    pub ramp: (u64, u64),
}

impl Sparsity {
    /// No regularizer at all.
    pub const NONE: Sparsity = Sparsity { weight: 0.0, ramp: (0, 0) };

    /// Gives the weight λ at an iteration.
    #[must_use]
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

    /// Tells if the regularizer has reached its greatest weight.
    #[must_use]
    pub fn is_full(self, iteration: u64) -> bool {
        self.weight == 0.0 || iteration >= self.ramp.1
    }

    /// Fits the ramp into fewer iterations than it was made for: it starts no later than after a fifth of them and is
    /// full no later than after two fifths, as in the published experiments with the latest ramp.
    #[must_use]
    pub fn within(self, iterations: u64) -> Sparsity {
        let ramp = (self.ramp.0.min(iterations / 5), self.ramp.1.min(iterations * 2 / 5));
        Sparsity { ramp, ..self }
    }
}

/// Adam's step size over the iterations: exponentially from point to point, and constant after the last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LearningRate {
    /// Iterations, ascending from 0, and the step size at each.
    points: Vec<(u64, f64)>,
}

impl LearningRate {
    /// Makes a step size that stays the same.
    #[must_use]
    pub fn constant(rate: f64) -> LearningRate {
        LearningRate { points: vec![(0, rate)] }
    }

    /// Makes a step size that goes from `rate` through these iterations and step sizes.
    pub fn through(rate: f64, points: impl IntoIterator<Item = (u64, f64)>) -> LearningRate {
        LearningRate { points: std::iter::once((0, rate)).chain(points).collect() }
    }

    /// Gives the step size at an iteration.
    #[must_use]
    pub fn at(&self, iteration: u64) -> f64 {
        let after = self.points.partition_point(|(at, _)| *at <= iteration);
        let Some(&(begin, from)) = self.points[..after].last() else { return self.points[0].1 };
        let Some(&(end, to)) = self.points.get(after) else { return from };
        from * (to / from).powf((iteration - begin) as f64 / (end - begin) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_size_goes_from_point_to_point() {
        let rate = LearningRate::through(1e-3, [(100, 1e-4), (200, 1e-4), (300, 1e-8)]);
        let at = [0, 50, 100, 150, 250, 300, 1000].map(|iteration| rate.at(iteration));
        let expected = [1e-3, 10_f64.powf(-3.5), 1e-4, 1e-4, 1e-6, 1e-8, 1e-8];
        assert!(at.iter().zip(expected).all(|(at, expected)| (at / expected - 1.0).abs() < 1e-12), "{at:?}");
        assert_eq!(LearningRate::constant(0.5).at(7), 0.5);
    }

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
