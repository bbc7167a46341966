//! Summary of all seeds of an experiment in arithmetic.

use serde::{Deserialize, Serialize};

use super::{Check, Outcome};
use crate::summary::{Median, Rate};

/// Summary of all seeds of an experiment in arithmetic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// Number and share of solved seeds.
    #[serde(flatten)]
    pub rate: Rate,
    /// Extrapolation error below which a seed is solved.
    pub threshold: f64,
    /// Updates before the first check at which a solved seed was solved, median.
    pub solved_at: Option<Median>,
    /// Greatest distance of a solved seed's weights from whole numbers, median over seeds.
    pub sparsity_error: Option<Median>,
    /// Extrapolation error, median over all seeds.
    pub extrapolation: Option<f64>,
    /// Error on the training range in per cent of that of an untrained network, median over all seeds: what Trask et
    /// al. 2018 (table 1) report.
    pub relative_interpolation: Option<f64>,
    /// Error beyond the training range in per cent of that of an untrained network, median over all seeds.
    pub relative_extrapolation: Option<f64>,
    /// Number of updates of all seeds together.
    pub iterations: u64,
}

impl Summary {
    /// Makes the summary of these outcomes.
    #[must_use]
    pub fn new(threshold: f64, outcomes: &[&Outcome]) -> Summary {
        let relative = |error: fn(&Check) -> Option<f64>| {
            let ratio = |o: &&Outcome| Some(100.0 * error(&o.chosen)? / error(o.curve.first()?)?);
            Median::of(outcomes.iter().map(|o| ratio(o).unwrap_or(f64::INFINITY))).map(|middle| middle.median)
        };
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
        let solved = || outcomes.iter().filter(|outcome| outcome.solved);
        Summary {
            rate: Rate::new(solved().count() as u64, outcomes.len() as u64),
            threshold,
            solved_at: Median::of(solved().filter_map(|outcome| outcome.solved_at).map(|at| at as f64)),
            sparsity_error: Median::of(solved().map(|outcome| outcome.chosen.sparsity)),
            extrapolation: finite(
                Median::of(outcomes.iter().map(|o| o.chosen.extrapolation.unwrap_or(f64::INFINITY))).map(|m| m.median),
            ),
            relative_interpolation: finite(relative(|check| check.interpolation)),
            relative_extrapolation: finite(relative(|check| check.extrapolation)),
            iterations: outcomes.iter().map(|outcome| outcome.iterations).sum(),
        }
    }
}
