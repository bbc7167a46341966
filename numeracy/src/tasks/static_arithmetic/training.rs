//! Training on static arithmetic.

use super::config::StaticConfig;
use super::problem::{INPUTS, Subsets};
use super::threshold::threshold;
use crate::run_context::RunContext;
use crate::runner::Experiment;
use crate::tasks::{Outcome, Rules, SeedTraining};
use crate::training::train;

/// Number of units between the two layers.
const HIDDEN: usize = 2;

/// A static arithmetic experiment, ready to run.
#[derive(Clone, Debug)]
pub struct StaticArithmetic {
    config: StaticConfig,
    threshold: f64,
}

impl StaticArithmetic {
    /// Prepares the experiment; its threshold is estimated here.
    #[must_use]
    pub fn new(config: StaticConfig) -> StaticArithmetic {
        StaticArithmetic::judged_by(threshold(config.operation, config.extrapolation), config)
    }

    /// Prepares the experiment with this threshold.
    pub(super) fn judged_by(threshold: f64, config: StaticConfig) -> StaticArithmetic {
        StaticArithmetic { config, threshold }
    }

    /// Gives the extrapolation error below which a seed is solved.
    #[must_use]
    pub fn threshold(&self) -> f64 {
        self.threshold
    }
}

impl Experiment for StaticArithmetic {
    type Outcome = Outcome;

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<Outcome> {
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
        train(SeedTraining::new(Subsets::new(operation, seed), rules, cells, seed), watch)
    }

    fn is_success(&self, outcome: &Outcome) -> bool {
        outcome.solved
    }

    fn scalars(&self, outcome: &Outcome) -> Vec<(&'static str, f64)> {
        outcome.scalars()
    }
}
