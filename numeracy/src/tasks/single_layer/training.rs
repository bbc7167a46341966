//! Training of single layers.

use super::config::SingleConfig;
use super::outcome::SingleOutcome;
use super::problem::{Pair, threshold};
use super::ranges::RANGES;
use crate::run_context::RunContext;
use crate::runner::Experiment;
use crate::tasks::{Rules, SeedTraining};
use crate::training::train;

/// A single-layer experiment, ready to run. Its seeds go through the ranges in turn: the first nine are the first seed
/// of each.
#[derive(Clone, Debug)]
pub struct SingleLayer {
    config: SingleConfig,
    thresholds: [f64; RANGES.len()],
}

impl SingleLayer {
    /// Prepares the experiment; its thresholds are estimated here.
    #[must_use]
    pub fn new(config: SingleConfig) -> SingleLayer {
        let thresholds = RANGES.map(|(_, extrapolation)| threshold(config.operation, extrapolation));
        SingleLayer::judged_by(thresholds, config)
    }

    /// Prepares the experiment with these thresholds, one for each range.
    pub(super) fn judged_by(thresholds: [f64; RANGES.len()], config: SingleConfig) -> SingleLayer {
        SingleLayer { config, thresholds }
    }

    /// Gives the extrapolation error below which a seed is solved, for each of the [`RANGES`].
    #[must_use]
    pub fn thresholds(&self) -> [f64; RANGES.len()] {
        self.thresholds
    }
}

impl Experiment for SingleLayer {
    type Outcome = SingleOutcome;

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<SingleOutcome> {
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
        let trial = SeedTraining::new(Pair(self.config.operation), rules, cells, seed);
        train(trial, watch).map(|outcome| SingleOutcome { range, outcome })
    }

    fn is_success(&self, outcome: &SingleOutcome) -> bool {
        outcome.outcome.solved
    }

    fn scalars(&self, outcome: &SingleOutcome) -> Vec<(&'static str, f64)> {
        outcome.outcome.scalars()
    }
}
