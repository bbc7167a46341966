//! How it is learned.

use serde::{Deserialize, Serialize};

use super::code::{Kind, Size, Sizes, draw};
use super::model::ProgramModel;
use super::outcome::{ProgramCheck, ProgramError, ProgramOutcome};
use crate::crew::{Experiment, Watch};
use crate::engine::{Adam, BATCH, Network, Purpose, Random, zeros};
use crate::metrics;
use crate::recurrent::Calculator;
use crate::schedule::LearningRate;

/// Checks of a seed.
const CHECKS: u64 = 20;
/// Batches of a check: 1,024 programs of each size.
const CHECK_BATCHES: usize = 8;
/// After which part of the training a calculator's gates are decided, and after which it is made whole.
const DECIDED_AT: f64 = 0.3;
const ROUNDED_AT: f64 = 0.7;

/// A program experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramConfig {
    /// What the programs do.
    pub kind: Kind,
    /// What reads them.
    pub model: ProgramModel,
    /// Units of embedding and memory.
    pub units: usize,
    /// Updates of each seed.
    pub iterations: u64,
    /// Adam's step size.
    pub learning_rate: LearningRate,
    /// The greatest norm of a gradient.
    pub clip: f64,
}

impl ProgramConfig {
    /// What each model learns by: step sizes that stay for half of the updates, and then fall to a hundredth. The loss is
    /// the squared error in units of the answers' scale; the gradient is clipped, for operands grow exponentially.
    pub fn new(kind: Kind, model: ProgramModel, units: usize, iterations: u64) -> ProgramConfig {
        let rate = if model == ProgramModel::Calculator { 0.03 } else { 3e-3 };
        let points = [(iterations / 2, rate), (iterations, rate / 100.0)];
        let learning_rate = LearningRate::through(rate, points);
        ProgramConfig { kind, model, units, iterations, learning_rate, clip: 1.0 }
    }
}

/// The experiment, ready to run.
#[derive(Clone, Debug)]
pub struct Evaluation {
    config: ProgramConfig,
}

/// Answers are about so great in training.
const SCALE: f32 = 100.0;

impl Evaluation {
    /// Of these settings.
    pub fn new(config: ProgramConfig) -> Evaluation {
        Evaluation { config }
    }

    fn network(&self, size: Size, seed: u64) -> Network<f32> {
        let cells = self.config.model.cells(size.symbols(self.config.kind), self.config.units);
        Network::new(cells, &mut Random::new(seed, Purpose::Initial))
    }

    /// The mean absolute error on 1,024 programs, the same ones each time, and the share that is right when rounded. An
    /// answer that is no finite number counts as the greatest error that there is.
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

impl Experiment for Evaluation {
    type Outcome = ProgramOutcome;

    fn run(&self, seed: u64, watch: &Watch<'_>) -> Option<ProgramOutcome> {
        let config = &self.config;
        let trained = config.kind.trained();
        let mut network = self.network(trained, seed);
        let mut optimizer = Adam::new(network.parameters().len());
        let mut random = Random::new(seed, Purpose::Training);
        let mut targets = [zeros()];
        let mut checks: Vec<ProgramCheck> = Vec::new();
        let mut kept: Option<(ProgramCheck, Vec<f32>)> = None;
        let between = config.iterations.div_ceil(CHECKS);
        let at = |share: f64| (config.iterations as f64 * share) as u64;
        let is_calculator = config.model == ProgramModel::Calculator;
        for iteration in 0..=config.iterations {
            if is_calculator && iteration == at(DECIDED_AT) {
                Calculator::decide(network.parameters());
            }
            if is_calculator && iteration == at(ROUNDED_AT) {
                Calculator::round(network.parameters());
            }
            if iteration.is_multiple_of(between) || iteration == config.iterations {
                if !watch.goes_on(iteration as f64 / config.iterations as f64) {
                    return None;
                }
                let (validation, _) = self.errors(&mut network, Sizes::UpTo(trained), Purpose::Validation);
                let check = ProgramCheck { iteration, validation };
                checks.push(check);
                if kept.as_ref().is_none_or(|(best, _)| validation <= best.validation) {
                    kept = Some((check, network.parameters().to_vec()));
                }
            }
            // Whole numbers are held.
            if is_calculator && iteration >= at(ROUNDED_AT) {
                continue;
            }
            draw(config.kind, Sizes::UpTo(trained), &mut random, network.inputs(), &mut targets[0]);
            network.forward();
            network.backward(&targets).iter_mut().for_each(|by| *by /= SCALE * SCALE);
            network.clip(config.clip);
            network.update(&mut optimizer, config.learning_rate.at(iteration));
        }
        let (chosen, parameters) = kept.expect("there is a check before the first update");
        let errors = config.kind.asked().into_iter().map(|size| {
            let mut asked = self.network(size, seed);
            asked.parameters().copy_from_slice(&parameters);
            let (absolute, right) = self.errors(&mut asked, Sizes::Exactly(size), Purpose::Test);
            ProgramError { size, absolute, right }
        });
        Some(ProgramOutcome { chosen, errors: errors.collect(), curve: checks })
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
    use super::*;
    use crate::crew::outcome_of;

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
