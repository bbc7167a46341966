//! Outcomes of the identity task: errors of a seed, and their means over seeds.

use serde::{Deserialize, Serialize};

use crate::cells::CellName;
use crate::diverged;
use crate::engine::BATCH;

/// Range of the inputs in training.
pub const TRAINED: (f64, f64) = (-5.0, 5.0);
/// Greatest number of the test, which goes from its negative to it.
const FURTHEST: f64 = 20.0;
/// Number of points of the test.
const POINTS: usize = 81;
/// Gives the numbers of the test, evenly spaced.
pub fn points() -> impl Iterator<Item = f64> {
    (0..POINTS).map(|i| FURTHEST * (2.0 * i as f64 / (POINTS - 1) as f64 - 1.0))
}

/// Tells if a number lies in the training range.
#[must_use]
pub fn is_trained(x: f64) -> bool {
    (TRAINED.0..=TRAINED.1).contains(&x)
}

/// Outcome of a seed: its errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentityOutcome {
    /// Cell of the network.
    pub cell: CellName,
    /// Absolute error at each of the [`points`].
    #[serde(deserialize_with = "diverged::read")]
    pub errors: Vec<f64>,
}

impl IdentityOutcome {
    /// Gives the mean absolute error in the training range, and beyond it.
    #[must_use]
    pub fn means(&self) -> (f64, f64) {
        means(&self.errors)
    }
}

/// Gives the mean of the errors in the training range, and of those beyond it.
#[must_use]
pub fn means(errors: &[f64]) -> (f64, f64) {
    let mean = |trained: bool| {
        let of = points().zip(errors).filter(|(x, _)| is_trained(*x) == trained);
        let of: Vec<f64> = of.map(|(_, error)| diverged::infinite(*error)).collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    (mean(true), mean(false))
}

/// Mean errors over the seeds of one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdentityCurve {
    /// Cell of the networks.
    pub cell: CellName,
    /// Number of seeds.
    pub seeds: usize,
    /// Mean absolute error in the training range.
    #[serde(deserialize_with = "diverged::read")]
    pub trained: f64,
    /// Mean absolute error beyond the training range.
    #[serde(deserialize_with = "diverged::read")]
    pub beyond: f64,
    /// Mean absolute error at each of the [`points`].
    #[serde(deserialize_with = "diverged::read")]
    pub errors: Vec<f64>,
}

/// Gives the curves of an experiment, cell by cell, those first that are least wrong beyond the training range.
pub fn curves<'a>(outcomes: impl IntoIterator<Item = &'a IdentityOutcome>) -> Vec<IdentityCurve> {
    let mut curves: Vec<IdentityCurve> = Vec::new();
    for IdentityOutcome { cell, errors } in outcomes {
        let errors = errors.iter().map(|error| diverged::infinite(*error));
        match curves.iter_mut().find(|curve| curve.cell == *cell) {
            None => {
                let errors = errors.collect();
                curves.push(IdentityCurve { cell: *cell, seeds: 1, trained: 0.0, beyond: 0.0, errors });
            }
            Some(curve) => {
                curve.seeds += 1;
                curve.errors.iter_mut().zip(errors).for_each(|(sum, error)| *sum += error);
            }
        }
    }
    for curve in &mut curves {
        let seeds = curve.seeds as f64;
        curve.errors.iter_mut().for_each(|sum| *sum /= seeds);
        (curve.trained, curve.beyond) = means(&curve.errors);
    }
    curves.sort_by(|a, b| a.beyond.total_cmp(&b.beyond));
    curves
}

const _: () = assert!(POINTS <= BATCH);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::Activation;

    #[test]
    fn curves_are_means_over_seeds() {
        assert_eq!((points().next(), points().nth(40), points().last()), (Some(-20.0), Some(0.0), Some(20.0)));
        assert_eq!(points().filter(|x| is_trained(*x)).count(), 21);
        let outcome = |cell, error: f64| IdentityOutcome { cell, errors: vec![error; POINTS] };
        let (a, b) = (CellName::Dense(Activation::Tanh), CellName::Nac);
        let curves = curves(&[outcome(a, 2.0), outcome(b, 0.5), outcome(a, 4.0)]);
        assert_eq!(curves.iter().map(|c| (c.cell, c.seeds, c.beyond)).collect::<Vec<_>>(), [(b, 1, 0.5), (a, 2, 3.0)]);
        assert_eq!(curves[1].errors, [3.0; POINTS]);
    }
}
