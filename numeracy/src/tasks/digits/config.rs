//! Settings of an experiment with sequences of digits.

use serde::{Deserialize, Serialize};

use super::reference::Reference;
use super::{DigitsCell, DigitsOperation, Source};

/// Settings of an experiment with sequences of digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DigitsConfig {
    /// Operation on the digits.
    pub operation: DigitsOperation,
    /// Cell that counts, adds or multiplies.
    pub cell: DigitsCell,
    /// Number of updates of each seed.
    pub steps: u64,
    /// Number of sequences in a batch.
    pub batch: usize,
    /// Number of digits in a sequence, in training.
    pub length: usize,
    /// Step size of Adam at the beginning; it goes to 0 as half a cosine does.
    pub learning_rate: f64,
    /// Greatest weight of the sparsity regularizer of a NAU or NMU.
    pub sparsity: f64,
    /// Source of the digits.
    pub digits: Source,
    /// Errors below which a seed counts as solved, if they are known.
    pub reference: Option<Reference>,
}
