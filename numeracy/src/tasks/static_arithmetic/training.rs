//! How it is learned.

use serde::{Deserialize, Serialize};

use super::problem::{INPUTS, Subsets};
use super::threshold::threshold;
use crate::cells::CellName;
use crate::crew::Experiment;
use crate::schedule::{LearningRate, Sparsity};
use crate::tasks::{Operation, Outcome, Range, Rules, Trial, Until};
use crate::training::train;
use crate::watch::Watch;

/// Units between the two layers.
const HIDDEN: usize = 2;

/// A static arithmetic experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaticConfig {
    /// What is to be computed.
    pub operation: Operation,
    /// What it is to be learned by: the second layer.
    pub cell: CellName,
    /// The first layer.
    pub first: CellName,
    /// Updates of each seed.
    pub iterations: u64,
    /// Adam's step size.
    pub learning_rate: LearningRate,
    /// The sparsity regularizer.
    pub sparsity: Sparsity,
    /// Inputs in training.
    pub interpolation: Range,
    /// Inputs in the test.
    pub extrapolation: Range,
    /// When a seed ends.
    pub until: Until,
}

impl StaticConfig {
    /// Madsen & Johansen's experiment (2020, §4.1 and table 4) with this cell, within so many updates; they made five
    /// million. Cells that they do not have are treated as their NMU, but for the [quotient](CellName::Quotient) and the
    /// [root](CellName::Root).
    pub fn published(operation: Operation, cell: CellName, iterations: u64) -> StaticConfig {
        let late = Sparsity { weight: 10.0, ramp: (1_000_000, 2_000_000) };
        let (sparsity, learning_rate) = match cell {
            CellName::Nau | CellName::NauHalf => {
                (Sparsity { weight: 0.01, ramp: (5_000, 50_000) }, LearningRate::constant(1e-3))
            }
            CellName::Nmu | CellName::NmuAll | CellName::RealNpuWhole | CellName::Nmru => {
                (late, LearningRate::constant(1e-3))
            }
            CellName::INalu => (Sparsity { weight: 0.05, ..late }, LearningRate::constant(1e-3)),
            CellName::Quotient | CellName::Root => return StaticConfig::ours(operation, cell, iterations),
            CellName::Dense(_)
            | CellName::Nac
            | CellName::NacMul
            | CellName::Nalu
            | CellName::NaluSeparate
            | CellName::RealNpu => (Sparsity::NONE, LearningRate::constant(1e-3)),
        };
        let sparsity = sparsity.within(iterations);
        StaticConfig { learning_rate, sparsity, ..StaticConfig::ours(operation, cell, iterations) }
    }

    /// The same, but the sparsity regularizer grows from two fifths to three fifths of the updates: a million later than
    /// published, of five million. Ours for products. The mean of both sums in each unit of the first layer is a saddle;
    /// an NMU that has not left it after a million updates is held there by weights that are made whole.
    pub fn late(self) -> StaticConfig {
        let ramp = (self.iterations * 2 / 5, self.iterations * 3 / 5);
        StaticConfig { sparsity: Sparsity { ramp, ..self.sparsity }, ..self }
    }

    /// Ours for division and roots. A quotient of sums says of an input that is in both of them, or in neither, only by how far
    /// the sums are apart, a few per cent: its weights are found once the step size is small enough not to hide that,
    /// then the regularizer makes them whole, and the last steps bring them there to the last bit.
    fn ours(operation: Operation, cell: CellName, iterations: u64) -> StaticConfig {
        let part = |share: f64| (share * iterations as f64) as u64;
        StaticConfig {
            operation,
            cell,
            first: cell.below(),
            iterations,
            learning_rate: LearningRate::through(1e-3, [(part(0.6), 1e-4), (part(0.7), 1e-4), (iterations, 1e-7)]),
            sparsity: Sparsity { weight: 1.0, ramp: (part(0.6), part(0.7)) },
            interpolation: Range::new(1.0, 2.0),
            extrapolation: Range::new(2.0, 6.0),
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
}

impl Experiment for StaticArithmetic {
    type Outcome = Outcome;

    fn run(&self, seed: u64, watch: &Watch<'_>) -> Option<Outcome> {
        let StaticConfig { operation, cell, first, .. } = self.config;
        let rules = Rules {
            iterations: self.config.iterations,
            learning_rate: &self.config.learning_rate,
            sparsity: self.config.sparsity,
            clip: None,
            interpolation: self.config.interpolation,
            extrapolation: self.config.extrapolation,
            threshold: self.threshold,
            until: self.config.until,
        };
        let cells = vec![first.cell(INPUTS, HIDDEN), cell.cell(HIDDEN, 1)];
        train(Trial::new(Subsets::new(operation, seed), rules, cells, seed), watch)
    }

    fn is_success(&self, outcome: &Outcome) -> bool {
        outcome.solved
    }

    fn scalars(&self, outcome: &Outcome) -> Vec<(&'static str, f64)> {
        outcome.scalars()
    }
}
