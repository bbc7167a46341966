//! Thresholds by which a seed counts as solved: errors of networks whose arithmetic is perfect and whose reader is the
//! same.

use std::path::PathBuf;

use gridworld_statistics::student;
use serde::{Deserialize, Serialize};

use super::outcome::DigitsOutcome;

/// Level of the one-sided interval.
const LEVEL: f64 = 0.99;

/// Squared errors below which a seed is solved, length by length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Run of the cell `perfect` that the thresholds come from.
    #[serde(with = "crate::tasks::digits::path_in_json")]
    pub run: PathBuf,
    /// Number of seeds of that run.
    pub seeds: usize,
    /// Pairs of a length and the mean squared error below which it is solved.
    pub thresholds: Vec<(usize, f64)>,
}

impl Reference {
    /// Makes the thresholds from a run's outcomes: at each length the upper end of the one-sided 99 % interval of the
    /// mean squared error's mean over seeds, `mean + t · sd / √n` with Student's t at n − 1 degrees of freedom (Madsen
    /// & Johansen 2020, appendix D.1). Nothing for fewer than two seeds, or where an error is not finite.
    pub fn new<'a>(run: PathBuf, outcomes: impl Iterator<Item = &'a DigitsOutcome> + Clone) -> Option<Reference> {
        let seeds = outcomes.clone().count();
        let first = outcomes.clone().next()?;
        let at = |position: usize| {
            let errors: Option<Vec<f64>> = outcomes.clone().map(|outcome| outcome.errors[position].mse).collect();
            Some((first.errors[position].length, upper_end(&errors?)?))
        };
        let thresholds: Option<Vec<(usize, f64)>> = (0..first.errors.len()).map(at).collect();
        Some(Reference { run, seeds, thresholds: thresholds? })
    }

    /// Tells if the error at the greatest length is below its threshold.
    #[must_use]
    pub fn is_met_by(&self, outcome: &DigitsOutcome) -> bool {
        self.thresholds.last().is_some_and(|&(length, _)| self.is_met_at(length, outcome))
    }

    /// Tells if the error at `length` is below its threshold.
    #[must_use]
    pub fn is_met_at(&self, length: usize, outcome: &DigitsOutcome) -> bool {
        let threshold = self.thresholds.iter().find(|(other, _)| *other == length).map(|(_, threshold)| *threshold);
        let error = outcome.errors.iter().find(|errors| errors.length == length).and_then(|errors| errors.mse);
        error.zip(threshold).is_some_and(|(error, threshold)| error < threshold)
    }
}

fn upper_end(errors: &[f64]) -> Option<f64> {
    let n = errors.len() as f64;
    let mean = errors.iter().sum::<f64>() / n;
    let variance = errors.iter().map(|error| (error - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (errors.len() > 1).then(|| mean + student::quantile(LEVEL, errors.len() - 1) * (variance / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::digits::LengthErrors;

    fn outcome(errors: &[(usize, Option<f64>)]) -> DigitsOutcome {
        let errors = errors
            .iter()
            .map(|&(length, mse)| LengthErrors { length, mse, mae: mse, relative: None, exact: 0.0 })
            .collect();
        DigitsOutcome { loss: None, diverged_at: None, sparsity: None, errors }
    }

    #[test]
    fn the_threshold_is_the_upper_end_worked_by_hand() {
        // Mean 2, deviation 1, t(0.99, 2) = 6.9646: 2 + 6.9646 / √3.
        let outcomes = [1.0, 2.0, 3.0].map(|error| outcome(&[(10, Some(error)), (1000, Some(100.0 * error))]));
        let reference = Reference::new("run".into(), outcomes.iter()).unwrap();
        let [(10, short), (1000, long)] = reference.thresholds[..] else { panic!("two lengths") };
        assert!((short - (2.0 + 6.964_557 / 3_f64.sqrt())).abs() < 1e-5 && (long - 100.0 * short).abs() < 1e-9);
        assert!(reference.is_met_by(&outcome(&[(10, Some(99.0)), (1000, Some(602.0))])));
        assert!(!reference.is_met_at(10, &outcome(&[(10, Some(99.0)), (1000, Some(602.0))])));
        assert!(!reference.is_met_by(&outcome(&[(10, Some(1.0)), (1000, None)])));
    }

    #[test]
    fn one_seed_has_no_interval_and_what_is_not_finite_no_mean() {
        assert_eq!(Reference::new("run".into(), [outcome(&[(1, Some(1.0))])].iter()), None);
        assert_eq!(Reference::new("run".into(), [outcome(&[(1, Some(1.0))]), outcome(&[(1, None)])].iter()), None);
    }
}
