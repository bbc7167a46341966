//! What a seed comes to.

use serde::{Deserialize, Serialize};

use crate::tasks::Outcome;

/// What became of a seed on a range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingleOutcome {
    /// Which of the [`RANGES`](super::RANGES).
    pub range: usize,
    /// How it went.
    #[serde(flatten)]
    pub outcome: Outcome,
}
