//! How one seed learns, and how it is judged (Madsen & Johansen 2020, §4.1 and appendix C.2).

use serde::{Deserialize, Serialize};

use super::{Check, Outcome, Range};
use crate::cells::Cell;
use crate::crew::Watch;
use crate::engine::{Adam, BATCH, Network, Purpose, Random, Row, zeros};
use crate::schedule::{LearningRate, Sparsity};

/// Updates between two checks, as published.
const CHECK_EVERY: u64 = 1000;
/// Checks among which the best by interpolation is chosen, as published.
const CHOICE: usize = 100;
/// Batches of a check: 10,112 examples for the 10,000 published.
const CHECK_BATCHES: usize = 79;
/// How far weights are from whole numbers at most when a regularizer has done its work.
const WHOLE: f64 = 1e-3;
/// Checks of a seed that are kept.
const CURVE: usize = 50;

/// When a seed ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Until {
    /// After all iterations.
    End,
    /// Once it would have counted as solved had it ended at any of the last hundred checks, with the sparsity regularizer
    /// at its full weight and, where there is one, every weight within a thousandth of a whole number; or once an error
    /// is not finite, from which nothing recovers.
    Settled,
}

/// What is to be computed of the inputs.
pub trait Problem {
    /// The right results.
    fn targets(&self, x: &[Row<f32>], targets: &mut Row<f32>);
}

/// The training of one seed.
pub struct Trial<'a, P> {
    /// What is to be computed.
    pub problem: &'a P,
    /// Updates at most.
    pub iterations: u64,
    /// Adam's step size.
    pub learning_rate: &'a LearningRate,
    /// The sparsity regularizer.
    pub sparsity: Sparsity,
    /// The greatest norm of a gradient, if there is one.
    pub clip: Option<f64>,
    /// Inputs in training.
    pub interpolation: Range,
    /// Inputs in the test.
    pub extrapolation: Range,
    /// Below which extrapolation error it is solved.
    pub threshold: f64,
    /// When it ends.
    pub until: Until,
}

impl<P: Problem> Trial<'_, P> {
    /// Trains a network of these cells; nothing where `watch` says that it is not to go on.
    pub fn run(&self, cells: Vec<Box<dyn Cell<f32>>>, seed: u64, watch: &Watch<'_>) -> Option<Outcome> {
        let mut network: Network<f32> = Network::new(cells, &mut Random::new(seed, Purpose::Initial));
        let mut optimizer = Adam::new(network.parameters().len());
        let mut random = Random::new(seed, Purpose::Training);
        let mut targets = [zeros()];
        let mut checks = Vec::new();
        // Checks in a row after which the seed would have counted as solved.
        let mut settled = 0;
        let mut rate = 0.0;
        for iteration in 0..=self.iterations {
            if iteration.is_multiple_of(CHECK_EVERY) || iteration == self.iterations {
                checks.push(self.check(&mut network, iteration));
                let full = self.sparsity.is_full(iteration);
                let solved = full && chosen(&checks).is_some_and(|chosen| self.is_solved(chosen));
                settled = if solved { settled + 1 } else { 0 };
                let whole = |check: &Check| self.sparsity.weight == 0.0 || check.sparsity < WHOLE;
                let settles = settled >= CHOICE && chosen(&checks).is_some_and(whole);
                let lost = checks.last().is_some_and(|check| check.interpolation.is_none());
                let ended = self.until == Until::Settled && (settles || lost);
                if ended || iteration == self.iterations {
                    break;
                }
                // A constant between checks: the power in it takes longer than a step.
                rate = self.learning_rate.at(iteration);
                if !watch.goes_on(iteration as f64 / self.iterations as f64) {
                    return None;
                }
            }
            self.interpolation.draw(&mut random, network.inputs());
            self.problem.targets(network.inputs(), &mut targets[0]);
            network.forward();
            network.backward(&targets);
            network.add_sparsity(self.sparsity.at(iteration));
            if let Some(greatest) = self.clip {
                network.clip(greatest);
            }
            network.update(&mut optimizer, rate);
        }
        Some(self.outcome(&checks))
    }

    /// The mean squared error over a fixed sample of the range.
    fn error(&self, network: &mut Network<f32>, purpose: Purpose, range: Range) -> Option<f64> {
        let mut random = Random::new(0, purpose);
        let mut targets = [zeros()];
        let mut sum = 0.0;
        for _ in 0..CHECK_BATCHES {
            range.draw(&mut random, network.inputs());
            self.problem.targets(network.inputs(), &mut targets[0]);
            network.forward();
            sum += network.loss(&targets);
        }
        Some(sum / CHECK_BATCHES as f64).filter(|error| error.is_finite())
    }

    fn check(&self, network: &mut Network<f32>, iteration: u64) -> Check {
        Check {
            iteration,
            interpolation: self.error(network, Purpose::Validation, self.interpolation),
            extrapolation: self.error(network, Purpose::Test, self.extrapolation),
            sparsity: network.sparsity_error(),
        }
    }

    fn is_solved(&self, check: &Check) -> bool {
        check.extrapolation.is_some_and(|error| error < self.threshold)
    }

    fn outcome(&self, checks: &[Check]) -> Outcome {
        let chosen = *chosen(checks).expect("there is a check before the first update");
        let solved = self.is_solved(&chosen);
        let first = checks.iter().find(|check| self.is_solved(check)).map(|check| check.iteration);
        Outcome {
            solved,
            solved_at: first.filter(|_| solved),
            iterations: checks.last().map_or(0, |check| check.iteration),
            chosen,
            curve: checks.iter().step_by(checks.len().div_ceil(CURVE)).copied().collect(),
        }
    }
}

/// The check by which a seed is judged that ends with the last of these: the one with the least interpolation error among
/// the last hundred.
fn chosen(checks: &[Check]) -> Option<&Check> {
    let by_interpolation = |check: &&Check| check.interpolation.unwrap_or(f64::INFINITY);
    let last = &checks[checks.len().saturating_sub(CHOICE)..];
    last.iter().min_by(|a, b| by_interpolation(a).total_cmp(&by_interpolation(b)))
}

const _: () = assert!(CHECK_BATCHES * BATCH >= 10_000);

#[cfg(test)]
mod tests {
    use super::*;

    fn check(iteration: u64, interpolation: Option<f64>) -> Check {
        Check { iteration, interpolation, extrapolation: Some(1.0), sparsity: 0.0 }
    }

    #[test]
    fn the_best_of_the_last_hundred_is_chosen() {
        let mut checks: Vec<Check> = (0..150).map(|i| check(i, Some(f64::from((i as i32 - 70).abs())))).collect();
        assert_eq!(chosen(&checks).unwrap().iteration, 70);
        checks[20].interpolation = Some(-1.0);
        checks[75].interpolation = Some(-0.5);
        assert_eq!(chosen(&checks).unwrap().iteration, 75, "the 21st of 150 is too old");
        checks.iter_mut().for_each(|check| check.interpolation = None);
        assert!(chosen(&checks).is_some() && chosen(&[]).is_none());
    }
}
