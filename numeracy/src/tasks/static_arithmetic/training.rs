//! How it is learned.

use gridworld_agents::records::Tag;
use serde::{Deserialize, Serialize};

use super::super::Operation;
use super::outcome::{Check, StaticOutcome};
use super::problem::{INPUTS, Problem};
use super::threshold::threshold;
use crate::cells::CellName;
use crate::crew::{Experiment, Watch};
use crate::engine::{Adam, BATCH, Network, Purpose, Random, zeros};
use crate::schedule::{LearningRate, Sparsity};

/// Units between the two layers.
const HIDDEN: usize = 2;
/// Updates between two checks, as published.
const CHECK_EVERY: u64 = 1000;
/// Checks among which the best by interpolation is chosen, as published.
const CHOICE: usize = 100;
/// Batches of a check: 10,112 examples for the 10,000 published.
const CHECK_BATCHES: usize = 79;
/// Checks of a seed that are kept.
const CURVE: usize = 50;

/// When a seed ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Until {
    /// After all iterations.
    End,
    /// Once it would have counted as solved had it ended at any of the last hundred checks, with the sparsity regularizer
    /// at its full weight; or once an error is not finite, from which nothing recovers.
    Settled,
}

/// A static arithmetic experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaticConfig {
    /// What is to be computed.
    pub operation: Operation,
    /// What it is to be learned by.
    pub cell: CellName,
    /// Updates of each seed.
    pub iterations: u64,
    /// Adam's step size.
    pub learning_rate: LearningRate,
    /// The sparsity regularizer.
    pub sparsity: Sparsity,
    /// Inputs in training.
    pub interpolation: (f64, f64),
    /// Inputs in the test.
    pub extrapolation: (f64, f64),
    /// When a seed ends.
    pub until: Until,
}

impl StaticConfig {
    /// Madsen & Johansen's experiment (2020, §4.1 and table 4) with this cell, within so many updates; they made five
    /// million. Cells that they do not have are treated as their NMU, but for the [quotient](CellName::Quotient).
    pub fn published(operation: Operation, cell: CellName, iterations: u64) -> StaticConfig {
        let late = Sparsity { weight: 10.0, ramp: (1_000_000, 2_000_000) };
        let (sparsity, learning_rate) = match cell {
            CellName::Nau | CellName::NauHalf => {
                (Sparsity { weight: 0.01, ramp: (5_000, 50_000) }, LearningRate::constant(1e-3))
            }
            CellName::Nmu | CellName::RealNpuWhole | CellName::Nmru => (late, LearningRate::constant(1e-3)),
            CellName::Quotient => return StaticConfig::quotient(operation, iterations),
            CellName::Dense(_)
            | CellName::Nac
            | CellName::NacMul
            | CellName::Nalu
            | CellName::NaluSeparate
            | CellName::RealNpu => (Sparsity::NONE, LearningRate::constant(1e-3)),
        };
        let sparsity = sparsity.within(iterations);
        StaticConfig { cell, learning_rate, sparsity, ..StaticConfig::quotient(operation, iterations) }
    }

    /// Ours for division. A quotient of sums says of an input that is in both of them, or in neither, only by how far
    /// the sums are apart, a few per cent: its weights are found once the step size is small enough not to hide that,
    /// then the regularizer makes them whole, and the last steps bring them there to the last bit.
    fn quotient(operation: Operation, iterations: u64) -> StaticConfig {
        let part = |share: f64| (share * iterations as f64) as u64;
        StaticConfig {
            operation,
            cell: CellName::Quotient,
            iterations,
            learning_rate: LearningRate::through(1e-3, [(part(0.6), 1e-4), (part(0.7), 1e-4), (iterations, 1e-7)]),
            sparsity: Sparsity { weight: 1.0, ramp: (part(0.6), part(0.7)) },
            interpolation: (1.0, 2.0),
            extrapolation: (2.0, 6.0),
            until: Until::Settled,
        }
    }
}

/// The experiment, ready to run.
#[derive(Clone, Debug)]
pub struct StaticArithmetic {
    config: StaticConfig,
    threshold: f64,
}

impl StaticArithmetic {
    /// Prepares the experiment; its threshold is estimated here.
    pub fn new(config: StaticConfig) -> StaticArithmetic {
        StaticArithmetic { threshold: threshold(config.operation, config.extrapolation), config }
    }

    /// Below which extrapolation error a seed is solved.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// The mean squared error over a fixed sample of inputs from `low` to `high`.
    fn error(network: &mut Network<f32>, problem: &Problem, purpose: Purpose, (low, high): (f64, f64)) -> f64 {
        let mut random = Random::new(0, purpose);
        let mut targets = [zeros()];
        let mut sum = 0.0;
        for _ in 0..CHECK_BATCHES {
            random.fill(network.inputs(), low, high);
            problem.targets(network.inputs(), &mut targets[0]);
            network.forward();
            sum += network.loss(&targets);
        }
        sum / CHECK_BATCHES as f64
    }

    fn check(&self, network: &mut Network<f32>, problem: &Problem, iteration: u64) -> Check {
        let finite = |error: f64| Some(error).filter(|error| error.is_finite());
        Check {
            iteration,
            interpolation: finite(Self::error(network, problem, Purpose::Validation, self.config.interpolation)),
            extrapolation: finite(Self::error(network, problem, Purpose::Test, self.config.extrapolation)),
            sparsity: network.sparsity_error(),
        }
    }

    fn is_solved(&self, check: &Check) -> bool {
        check.extrapolation.is_some_and(|error| error < self.threshold)
    }

    /// The check by which a seed is judged that ends with the last of these: the one with the least interpolation error
    /// among the last hundred.
    fn chosen(checks: &[Check]) -> Option<&Check> {
        let by_interpolation = |check: &&Check| check.interpolation.unwrap_or(f64::INFINITY);
        let last = &checks[checks.len().saturating_sub(CHOICE)..];
        last.iter().min_by(|a, b| by_interpolation(a).total_cmp(&by_interpolation(b)))
    }

    fn outcome(&self, checks: &[Check]) -> StaticOutcome {
        let chosen = *Self::chosen(checks).expect("there is a check before the first update");
        let solved = self.is_solved(&chosen);
        let first = checks.iter().find(|check| self.is_solved(check)).map(|check| check.iteration);
        let step = checks.len().div_ceil(CURVE);
        StaticOutcome {
            solved,
            solved_at: first.filter(|_| solved),
            iterations: checks.last().map_or(0, |check| check.iteration),
            chosen,
            curve: checks.iter().step_by(step).copied().collect(),
        }
    }
}

impl Experiment for StaticArithmetic {
    type Outcome = StaticOutcome;

    fn run(&self, seed: u64, watch: &Watch<'_>) -> Option<StaticOutcome> {
        let config = &self.config;
        let problem = Problem::new(config.operation, seed);
        let cells = vec![config.cell.below().cell(INPUTS, HIDDEN), config.cell.cell(HIDDEN, 1)];
        let mut network: Network<f32> = Network::new(cells, &mut Random::new(seed, Purpose::Initial));
        let mut optimizer = Adam::new(network.parameters().len());
        let mut random = Random::new(seed, Purpose::Training);
        let (low, high) = config.interpolation;
        let mut targets = [zeros()];
        let mut checks = Vec::new();
        // Checks in a row after which the seed would have counted as solved.
        let mut settled = 0;
        let mut rate = 0.0;
        for iteration in 0..=config.iterations {
            if iteration.is_multiple_of(CHECK_EVERY) {
                checks.push(self.check(&mut network, &problem, iteration));
                let full = config.sparsity.is_full(iteration);
                let solved = full && Self::chosen(&checks).is_some_and(|chosen| self.is_solved(chosen));
                settled = if solved { settled + 1 } else { 0 };
                let lost = checks.last().is_some_and(|check| check.interpolation.is_none());
                let ended = config.until == Until::Settled && (settled >= CHOICE || lost);
                if ended || iteration == config.iterations {
                    break;
                }
                // A constant between checks: the power of ten of each step would take longer than the step.
                rate = config.learning_rate.at(iteration);
                if !watch.goes_on(iteration as f64 / config.iterations as f64) {
                    return None;
                }
            }
            random.fill(network.inputs(), low, high);
            problem.targets(network.inputs(), &mut targets[0]);
            network.forward();
            network.backward(&targets);
            network.add_sparsity(config.sparsity.at(iteration));
            network.update(&mut optimizer, rate);
        }
        Some(self.outcome(&checks))
    }

    fn is_success(&self, outcome: &StaticOutcome) -> bool {
        outcome.solved
    }

    fn scalars(&self, outcome: &StaticOutcome) -> Vec<(Tag, f64)> {
        outcome.scalars()
    }
}

const _: () = assert!(CHECK_BATCHES * BATCH >= 10_000);
