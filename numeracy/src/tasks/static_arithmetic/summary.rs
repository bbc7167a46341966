//! What all seeds come to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::StaticOutcome;
use crate::summary::{Median, Rate};

/// What all seeds of a static arithmetic experiment come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaticSummary {
    /// How many are solved.
    #[serde(flatten)]
    pub rate: Rate,
    /// Below which extrapolation error they are.
    pub threshold: f64,
    /// The update after which a solved seed was first found to be.
    pub solved_at: Option<Median>,
    /// How far the weights of a solved seed are from whole numbers at most.
    pub sparsity_error: Option<Median>,
    /// Extrapolation error of all seeds.
    pub extrapolation: Option<Median>,
    /// Updates of all seeds together.
    pub iterations: u64,
}

impl StaticSummary {
    /// Of these outcomes by seed.
    pub fn new(threshold: f64, outcomes: &BTreeMap<u64, StaticOutcome>) -> StaticSummary {
        let solved = || outcomes.values().filter(|outcome| outcome.solved);
        StaticSummary {
            rate: Rate::new(solved().count() as u64, outcomes.len() as u64),
            threshold,
            solved_at: Median::of(solved().filter_map(|outcome| outcome.solved_at).map(|at| at as f64)),
            sparsity_error: Median::of(solved().map(|outcome| outcome.chosen.sparsity)),
            extrapolation: Median::of(outcomes.values().map(|o| o.chosen.extrapolation.unwrap_or(f64::INFINITY))),
            iterations: outcomes.values().map(|outcome| outcome.iterations).sum(),
        }
    }
}
