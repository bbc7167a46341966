//! Error below which a problem counts as solved.

use super::problem::{INPUTS, Subsets};
use crate::engine::{BATCH, Purpose, Random, Row, product, zeros};
use crate::tasks::{Operation, Range};

/// Error of each weight of the nearly exact solution.
const EPSILON: f64 = 1e-5;
/// Number of samples of the estimate.
const SAMPLES: usize = 1_000_000;

/// Estimates the mean squared error over inputs of this range of a solution whose first layer is off by ε = 10⁻⁵ in
/// every weight, towards ½, and whose second is exact (Madsen & Johansen 2020, §4.1). It takes a million samples, as
/// published, and the same each time.
#[must_use]
pub fn threshold(operation: Operation, range: Range) -> f64 {
    let problem = Subsets::new(operation, 0);
    let off = |w: f64| if w == 1.0 { 1.0 - EPSILON } else { EPSILON };
    let exact = problem.weights().concat();
    let nearly: Vec<f64> = exact.iter().map(|&w| off(w)).collect();
    let mut random = Random::new(0, Purpose::Threshold);
    let mut x: Vec<Row<f64>> = vec![zeros(); INPUTS];
    let mut sum = 0.0;
    let batches = SAMPLES.div_ceil(BATCH);
    for _ in 0..batches {
        range.draw(&mut random, &mut x);
        let [right, wrong] = [&exact, &nearly].map(|weights| {
            let (mut sums, mut result) = ([zeros(); 2], zeros());
            product(weights, &x, &mut sums);
            operation.apply(&sums[0], &sums[1], &mut result);
            result
        });
        sum += right.iter().zip(&wrong).map(|(right, wrong)| (right - wrong).powi(2)).sum::<f64>();
    }
    sum / (batches * BATCH) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_of_addition_is_what_it_must_be() {
        // The error is ε (2 Σ x − 2 a − 2 b): 38 inputs are in a or b, 12 of them in both. Each of the 62 others counts
        // 2 ε, each of the 26 in one subset 0, each of the 12 in both −2 ε. x has mean 4 and variance 4/3.
        let (mean, variance) = (4.0, 16.0 / 12.0);
        let expected =
            EPSILON * EPSILON * ((2.0 * 62.0 - 2.0 * 12.0_f64).powi(2) * mean * mean + 4.0 * 74.0 * variance);
        let estimate = threshold(Operation::Add, Range::new(2.0, 6.0));
        assert!((estimate / expected - 1.0).abs() < 1e-3, "{estimate:e} for {expected:e}");
    }
}
