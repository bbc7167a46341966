//! Problem of a seed: the features that are summed over time.

use std::ops::Range;

use super::super::Operation;
use crate::engine::{BATCH, Purpose, Random, Real, Row, zeros};

/// Number of features of a time step.
pub const FEATURES: usize = 10;
/// Relative error of each sum of the nearly exact solution.
const EPSILON: f64 = 1e-5;

/// An operation and the two groups of neighbouring features that it is to be done with: a is the sum of the first over
/// all time steps, b that of the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    operation: Operation,
    a: Range<usize>,
    b: Range<usize>,
}

impl Problem {
    /// Makes the problem of a seed. Each group has one to nine features, both together no more than ten, and they do
    /// not overlap.
    #[must_use]
    pub fn new(operation: Operation, seed: u64) -> Problem {
        let mut random = Random::new(seed, Purpose::Problem);
        let a = 1 + random.below(FEATURES - 1);
        let b = 1 + random.below(FEATURES - a);
        let start = random.below(FEATURES - a - b + 1);
        Problem { operation, a: start..start + a, b: start + a..start + a + b }
    }

    /// Computes a and b of a sequence, given as rows of features, the first time step first.
    fn sums<T: Real>(&self, x: &[Row<T>]) -> [Row<T>; 2] {
        let mut sums = [zeros(); 2];
        for step in x.chunks_exact(FEATURES) {
            for (sum, group) in sums.iter_mut().zip([&self.a, &self.b]) {
                for row in &step[group.clone()] {
                    sum.iter_mut().zip(row).for_each(|(sum, &x)| *sum += x);
                }
            }
        }
        sums
    }

    /// Computes the right results for a sequence.
    pub fn targets<T: Real>(&self, x: &[Row<T>], targets: &mut Row<T>) {
        let [a, b] = self.sums(x);
        self.operation.apply(&a, &b, targets);
    }

    /// Computes the mean squared error over these sequences of a solution whose two sums are each off by one part in
    /// 10⁵, with both errors to the same side of the result. Madsen & Johansen (2020, §4.1) take weights that are off
    /// by as much; here their errors could cancel each other, down to none where every feature is in a or b.
    #[must_use]
    pub fn threshold(&self, x: &[Row<f64>]) -> f64 {
        let [a, b] = self.sums(x);
        let off = |sum: &Row<f64>| sum.map(|sum| sum * (1.0 - EPSILON));
        let [mut right, mut by_a, mut by_b] = [zeros(); 3];
        self.operation.apply(&a, &b, &mut right);
        self.operation.apply(&off(&a), &b, &mut by_a);
        self.operation.apply(&a, &off(&b), &mut by_b);
        let errors = (0..BATCH).map(|lane| (right[lane] - by_a[lane]).abs() + (right[lane] - by_b[lane]).abs());
        errors.map(|error| error * error).sum::<f64>() / BATCH as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_neighbours_within_the_features() {
        let mut sizes = std::collections::HashSet::new();
        for seed in 0..2000 {
            let Problem { a, b, .. } = Problem::new(Operation::Add, seed);
            assert!(!a.is_empty() && !b.is_empty() && a.end == b.start && b.end <= FEATURES);
            sizes.insert((a.len(), b.len()));
        }
        assert_eq!(sizes.len(), 45, "each pair of sizes is met");
    }

    #[test]
    fn targets_and_thresholds_are_those_of_the_sums() {
        let problem = Problem { operation: Operation::Sub, a: 2..4, b: 4..5 };
        // At time t, feature i is t + i: a sums 2 + 3 and 3 + 4, b sums 4 and 5.
        let x: Vec<Row<f64>> = (0..2).flat_map(|t| (0..FEATURES).map(move |i| [(t + i) as f64; BATCH])).collect();
        let mut targets = zeros();
        problem.targets(&x, &mut targets);
        assert_eq!(targets[5], 12.0 - 9.0);
        // a is off by 12 ε, b by 9 ε.
        let expected = (EPSILON * 21.0).powi(2);
        assert!((problem.threshold(&x) / expected - 1.0).abs() < 1e-9, "{:e}", problem.threshold(&x));
        let quotient = Problem { operation: Operation::Div, ..problem };
        let expected = (2.0 * EPSILON * 12.0 / 9.0_f64).powi(2);
        assert!((quotient.threshold(&x) / expected - 1.0).abs() < 1e-4, "{:e}", quotient.threshold(&x));
    }
}
