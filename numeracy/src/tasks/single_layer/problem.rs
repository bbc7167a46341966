//! Operations on two numbers, and the errors below which they count as learned.

use crate::engine::{BATCH, Purpose, Random, Row, zeros};
use crate::tasks::{Operation, Problem, Range};

/// Relative error of the nearly exact solution.
const EPSILON: f64 = 1e-5;
/// Number of samples of the estimate.
const SAMPLES: usize = 1_000_000;

/// An operation on two inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair(pub Operation);

impl Problem for Pair {
    fn targets(&self, x: &[Row<f32>], targets: &mut Row<f32>) {
        self.0.apply(&x[0], &x[1], targets);
    }
}

/// Estimates the mean squared error over inputs of this range of a solution that is off by ε = 10⁻⁵:
/// `a ± b − ε (|a| + |b|)`, `(1 − ε)² a b`, `(1 − ε) / (1 + ε) · a / b` (Mistry et al. 2022a, appendix; their program
/// has 10⁻⁴ in its last version, which is easier by a factor of a hundred). It takes a million samples, the same each
/// time.
#[must_use]
pub fn threshold(operation: Operation, range: Range) -> f64 {
    let mut random = Random::new(0, Purpose::Threshold);
    let mut x: [Row<f64>; 2] = [zeros(); 2];
    let batches = SAMPLES.div_ceil(BATCH);
    let mut sum = 0.0;
    for _ in 0..batches {
        range.draw(&mut random, &mut x);
        for (a, b) in x[0].iter().zip(&x[1]) {
            let off = match operation {
                Operation::Add | Operation::Sub => EPSILON * (a.abs() + b.abs()),
                Operation::Mul => (1.0 - (1.0 - EPSILON).powi(2)) * a * b,
                Operation::Div => (1.0 - (1.0 - EPSILON) / (1.0 + EPSILON)) * a / b,
                // The published task has neither; the same error of the one factor there is.
                Operation::Square => (1.0 - (1.0 - EPSILON).powi(2)) * a * a,
                Operation::Root => EPSILON * a.sqrt(),
            };
            sum += off * off;
        }
    }
    sum / (batches * BATCH) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_what_they_must_be() {
        // E[(|a| + |b|)²] for U[2, 6]: 8² + 2 · 16/12; E[a² b²] = (4² + 16/12)².
        let range = Range::new(2.0, 6.0);
        let expected =
            [(Operation::Add, 1e-10 * (64.0 + 32.0 / 12.0)), (Operation::Mul, 4e-10 * 17.333_333_f64.powi(2))];
        for (operation, expected) in expected {
            for range in [range, Range::mirrored(2.0, 6.0), Range::new(-6.0, -2.0)] {
                let estimate = threshold(operation, range);
                assert!((estimate / expected - 1.0).abs() < 5e-3, "{operation}: {estimate:e} for {expected:e}");
            }
        }
    }
}
