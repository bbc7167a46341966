//! The training of a seed: one loop for every task.
//!
//! A task says what a batch is, what an update does with it, what is evaluated, and when a seed has learned enough. The
//! loop has the rest: the order of updates and evaluations, the rates of each update, the end, interruption and
//! progress.

use std::ops::ControlFlow;

use crate::engine::Descent;
use crate::run_context::RunContext;
use crate::schedule::{LearningRate, Sparsity};

/// Length of a seed's training, and its rates.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Greatest number of updates.
    pub updates: u64,
    /// Number of updates between two evaluations; there is one before the first update, too, and one after the last.
    pub evaluate_every: u64,
    /// Step size of Adam over the updates.
    pub rate: Rate,
    /// Sparsity regularizer over the updates.
    pub sparsity: Sparsity,
    /// Greatest norm of a gradient, if there is one.
    pub clip: Option<f64>,
}

/// Step size of Adam over a training.
#[derive(Clone, Debug, PartialEq)]
pub enum Rate {
    /// A new step size for each update.
    Each(LearningRate),
    /// A new step size after each evaluation: the power in it takes longer than an update of a small network.
    Held(LearningRate),
    /// Half a cosine, from `rate` down to 0 over all updates; for the updates before `warm` it is `factor` times `rate`.
    Cosine {
        /// Step size at the beginning of the cosine.
        rate: f64,
        /// Number of updates at the start that have another step size.
        warm: u64,
        /// Factor on `rate` in the first `warm` updates.
        factor: f64,
    },
}

impl Schedule {
    /// Gives the rates of an update.
    fn at(&self, iteration: u64, held: f64) -> Descent {
        let rate = match &self.rate {
            Rate::Each(rate) => rate.at(iteration),
            Rate::Held(_) => held,
            Rate::Cosine { rate, warm, factor } if iteration < *warm => rate * factor,
            Rate::Cosine { rate, .. } => {
                let share = iteration as f64 / self.updates as f64;
                rate * (0.5 * (1.0 + (std::f64::consts::PI * share).cos()))
            }
        };
        Descent { rate, sparsity: self.sparsity.at(iteration), clip: self.clip }
    }

    /// Gives the step size that is held from an evaluation on, where one is.
    fn held(&self, iteration: u64) -> f64 {
        if let Rate::Held(rate) = &self.rate { rate.at(iteration) } else { 0.0 }
    }
}

/// Reason for which a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The last update was made.
    Last,
    /// The training ended early: nothing that was still to come would change the seed's outcome.
    Converged,
    /// A number was not finite, from which nothing recovers.
    Diverged {
        /// Number of updates before it.
        iteration: u64,
    },
}

/// A seed in training, from the view of the loop.
pub trait Training {
    /// Outcome of the seed.
    type Outcome;

    /// Gives the length of the training, and its rates.
    fn schedule(&self) -> Schedule;

    /// Evaluates what was learned in `iteration` updates, and ends the training if it has come to its end.
    fn evaluate(&mut self, iteration: u64) -> ControlFlow<End>;

    /// Draws a batch, and makes the update after `iteration` others.
    fn update(&mut self, iteration: u64, descent: &Descent) -> ControlFlow<End>;

    /// Gives the seed's outcome.
    fn outcome(self, end: End) -> Self::Outcome;
}

/// Trains a seed; nothing where `watch` says that it is not to go on.
///
/// It is generic, so that the compiler can inline the training. Call it from a function that is not generic, so that it
/// is compiled once.
pub fn train<T: Training>(mut training: T, watch: &RunContext<'_>) -> Option<T::Outcome> {
    let schedule = training.schedule();
    let mut held = 0.0;
    for iteration in 0..=schedule.updates {
        let is_last = iteration == schedule.updates;
        if is_last || iteration.is_multiple_of(schedule.evaluate_every) {
            if let ControlFlow::Break(end) = training.evaluate(iteration) {
                return Some(training.outcome(end));
            }
            if is_last {
                break;
            }
            held = schedule.held(iteration);
            if !watch.goes_on(iteration as f64 / schedule.updates as f64) {
                return None;
            }
        }
        if let ControlFlow::Break(end) = training.update(iteration, &schedule.at(iteration, held)) {
            return Some(training.outcome(end));
        }
    }
    Some(training.outcome(End::Last))
}
