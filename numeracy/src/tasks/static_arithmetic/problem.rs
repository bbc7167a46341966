//! Problem of a seed: the inputs that are summed.

use std::ops::Range;

use crate::engine::{BATCH, Purpose, Random, Real, Row, vectorized, zeros};
use crate::tasks::{Operation, Problem};

/// Number of inputs.
pub const INPUTS: usize = 100;
/// Number of inputs in each subset: a quarter.
const SUBSET: usize = 25;
/// Number of inputs in both subsets: half of a subset, rounded down.
const OVERLAP: usize = 12;

/// An operation and the two subsets of the inputs that it is to be done with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subsets {
    operation: Operation,
    a: Range<usize>,
    b: Range<usize>,
}

impl Subsets {
    /// Makes the problem of a seed: neighbouring inputs, the second subset begins in the middle of the first.
    #[must_use]
    pub fn new(operation: Operation, seed: u64) -> Subsets {
        let start = Random::new(seed, Purpose::Problem).below(INPUTS - 2 * SUBSET + OVERLAP + 1);
        let end = start + SUBSET;
        Subsets { operation, a: start..end, b: end - OVERLAP..end - OVERLAP + SUBSET }
    }

    /// Gives the weights with which the sums come out right.
    #[must_use]
    pub fn weights(&self) -> [Vec<f64>; 2] {
        [&self.a, &self.b].map(|subset| (0..INPUTS).map(|i| f64::from(u8::from(subset.contains(&i)))).collect())
    }
}

impl Problem for Subsets {
    fn targets(&self, x: &[Row<f32>], targets: &mut Row<f32>) {
        let [a, b] = [&self.a, &self.b].map(|subset| sums(&x[subset.clone()]));
        self.operation.apply(&a, &b, targets);
    }
}

fn sums<T: Real>(x: &[Row<T>]) -> Row<T> {
    let mut sums = zeros();
    vectorized(
        #[inline(always)]
        || {
            for row in x {
                for lane in 0..BATCH {
                    sums[lane] += row[lane];
                }
            }
        },
    );
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_overlap_and_lie_within() {
        let mut starts = std::collections::HashSet::new();
        for seed in 0..2000 {
            let Subsets { a, b, .. } = Subsets::new(Operation::Add, seed);
            assert_eq!((a.len(), b.len(), a.end - b.start), (25, 25, 12));
            assert!(b.end <= INPUTS);
            starts.insert(a.start);
        }
        assert_eq!(starts.len(), 63, "each start from 0 to 62 is met");
    }

    #[test]
    fn targets_are_those_of_the_right_weights() {
        let mut x = vec![zeros::<f32>(); INPUTS];
        Random::new(3, Purpose::Test).fill(&mut x, 1.0, 2.0);
        for (operation, _) in Operation::ALL {
            let problem = Subsets::new(operation, 5);
            let mut targets = zeros();
            problem.targets(&x, &mut targets);
            for lane in [0, 77, 127] {
                let [a, b] =
                    problem.weights().map(|w| w.iter().zip(&x).map(|(w, x)| w * f64::from(x[lane])).sum::<f64>());
                let expected = match operation {
                    Operation::Add => a + b,
                    Operation::Sub => a - b,
                    Operation::Mul => a * b,
                    Operation::Div => a / b,
                    Operation::Square => a * a,
                    Operation::Root => a.sqrt(),
                };
                assert!((f64::from(targets[lane]) / expected - 1.0).abs() < 1e-5, "{operation}");
            }
        }
    }
}
