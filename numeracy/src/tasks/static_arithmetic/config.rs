//! Settings of a static arithmetic experiment.

use serde::{Deserialize, Serialize};

use crate::cells::CellName;
use crate::schedule::{LearningRate, Sparsity};
use crate::tasks::{Operation, Range, StopRule};

/// Settings of a static arithmetic experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaticConfig {
    /// Operation that is learned.
    pub operation: Operation,
    /// Cell that learns it: the second layer.
    pub cell: CellName,
    /// Cell of the first layer.
    pub first: CellName,
    /// Number of updates of each seed.
    pub iterations: u64,
    /// Step size of Adam over the updates.
    pub learning_rate: LearningRate,
    /// Sparsity regularizer over the updates.
    pub sparsity: Sparsity,
    /// Range of the inputs in training.
    pub interpolation: Range,
    /// Range of the inputs in the test.
    pub extrapolation: Range,
    /// Condition that ends the training of a seed.
    pub until: StopRule,
}

impl StaticConfig {
    /// Makes Madsen & Johansen's experiment (2020, §4.1 and table 4) with this cell, within so many updates; they made
    /// five million. Cells that they do not have are treated as their NMU, but for the [quotient](CellName::Quotient)
    /// and the [root](CellName::Root).
    #[must_use]
    pub fn published(operation: Operation, cell: CellName, iterations: u64) -> StaticConfig {
        let ours = StaticConfig::ours(operation, cell, iterations);
        let Some(sparsity) = cell.learning().subsets else { return ours };
        StaticConfig { learning_rate: LearningRate::constant(1e-3), sparsity: sparsity.within(iterations), ..ours }
    }

    /// Tells if the sparsity regularizer has its published settings.
    #[must_use]
    pub fn has_published_sparsity(&self) -> bool {
        StaticConfig::published(self.operation, self.cell, self.iterations).sparsity == self.sparsity
    }

    /// Delays the sparsity regularizer, which then grows from two fifths to three fifths of the updates: a million
    /// later than published, of five million. This project's setting for products: two units of the first layer that
    /// both give the mean of the two sums are a saddle point of the loss, and an NMU that has not left it when the
    /// regularizer begins is held there by it.
    #[must_use]
    pub fn late(self) -> StaticConfig {
        let ramp = (self.iterations * 2 / 5, self.iterations * 3 / 5);
        StaticConfig { sparsity: Sparsity { ramp, ..self.sparsity }, ..self }
    }

    /// Makes this project's settings for division and roots. An input that is in both sums, or in neither, changes
    /// their quotient only in proportion to the difference of the sums, a few per cent: its weights are found once the
    /// step size is small enough not to hide that. Then the regularizer draws them to whole numbers, and the last
    /// updates bring them there to the last bit.
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
            until: StopRule::Converged,
        }
    }
}
