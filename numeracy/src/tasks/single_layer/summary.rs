//! What the seeds of a range come to.

use serde::{Deserialize, Serialize};

use super::outcome::SingleOutcome;
use super::ranges::RANGES;
use crate::cells::CellName;
use crate::tasks::{Operation, Range, Summary};

/// What all seeds of a range come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfRange {
    /// Inputs in training.
    pub interpolation: Range,
    /// Inputs in the test.
    pub extrapolation: Range,
    /// How it went.
    #[serde(flatten)]
    pub summary: Summary,
}

impl OfRange {
    /// Summaries of the ranges, in their order; those without a seed are left out.
    pub fn all<'a>(
        thresholds: &[f64; RANGES.len()],
        outcomes: impl Iterator<Item = &'a SingleOutcome> + Clone,
    ) -> Vec<OfRange> {
        let of =
            |range: usize| outcomes.clone().filter(move |o| o.range == range).map(|o| &o.outcome).collect::<Vec<_>>();
        let all = RANGES.into_iter().zip(*thresholds).enumerate();
        let summaries = all.map(|(range, ((interpolation, extrapolation), threshold))| OfRange {
            interpolation,
            extrapolation,
            summary: Summary::new(threshold, &of(range)),
        });
        summaries.filter(|range| range.summary.rate.seeds > 0).collect()
    }
}

/// An experiment of the single-layer task, and what it came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct SingleEntry {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub cell: CellName,
    /// What it came to, range by range.
    pub ranges: Vec<OfRange>,
}
