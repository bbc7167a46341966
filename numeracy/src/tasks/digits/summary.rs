//! What all seeds come to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DigitsOperation;
use super::outcome::DigitsOutcome;
use super::reference::Reference;
use crate::summary::{Median, Rate};

/// What all seeds of an experiment with digits come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DigitsSummary {
    /// Seeds that are done.
    pub seeds: u64,
    /// Seeds whose training ended in infinity.
    pub diverged: u64,
    /// Length by length.
    pub lengths: Vec<LengthSummary>,
    /// How far weights are from whole numbers at most.
    pub sparsity_error: Option<Median>,
}

/// What all seeds come to at one length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LengthSummary {
    /// Digits in a sequence.
    pub length: usize,
    /// How many seeds are solved, if there is a reference.
    pub solved: Option<Rate>,
    /// Below which squared error they are.
    pub threshold: Option<f64>,
    /// Mean squared error.
    pub mse: Option<Median>,
    /// Mean absolute error.
    pub mae: Option<Median>,
    /// Products alone: the mean of the absolute error's share in the right answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<Median>,
    /// The share of sequences with every output right when rounded.
    pub exact: Option<Median>,
}

impl DigitsSummary {
    /// Of these outcomes by seed of an experiment with `operation`.
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
