//! Settings of a recurrent arithmetic experiment.

use serde::{Deserialize, Serialize};

use super::model::RecurrentModel;
use crate::cells::CellName;
use crate::schedule::{LearningRate, Sparsity};
use crate::tasks::Operation;

/// Number of time steps that are trained on.
pub const TRAINED: usize = 10;

/// Settings of a recurrent arithmetic experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecurrentConfig {
    /// Operation that is learned.
    pub operation: Operation,
    /// Model that reads the sequence.
    pub model: RecurrentModel,
    /// Number of units of the state.
    pub units: usize,
    /// Least length of the sequences that are trained on; the greatest is [`TRAINED`] steps. Each batch has one length.
    pub shortest: usize,
    /// Number of updates of each seed.
    pub iterations: u64,
    /// Step size of Adam over the updates.
    pub learning_rate: LearningRate,
    /// The sparsity regularizer. The loss is divided by the mean square of the right answers, so that one weight fits
    /// every operation and length.
    pub sparsity: Sparsity,
}

impl RecurrentConfig {
    /// Makes the settings that suit a model. Published models keep Adam's step size of 10⁻³, and the regularizer comes
    /// in early. Over a running sum, shorter sequences are learned from too: in a product or a quotient of two sums it
    /// hardly shows which of them a feature belongs to once each has many terms. The step size is greater and falls in
    /// the second half, by when that has been found, and the regularizer comes in then.
    #[must_use]
    pub fn new(operation: Operation, model: RecurrentModel, units: usize, iterations: u64) -> RecurrentConfig {
        let part = |share: f64| (share * iterations as f64) as u64;
        let (shortest, learning_rate, sparsity) = match (model, model.below()) {
            (RecurrentModel::RunningSum(cell), _) => {
                let rate = if cell == CellName::Quotient { 5e-3 } else { 8e-3 };
                let points = [(part(0.5), rate), (part(0.8), rate / 10.0), (iterations, rate / 1e4)];
                let sparsity = Sparsity { weight: 1e-4, ramp: (part(0.5), part(0.8)) };
                (1, LearningRate::through(rate, points), sparsity)
            }
            (_, Some(CellName::Nau)) => {
                (TRAINED, LearningRate::constant(1e-3), Sparsity { weight: 1e-4, ramp: (part(0.05), part(0.5)) })
            }
            _ => (TRAINED, LearningRate::constant(1e-3), Sparsity::NONE),
        };
        RecurrentConfig { operation, model, units, shortest, iterations, learning_rate, sparsity }
    }
}
