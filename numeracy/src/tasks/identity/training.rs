//! Training of autoencoders on the identity.

use std::ops::ControlFlow;

use super::config::IdentityConfig;
use super::outcome::{IdentityOutcome, TRAINED, points};
use crate::cells::{Activation, Cell, CellName};
use crate::engine::{Descent, Learner, Random, Row, zeros};
use crate::metrics;
use crate::run_context::RunContext;
use crate::runner::Experiment;
use crate::schedule::{LearningRate, Sparsity};
use crate::training::{End, Rate, Schedule, Training, train};

/// Number of units of each of the three hidden layers.
const HIDDEN: usize = 8;
/// Number of updates between two looks at whether to go on.
const LOOK_EVERY: u64 = 1000;

/// Greatest mean error beyond the training range of a seed that counts as a success.
pub(super) const EXACT: f64 = 0.1;

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

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<IdentityOutcome> {
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

/// Makes the layers: one number in and out, three layers between; where the cells are affine, the last is so without a
/// non-linearity.
fn layers(cell: CellName) -> Vec<Box<dyn Cell<f32>>> {
    let last = match cell {
        CellName::Dense(_) => CellName::Dense(Activation::Linear),
        cell => cell,
    };
    vec![cell.cell(1, HIDDEN), cell.cell(HIDDEN, HIDDEN), cell.cell(HIDDEN, HIDDEN), last.cell(HIDDEN, 1)]
}
