//! Training of models that read programs.

use std::ops::ControlFlow;

use super::code::{Size, Sizes, draw};
use super::config::ProgramConfig;
use super::model::ProgramModel;
use super::outcome::{ProgramCheck, ProgramError, ProgramOutcome};
use crate::engine::{BATCH, Cell, Descent, Learner, Network, Purpose, Random, Row, zeros};
use crate::metrics;
use crate::recurrent::Calculator;
use crate::run_context::RunContext;
use crate::runner::Experiment;
use crate::schedule::Sparsity;
use crate::training::{End, Rate, Schedule, Training, train};

/// Number of checks of a seed.
const CHECKS: u64 = 20;
/// Number of batches of a check: 1,024 programs of each size.
const CHECK_BATCHES: usize = 8;
/// Fraction of the training after which a calculator's gates are decided, and that after which it is made whole.
const DECIDED_AT: f64 = 0.3;
const ROUNDED_AT: f64 = 0.7;

/// A program experiment, ready to run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Evaluation {
    config: ProgramConfig,
}

/// Scale of the answers in training.
const SCALE: f32 = 100.0;

impl Evaluation {
    /// Makes the experiment with these settings.
    #[must_use]
    pub fn new(config: ProgramConfig) -> Evaluation {
        Evaluation { config }
    }

    fn cells(&self, size: Size) -> Vec<Box<dyn Cell<f32>>> {
        self.config.model.cells(size.symbols(self.config.kind), self.config.units)
    }

    /// Computes the mean absolute error on 1,024 programs, the same ones each time, and the share that is right when
    /// rounded. An answer that is no finite number counts as the greatest error that there is.
    fn errors(&self, network: &mut Network<f32>, sizes: Sizes, purpose: Purpose) -> (f64, f64) {
        let mut random = Random::new(0, purpose);
        let (mut sum, mut right, mut targets) = (0.0, 0, zeros());
        for _ in 0..CHECK_BATCHES {
            draw(self.config.kind, sizes, &mut random, network.inputs(), &mut targets);
            for (&answer, &target) in network.forward()[0].iter().zip(&targets) {
                let error = (f64::from(answer) - f64::from(target)).abs();
                sum += if error.is_finite() { error } else { f64::from(f32::MAX) };
                right += u32::from(error < 0.5);
            }
        }
        let all = (CHECK_BATCHES * BATCH) as f64;
        (sum / all, f64::from(right) / all)
    }
}

/// A seed in training.
pub struct SeedTraining<'a> {
    task: &'a Evaluation,
    seed: u64,
    learner: Learner,
    checks: Vec<ProgramCheck>,
    /// Best check so far, and the parameters at it.
    kept: Option<(ProgramCheck, Vec<f32>)>,
}

impl SeedTraining<'_> {
    /// Gives the update before which this share of the training is done.
    fn at(&self, share: f64) -> u64 {
        (self.task.config.iterations as f64 * share) as u64
    }

    /// Tells if the parameters are held at whole numbers from this update on.
    fn is_whole(&self, iteration: u64) -> bool {
        self.task.config.model == ProgramModel::Calculator && iteration >= self.at(ROUNDED_AT)
    }

    /// Decides a calculator's gates, or makes it whole, where the time for that has come.
    fn constrain(&mut self, iteration: u64) {
        if self.task.config.model != ProgramModel::Calculator {
            return;
        }
        if iteration == self.at(DECIDED_AT) {
            Calculator::decide(self.learner.network.parameters());
        }
        if iteration == self.at(ROUNDED_AT) {
            Calculator::round(self.learner.network.parameters());
        }
    }
}

impl Training for SeedTraining<'_> {
    type Outcome = ProgramOutcome;

    fn schedule(&self) -> Schedule {
        let ProgramConfig { iterations, learning_rate, clip, .. } = &self.task.config;
        Schedule {
            updates: *iterations,
            evaluate_every: iterations.div_ceil(CHECKS),
            rate: Rate::Each(learning_rate.clone()),
            sparsity: Sparsity::NONE,
            clip: Some(*clip),
        }
    }

    fn evaluate(&mut self, iteration: u64) -> ControlFlow<End> {
        let trained = Sizes::UpTo(self.task.config.kind.trained());
        let (validation, _) = self.task.errors(&mut self.learner.network, trained, Purpose::Validation);
        let check = ProgramCheck { iteration, validation };
        self.checks.push(check);
        if self.kept.as_ref().is_none_or(|(best, _)| validation <= best.validation) {
            self.kept = Some((check, self.learner.network.parameters().to_vec()));
        }
        ControlFlow::Continue(())
    }

    fn update(&mut self, iteration: u64, descent: &Descent) -> ControlFlow<End> {
        if !self.is_whole(iteration) {
            let kind = self.task.config.kind;
            let draw = |random: &mut Random, x: &mut [Row<f32>], targets: &mut Row<f32>| {
                draw(kind, Sizes::UpTo(kind.trained()), random, x, targets);
            };
            self.learner.update(descent, draw, |by| by / (SCALE * SCALE));
        }
        self.constrain(iteration + 1);
        ControlFlow::Continue(())
    }

    fn outcome(self, _end: End) -> ProgramOutcome {
        let (chosen, parameters) = self.kept.expect("there is a check before the first update");
        let errors = self.task.config.kind.asked().into_iter().map(|size| {
            let initial = &mut Random::new(self.seed, Purpose::Initial);
            let mut asked = Network::new(self.task.cells(size), initial);
            asked.parameters().copy_from_slice(&parameters);
            let (absolute, right) = self.task.errors(&mut asked, Sizes::Exactly(size), Purpose::Test);
            ProgramError { size, absolute, right }
        });
        ProgramOutcome { chosen, errors: errors.collect(), curve: self.checks }
    }
}

impl Experiment for Evaluation {
    type Outcome = ProgramOutcome;

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<ProgramOutcome> {
        let learner = Learner::new(self.cells(self.config.kind.trained()), seed);
        let mut seed_training = SeedTraining { task: self, seed, learner, checks: Vec::new(), kept: None };
        seed_training.constrain(0);
        train(seed_training, watch)
    }

    fn is_success(&self, outcome: &ProgramOutcome) -> bool {
        outcome.is_solved()
    }

    fn scalars(&self, outcome: &ProgramOutcome) -> Vec<(&'static str, f64)> {
        let last = outcome.errors.last().map_or(f64::NAN, |error| error.absolute);
        let solved = f64::from(u8::from(outcome.is_solved()));
        vec![
            (metrics::SOLVED, solved),
            (metrics::INTERPOLATION, outcome.chosen.validation),
            (metrics::EXTRAPOLATION, last),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::code::Kind;
    use super::*;
    use crate::runner::outcome_of;

    #[test]
    fn a_calculator_learns_from_two_digits_what_holds_for_six() {
        for kind in [Kind::Add, Kind::Chain] {
            let experiment = Evaluation::new(ProgramConfig::new(kind, ProgramModel::Calculator, 32, 20_000));
            let outcome = outcome_of(&experiment, 1);
            assert!(outcome.curve[0].validation > 20.0, "{:?}", outcome.curve[0]);
            assert!(outcome.is_solved(), "{outcome:?}");
            assert_eq!(outcome.errors.last().map(|error| error.right), Some(1.0));
        }
    }
}
