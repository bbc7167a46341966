//! Summary of all seeds of an experiment with digits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DigitsOperation;
use super::outcome::DigitsOutcome;
use super::reference::Reference;
use crate::summary::{Median, Rate};

/// Summary of all seeds of an experiment with digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DigitsSummary {
    /// Number of seeds that are done.
    pub seeds: u64,
    /// Number of seeds whose training ended in infinity.
    pub diverged: u64,
    /// Summaries length by length.
    pub lengths: Vec<LengthSummary>,
    /// Greatest distance of weights from whole numbers, median over seeds.
    pub sparsity_error: Option<Median>,
}

/// Summary of all seeds at one length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LengthSummary {
    /// Number of digits in a sequence.
    pub length: usize,
    /// Number and share of solved seeds, if there is a reference.
    pub solved: Option<Rate>,
    /// Squared error below which a seed is solved.
    pub threshold: Option<f64>,
    /// Mean squared error, median over seeds.
    pub mse: Option<Median>,
    /// Mean absolute error, median over seeds.
    pub mae: Option<Median>,
    /// Mean of the absolute error's share in the right answer, for products alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<Median>,
    /// Share of sequences with every output right when rounded.
    pub exact: Option<Median>,
}

impl DigitsSummary {
    /// Makes the summary of these outcomes by seed of an experiment with `operation`.
    #[must_use]
    pub fn new(
        operation: DigitsOperation,
        reference: Option<&Reference>,
        outcomes: &BTreeMap<u64, DigitsOutcome>,
    ) -> DigitsSummary {
        let all = || outcomes.values();
        let lengths = all().next().map_or(&[][..], |first| first.errors.as_slice());
        let at = |position: usize| {
            let errors = || all().map(move |outcome| outcome.errors[position]);
            let length = lengths[position].length;
            let solved = reference.map(|reference| {
                let solved = all().filter(|outcome| reference.is_met_at(length, outcome)).count();
                Rate::new(solved as u64, outcomes.len() as u64)
            });
            LengthSummary {
                length,
                solved,
                threshold: reference
                    .and_then(|reference| reference.thresholds.iter().find(|(other, _)| *other == length))
                    .map(|(_, threshold)| *threshold),
                mse: Median::of(errors().map(|errors| errors.mse.unwrap_or(f64::INFINITY))),
                mae: Median::of(errors().map(|errors| errors.mae.unwrap_or(f64::INFINITY))),
                relative: match operation {
                    DigitsOperation::Product => {
                        Median::of(errors().map(|errors| errors.relative.unwrap_or(f64::INFINITY)))
                    }
                    DigitsOperation::Count | DigitsOperation::Sum => None,
                },
                exact: Median::of(errors().map(|errors| errors.exact)),
            }
        };
        DigitsSummary {
            seeds: outcomes.len() as u64,
            diverged: all().filter(|outcome| outcome.diverged_at.is_some()).count() as u64,
            lengths: (0..lengths.len()).map(at).collect(),
            sparsity_error: Median::of(all().filter_map(|outcome| outcome.sparsity)),
        }
    }
}
