//! Steps over sequences of different lengths in one batch.

use crate::cells::Cell;
use crate::engine::{BATCH, Random, Real, Row, zeros};

/// A step that leaves the state as it is where there is nothing to read: `s′ = m · step([x, s]) + (1 − m) · s` with m of
/// 0 or 1. Takes `[m, x, s]`, gives s′; the parameters are the step's.
pub struct Masked<T> {
    step: Box<dyn Cell<T>>,
    d_step: Vec<Row<T>>,
}

impl<T: Real> Masked<T> {
    /// Makes a step that is taken only where the mask is 1.
    #[must_use]
    pub fn new(step: Box<dyn Cell<T>>) -> Masked<T> {
        Masked { d_step: vec![zeros(); step.outputs()], step }
    }
}

impl<T: Real> Cell<T> for Masked<T> {
    fn inputs(&self) -> usize {
        1 + self.step.inputs()
    }

    fn outputs(&self) -> usize {
        self.step.outputs()
    }

    fn parameters(&self) -> usize {
        self.step.parameters()
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        self.step.initialize(parameters, random);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        self.step.forward(parameters, &x[1..], y);
        let state = &x[x.len() - y.len()..];
        for (y, state) in y.iter_mut().zip(state) {
            for lane in 0..BATCH {
                y[lane] = if x[0][lane] == T::ZERO { state[lane] } else { y[lane] };
            }
        }
    }

    fn backward(
        &mut self,
        parameters: &[T],
        x: &[Row<T>],
        y: &[Row<T>],
        dy: &[Row<T>],
        dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    ) {
        let mask = &x[0];
        for (d_step, dy) in self.d_step.iter_mut().zip(dy) {
            for lane in 0..BATCH {
                d_step[lane] = mask[lane] * dy[lane];
            }
        }
        let Some(dx) = dx else {
            return self.step.backward(parameters, &x[1..], y, &self.d_step, None, gradient);
        };
        self.step.backward(parameters, &x[1..], y, &self.d_step, Some(&mut dx[1..]), gradient);
        let state = dx.len() - dy.len();
        for (dx, dy) in dx[state..].iter_mut().zip(dy) {
            for lane in 0..BATCH {
                dx[lane] += (T::ONE - mask[lane]) * dy[lane];
            }
        }
    }

    fn add_sparsity(&self, parameters: &[T], weight: T, gradient: &mut [T]) {
        self.step.add_sparsity(parameters, weight, gradient);
    }

    fn constrain(&self, parameters: &mut [T]) {
        self.step.constrain(parameters);
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        self.step.weights(parameters)
    }
}
