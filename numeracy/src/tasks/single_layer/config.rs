//! Settings of a single-layer experiment.

use serde::{Deserialize, Serialize};

use crate::cells::{CellName, Learning};
use crate::schedule::{LearningRate, Sparsity};
use crate::tasks::{Operation, StopRule};

/// Settings of a single-layer experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingleConfig {
    /// Operation that is learned.
    pub operation: Operation,
    /// Cell that learns it.
    pub cell: CellName,
    /// Number of updates of each seed.
    pub iterations: u64,
    /// Step size of Adam over the updates.
    pub learning_rate: LearningRate,
    /// Sparsity regularizer over the updates.
    pub sparsity: Sparsity,
    /// Greatest norm of a gradient, if there is one.
    pub clip: Option<f64>,
    /// Condition that ends the training of a seed.
    pub until: StopRule,
}

impl SingleConfig {
    /// Makes Mistry et al.'s experiment with this cell, within so many updates; they made 50,000. The settings are
    /// those of the programs that belong to arXiv:2101.09530 and, for division, arXiv:2110.05177.
    #[must_use]
    pub fn published(operation: Operation, cell: CellName, iterations: u64) -> SingleConfig {
        let Learning { pairs: Sparsity { weight, ramp }, pairs_rate, pairs_clip: clip, .. } = cell.learning();
        let part = |published: u64| published * iterations / 50_000;
        let sparsity = Sparsity { weight, ramp: (part(ramp.0), part(ramp.1)) };
        let learning_rate = LearningRate::constant(pairs_rate);
        SingleConfig { operation, cell, iterations, learning_rate, sparsity, clip, until: StopRule::Last }
    }
}
