//! Training of one seed, and the criterion by which it is judged (Madsen & Johansen 2020, §4.1 and appendix C.2).

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{Check, Outcome, Range};
use crate::cells::Cell;
use crate::engine::{BATCH, Descent, Learner, Purpose, Random, Row, zeros};
use crate::schedule::{LearningRate, Sparsity};
use crate::training::{End, Rate, Schedule, Training};

/// Number of updates between two checks, as published.
const CHECK_EVERY: u64 = 1000;
/// Number of checks among which the best by interpolation is chosen, as published.
const CHOICE: usize = 100;
/// Number of batches of a check: 10,112 examples for the 10,000 published.
const CHECK_BATCHES: usize = 79;
/// Greatest distance of weights from whole numbers once a regularizer has done its work.
const WHOLE: f64 = 1e-3;
/// Number of checks of a seed that are kept.
const CURVE: usize = 50;

/// Condition that ends the training of a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StopRule {
    /// Training ends after the last update.
    #[serde(rename = "end")]
    Last,
    /// Training ends early once the seed is solved at each of the last hundred checks, the sparsity regularizer has its
    /// full weight, and (if there is a regularizer) every weight is within 0.001 of a whole number; or as soon as an
    /// error is not finite, because training does not recover from that.
    #[serde(rename = "settled")]
    Converged,
}

/// Function of the inputs that a seed learns.
pub trait Problem {
    /// Computes the right results.
    fn targets(&self, x: &[Row<f32>], targets: &mut Row<f32>);
}

/// Rules by which a seed is trained and judged.
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    /// Greatest number of updates.
    pub iterations: u64,
    /// Step size of Adam over the updates.
    pub learning_rate: &'a LearningRate,
    /// Sparsity regularizer over the updates.
    pub sparsity: Sparsity,
    /// Greatest norm of a gradient, if there is one.
    pub clip: Option<f64>,
    /// Range of the inputs in training.
    pub interpolation: Range,
    /// Range of the inputs in the test.
    pub extrapolation: Range,
    /// Extrapolation error below which the seed is solved.
    pub threshold: f64,
    /// Condition that ends the training.
    pub until: StopRule,
}

/// A seed in training.
pub struct SeedTraining<'a, P> {
    problem: P,
    rules: Rules<'a>,
    learner: Learner,
    checks: Vec<Check>,
    /// Number of checks in a row after which the seed would have counted as solved.
    settled: usize,
}

impl<P: Problem> Training for SeedTraining<'_, P> {
    type Outcome = Outcome;

    fn schedule(&self) -> Schedule {
        let Rules { iterations, learning_rate, sparsity, clip, .. } = &self.rules;
        let rate = Rate::Held((*learning_rate).clone());
        Schedule { updates: *iterations, evaluate_every: CHECK_EVERY, rate, sparsity: *sparsity, clip: *clip }
    }

    fn evaluate(&mut self, iteration: u64) -> ControlFlow<End> {
        let check = self.check(iteration);
        self.checks.push(check);
        let full = self.rules.sparsity.is_full(iteration);
        let best = chosen(&self.checks).copied();
        let solved = full && best.is_some_and(|best| self.is_solved(&best));
        self.settled = if solved { self.settled + 1 } else { 0 };
        let whole = |check: Check| self.rules.sparsity.weight == 0.0 || check.sparsity < WHOLE;
        match self.rules.until {
            StopRule::Last => ControlFlow::Continue(()),
            StopRule::Converged if self.settled >= CHOICE && best.is_some_and(whole) => {
                ControlFlow::Break(End::Converged)
            }
            StopRule::Converged if check.interpolation.is_none() => ControlFlow::Break(End::Diverged { iteration }),
            StopRule::Converged => ControlFlow::Continue(()),
        }
    }

    fn update(&mut self, _iteration: u64, descent: &Descent) -> ControlFlow<End> {
        let draw = |random: &mut Random, x: &mut [Row<f32>], targets: &mut Row<f32>| {
            self.rules.interpolation.draw(random, x);
            self.problem.targets(x, targets);
        };
        self.learner.update(descent, draw, |by| by);
        ControlFlow::Continue(())
    }

    fn outcome(self, _end: End) -> Outcome {
        let chosen = *chosen(&self.checks).expect("there is a check before the first update");
        let solved = self.is_solved(&chosen);
        let first = self.checks.iter().find(|check| self.is_solved(check)).map(|check| check.iteration);
        Outcome {
            solved,
            solved_at: first.filter(|_| solved),
            iterations: self.checks.last().map_or(0, |check| check.iteration),
            chosen,
            curve: self.checks.iter().step_by(self.checks.len().div_ceil(CURVE)).copied().collect(),
        }
    }
}

impl<'a, P: Problem> SeedTraining<'a, P> {
    /// Makes a network of these cells before its first update.
    pub fn new(problem: P, rules: Rules<'a>, cells: Vec<Box<dyn Cell<f32>>>, seed: u64) -> SeedTraining<'a, P> {
        SeedTraining { problem, rules, learner: Learner::new(cells, seed), checks: Vec::new(), settled: 0 }
    }

    /// Computes the mean squared error over a fixed sample of the range.
    fn error(&mut self, purpose: Purpose, range: Range) -> Option<f64> {
        let network = &mut self.learner.network;
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

    fn check(&mut self, iteration: u64) -> Check {
        let Rules { interpolation, extrapolation, .. } = self.rules;
        Check {
            iteration,
            interpolation: self.error(Purpose::Validation, interpolation),
            extrapolation: self.error(Purpose::Test, extrapolation),
            sparsity: self.learner.network.sparsity_error(),
        }
    }

    fn is_solved(&self, check: &Check) -> bool {
        check.extrapolation.is_some_and(|error| error < self.rules.threshold)
    }
}

/// Gives the check by which a seed is judged that ends with the last of these: the one with the least interpolation
/// error among the last hundred.
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
