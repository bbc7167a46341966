//! Summaries of the seeds on each range.

use serde::{Deserialize, Serialize};

use super::outcome::SingleOutcome;
use super::ranges::RANGES;
use crate::cells::CellName;
use crate::tasks::{Operation, Range, Summary};

/// Summary of all seeds on one range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OfRange {
    /// Range of the inputs in training.
    pub interpolation: Range,
    /// Range of the inputs in the test. Its name in JSON is longer: the summary has an error of that name.
    #[serde(rename = "extrapolation_range")]
    pub extrapolation: Range,
    /// Summary of the seeds.
    #[serde(flatten)]
    pub summary: Summary,
}

impl OfRange {
    /// Makes the summaries of the ranges, in their order; those without a seed are left out.
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

/// A single-layer experiment and its summaries, for the page of results.
#[derive(Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SingleEntry {
    /// Operation that is learned.
    pub operation: Operation,
    /// Cell that learns it.
    pub cell: CellName,
    /// Summaries of all seeds, range by range.
    pub ranges: Vec<OfRange>,
}
