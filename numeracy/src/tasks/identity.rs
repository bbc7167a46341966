//! Identity: does an autoencoder of a number know numbers that it has not seen? (Trask et al. 2018, §1.1 and figure 1.)

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::cells::{Activation, Cell, CellName};
use crate::crew::Experiment;
use crate::diverged;
use crate::engine::{BATCH, Descent, Learner, Random, Row, zeros};
use crate::metrics;
use crate::schedule::{LearningRate, Sparsity};
use crate::training::{End, Rate, Schedule, Training, train};
use crate::watch::Watch;

/// Inputs in training.
pub const TRAINED: (f64, f64) = (-5.0, 5.0);
/// The test goes from minus this to this.
const FURTHEST: f64 = 20.0;
/// Points of the test.
const POINTS: usize = 81;
/// Three hidden layers of this many units.
const HIDDEN: usize = 8;
/// Updates between two looks at whether to go on.
const LOOK_EVERY: u64 = 1000;

/// An identity experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentityConfig {
    /// The networks' cells, which take turns from seed to seed.
    pub cells: Vec<CellName>,
    /// Updates of each seed. The paper does not say.
    pub iterations: u64,
    /// Adam's step size. The paper does not say.
    pub learning_rate: f64,
}

impl Default for IdentityConfig {
    /// All non-linearities and the NAC.
    fn default() -> IdentityConfig {
        let dense = Activation::ALL.into_iter().map(|(activation, _)| CellName::Dense(activation));
        let cells = dense.chain([CellName::Nac]).collect();
        IdentityConfig { cells, iterations: 20_000, learning_rate: 1e-3 }
    }
}

/// The numbers of the test, and nothing in the rest of the batch.
pub fn points() -> impl Iterator<Item = f64> {
    (0..POINTS).map(|i| FURTHEST * (2.0 * i as f64 / (POINTS - 1) as f64 - 1.0))
}

/// Whether a number was seen in training.
pub fn is_trained(x: f64) -> bool {
    (TRAINED.0..=TRAINED.1).contains(&x)
}

/// What became of a seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentityOutcome {
    /// Which cell.
    pub cell: CellName,
    /// The absolute error at each of the [`points`].
    #[serde(deserialize_with = "diverged::read")]
    pub errors: Vec<f64>,
}

impl IdentityOutcome {
    /// The mean absolute error on the numbers that were seen, and beyond them.
    pub fn means(&self) -> (f64, f64) {
        means(&self.errors)
    }
}

/// The mean of what belongs to numbers that were seen, and of the rest.
pub fn means(errors: &[f64]) -> (f64, f64) {
    let mean = |trained: bool| {
        let of = points().zip(errors).filter(|(x, _)| is_trained(*x) == trained);
        let of: Vec<f64> = of.map(|(_, error)| diverged::infinite(*error)).collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    (mean(true), mean(false))
}

/// A seed knows the identity if it is off by less than this beyond the trained numbers, on average.
const EXACT: f64 = 0.1;

/// A seed in training.
pub struct Autoencoder<'a> {
    config: &'a IdentityConfig,
    cell: CellName,
    learner: Learner,
}

impl Training for Autoencoder<'_> {
    type Outcome = IdentityOutcome;

    fn schedule(&self) -> Schedule {
        Schedule {
            updates: self.config.iterations,
            evaluate_every: LOOK_EVERY,
            rate: Rate::Held(LearningRate::constant(self.config.learning_rate)),
            sparsity: Sparsity::NONE,
            clip: None,
        }
    }

    fn evaluate(&mut self, _iteration: u64) -> ControlFlow<End> {
        ControlFlow::Continue(())
    }

    fn update(&mut self, _iteration: u64, descent: &Descent) -> ControlFlow<End> {
        let draw = |random: &mut Random, x: &mut [Row<f32>], targets: &mut Row<f32>| {
            random.fill(x, TRAINED.0, TRAINED.1);
            *targets = x[0];
        };
        self.learner.update(descent, draw, |by| by);
        ControlFlow::Continue(())
    }

    fn outcome(mut self, _end: End) -> IdentityOutcome {
        let network = &mut self.learner.network;
        network.inputs()[0] = zeros();
        points().zip(&mut network.inputs()[0]).for_each(|(x, input)| *input = x as f32);
        let outputs = &network.forward()[0];
        let errors = points().zip(outputs).map(|(x, &y)| (x - f64::from(y)).abs()).collect();
        IdentityOutcome { cell: self.cell, errors }
    }
}

impl Experiment for IdentityConfig {
    type Outcome = IdentityOutcome;

    fn run(&self, seed: u64, watch: &Watch<'_>) -> Option<IdentityOutcome> {
        let cell = self.cells[((seed - 1) % self.cells.len() as u64) as usize];
        train(Autoencoder { config: self, cell, learner: Learner::new(layers(cell), seed) }, watch)
    }

    fn is_success(&self, outcome: &IdentityOutcome) -> bool {
        outcome.means().1 < EXACT
    }

    fn scalars(&self, outcome: &IdentityOutcome) -> Vec<(&'static str, f64)> {
        let (trained, beyond) = outcome.means();
        vec![(metrics::INTERPOLATION, trained), (metrics::EXTRAPOLATION, beyond)]
    }
}

/// One number in and out, three layers between; where the cells are affine, the last is so without a non-linearity.
fn layers(cell: CellName) -> Vec<Box<dyn Cell<f32>>> {
    let last = match cell {
        CellName::Dense(_) => CellName::Dense(Activation::Linear),
        cell => cell,
    };
    vec![cell.cell(1, HIDDEN), cell.cell(HIDDEN, HIDDEN), cell.cell(HIDDEN, HIDDEN), last.cell(HIDDEN, 1)]
}

/// The mean over the seeds of one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentityCurve {
    /// Which cell.
    pub cell: CellName,
    /// How many seeds.
    pub seeds: usize,
    /// The mean absolute error on the trained numbers.
    #[serde(deserialize_with = "diverged::read")]
    pub trained: f64,
    /// The same beyond them.
    #[serde(deserialize_with = "diverged::read")]
    pub beyond: f64,
    /// The mean absolute error at each of the [`points`].
    #[serde(deserialize_with = "diverged::read")]
    pub errors: Vec<f64>,
}

/// The curves of an experiment, cell by cell, those first that are least wrong beyond the trained numbers.
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
