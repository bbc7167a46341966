//! Outcome of a seed of the single-layer task.

use serde::{Deserialize, Serialize};

use crate::tasks::Outcome;

/// Outcome of a seed on one of the ranges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingleOutcome {
    /// Index of the range among [`RANGES`](super::RANGES).
    pub range: usize,
    /// Outcome of the seed's training.
    #[serde(flatten)]
    pub outcome: Outcome,
}
