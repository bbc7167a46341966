//! How it is learned.

use serde::{Deserialize, Serialize};

use super::problem::{Pair, threshold};
use super::ranges::RANGES;
use crate::cells::CellName;
use crate::crew::Experiment;
use crate::schedule::{LearningRate, Sparsity};
use crate::tasks::{Operation, Outcome, Rules, Trial, Until};
use crate::training::train;
use crate::watch::Watch;

/// A single-layer experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingleConfig {
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
    /// The greatest norm of a gradient, if there is one.
    pub clip: Option<f64>,
    /// When a seed ends.
    pub until: Until,
}

impl SingleConfig {
    /// Mistry et al.'s experiment with this cell, within so many updates; they made 50,000. The settings are those of the
    /// programs that belong to arXiv:2101.09530 and, for division, arXiv:2110.05177.
    pub fn published(operation: Operation, cell: CellName, iterations: u64) -> SingleConfig {
        let part = |published: u64| published * iterations / 50_000;
        let ramp = |weight, start, end| Sparsity { weight, ramp: (part(start), part(end)) };
        let (sparsity, rate, clip) = match cell {
            CellName::Nau | CellName::NauHalf => (ramp(0.01, 20_000, 35_000), 1e-3, None),
            CellName::Nmu | CellName::NmuAll => (ramp(10.0, 20_000, 35_000), 1e-3, None),
            CellName::Nmru => (ramp(10.0, 20_000, 35_000), 1e-2, Some(1.0)),
            CellName::INalu => (ramp(0.05, 20_000, 35_000), 1e-3, None),
            CellName::RealNpu => (Sparsity::NONE, 5e-3, None),
            CellName::RealNpuWhole | CellName::Quotient | CellName::Root => (ramp(1.0, 40_000, 50_000), 5e-3, None),
            CellName::Dense(_) | CellName::Nac | CellName::NacMul | CellName::Nalu | CellName::NaluSeparate => {
                (Sparsity::NONE, 1e-3, None)
            }
        };
        let learning_rate = LearningRate::constant(rate);
        SingleConfig { operation, cell, iterations, learning_rate, sparsity, clip, until: Until::End }
    }
}

/// The experiment, ready to run. Its seeds go through the ranges in turn: the first nine are the first seed of each.
#[derive(Clone, Debug)]
pub struct SingleLayer {
    config: SingleConfig,
    thresholds: [f64; RANGES.len()],
}

/// What became of a seed on a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingleOutcome {
    /// Which of the [`RANGES`].
    pub range: usize,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl SingleLayer {
    /// Prepares the experiment; its thresholds are estimated here.
    pub fn new(config: SingleConfig) -> SingleLayer {
        let thresholds = RANGES.map(|(_, extrapolation)| threshold(config.operation, extrapolation));
        SingleLayer { config, thresholds }
    }

    /// Below which extrapolation error a seed is solved, for each of the [`RANGES`].
    pub fn thresholds(&self) -> [f64; RANGES.len()] {
        self.thresholds
    }
}

impl Experiment for SingleLayer {
    type Outcome = SingleOutcome;

    fn run(&self, seed: u64, watch: &Watch<'_>) -> Option<SingleOutcome> {
        let range = ((seed - 1) % RANGES.len() as u64) as usize;
        let (interpolation, extrapolation) = RANGES[range];
        let rules = Rules {
            iterations: self.config.iterations,
            learning_rate: &self.config.learning_rate,
            sparsity: self.config.sparsity,
            clip: self.config.clip,
            interpolation,
            extrapolation,
            threshold: self.thresholds[range],
            until: self.config.until,
        };
        let cells = vec![self.config.cell.cell(2, 1)];
        let trial = Trial::new(Pair(self.config.operation), rules, cells, seed);
        train(trial, watch).map(|outcome| SingleOutcome { range, outcome })
    }

    fn is_success(&self, outcome: &SingleOutcome) -> bool {
        outcome.outcome.solved
    }

    fn scalars(&self, outcome: &SingleOutcome) -> Vec<(&'static str, f64)> {
        outcome.outcome.scalars()
    }
}
