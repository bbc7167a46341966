//! Training of models that read number words.

use std::ops::ControlFlow;

use super::config::LanguageConfig;
use super::data::{Split, write};
use super::model::LanguageModel;
use super::outcome::{Check, LanguageOutcome};
use crate::engine::{BATCH, Descent, Learner, Network, Random, Row};
use crate::metrics;
use crate::recurrent::Register;
use crate::run_context::RunContext;
use crate::runner::Experiment;
use crate::schedule::Sparsity;
use crate::training::{End, Rate, Schedule, Training, train};

/// Number of checks of a seed.
const CHECKS: u64 = 40;
/// Fraction of the training after which a register's gates are decided.
const DECIDED_AT: f64 = 0.3;

/// A language experiment, ready to run.
#[derive(Clone, Debug)]
pub struct Language {
    config: LanguageConfig,
}

impl Language {
    /// Makes the experiment with these settings.
    #[must_use]
    pub fn new(config: LanguageConfig) -> Language {
        Language { config }
    }
}

/// Computes the mean absolute error over some numbers, and the share that is right when rounded. An answer that is no
/// finite number counts as the greatest error that there is.
fn errors(network: &mut Network<f32>, numbers: &[u32]) -> (f64, f64) {
    let (mut sum, mut right) = (0.0, 0);
    for batch in numbers.chunks(BATCH) {
        write(batch, network.inputs());
        let answers = &network.forward()[0];
        for (&answer, &number) in answers.iter().zip(batch) {
            let error = (f64::from(answer) - f64::from(number)).abs();
            sum += if error.is_finite() { error } else { f64::from(f32::MAX) };
            right += u32::from(error < 0.5);
        }
    }
    (sum / numbers.len() as f64, f64::from(right) / numbers.len() as f64)
}

/// A seed in training.
pub struct SeedTraining<'a> {
    config: &'a LanguageConfig,
    split: Split,
    /// Examples of training, shuffled before each update.
    order: Vec<u32>,
    learner: Learner,
    checks: Vec<Check>,
}

impl Training for SeedTraining<'_> {
    type Outcome = LanguageOutcome;

    fn schedule(&self) -> Schedule {
        let LanguageConfig { iterations, learning_rate, .. } = self.config;
        Schedule {
            updates: *iterations,
            evaluate_every: iterations.div_ceil(CHECKS),
            rate: Rate::Each(learning_rate.clone()),
            sparsity: Sparsity::NONE,
            clip: None,
        }
    }

    fn evaluate(&mut self, iteration: u64) -> ControlFlow<End> {
        let network = &mut self.learner.network;
        let (training, _) = errors(network, &self.split.training);
        let (validation, _) = errors(network, &self.split.validation);
        let (test, right) = errors(network, &self.split.test);
        self.checks.push(Check { iteration, training, validation, test, right });
        ControlFlow::Continue(())
    }

    fn update(&mut self, iteration: u64, descent: &Descent) -> ControlFlow<End> {
        let decided_at = (self.config.iterations as f64 * DECIDED_AT) as u64;
        if self.config.model == LanguageModel::Register && iteration == decided_at {
            Register::decide(self.learner.network.parameters());
        }
        let order = &mut self.order;
        let draw = |random: &mut Random, x: &mut [Row<f32>], targets: &mut Row<f32>| {
            random.shuffle(order);
            write(&order[..BATCH], x);
            targets.iter_mut().zip(order).for_each(|(target, number)| *target = *number as f32);
        };
        self.learner.update(descent, draw, |by| by);
        ControlFlow::Continue(())
    }

    fn outcome(self, _end: End) -> LanguageOutcome {
        let best = self.checks.iter().min_by(|a, b| a.validation.total_cmp(&b.validation));
        LanguageOutcome { chosen: *best.expect("there is a check before the first update"), curve: self.checks }
    }
}

impl Experiment for Language {
    type Outcome = LanguageOutcome;

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<LanguageOutcome> {
        let config = &self.config;
        let split = Split::new(seed);
        let learner = Learner::new(config.model.cells(config.units), seed);
        train(SeedTraining { config, order: split.training.clone(), split, learner, checks: Vec::new() }, watch)
    }

    fn is_success(&self, outcome: &LanguageOutcome) -> bool {
        outcome.is_solved()
    }

    fn scalars(&self, outcome: &LanguageOutcome) -> Vec<(&'static str, f64)> {
        let check = &outcome.chosen;
        let solved = f64::from(u8::from(outcome.is_solved()));
        vec![(metrics::SOLVED, solved), (metrics::INTERPOLATION, check.training), (metrics::EXTRAPOLATION, check.test)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::outcome_of;

    #[test]
    fn a_register_learns_words_that_it_has_not_met_together() {
        let experiment = Language::new(LanguageConfig::new(LanguageModel::Register, 32, 8_000));
        for seed in 1..=3 {
            let found = outcome_of(&experiment, seed);
            // From about 500, ten seeds came to errors of 2 to 9.
            assert!(found.curve[0].test > 300.0, "{:?}", found.curve[0]);
            assert!(found.chosen.test < 30.0, "{:?}", found.chosen);
        }
    }
}
