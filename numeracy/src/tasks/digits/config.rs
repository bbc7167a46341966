//! The settings.

use serde::{Deserialize, Serialize};

use super::reference::Reference;
use super::{DigitsCell, DigitsOperation, Source};

/// An experiment with sequences of digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DigitsConfig {
    /// What is asked.
    pub operation: DigitsOperation,
    /// What counts, adds or multiplies.
    pub cell: DigitsCell,
    /// Updates of each seed.
    pub steps: u64,
    /// Sequences in a batch.
    pub batch: usize,
    /// Digits in a sequence, in training.
    pub length: usize,
    /// Adam's step size at the beginning; it goes to 0 as half a cosine does.
    pub learning_rate: f64,
    /// The sparsity regularizer of a NAU or NMU at its greatest.
    pub sparsity: f64,
    /// The digits.
    pub digits: Source,
    /// By what a seed counts as solved.
    pub reference: Option<Reference>,
}
