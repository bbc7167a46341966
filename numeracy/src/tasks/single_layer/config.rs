//! The settings.

use serde::{Deserialize, Serialize};

use crate::cells::{CellName, Learning};
use crate::schedule::{LearningRate, Sparsity};
use crate::tasks::{Operation, Until};

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
        let Learning { pairs: Sparsity { weight, ramp }, pairs_rate, pairs_clip: clip, .. } = cell.learning();
        let part = |published: u64| published * iterations / 50_000;
        let sparsity = Sparsity { weight, ramp: (part(ramp.0), part(ramp.1)) };
        let learning_rate = LearningRate::constant(pairs_rate);
        SingleConfig { operation, cell, iterations, learning_rate, sparsity, clip, until: Until::End }
    }
}
