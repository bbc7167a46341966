//! Affine layer with a non-linearity, the usual layer of networks.

use super::{Activation, Cell};
use crate::engine::{BATCH, Random, Real, Row, add_input_gradient, product, sum, vectorized, weight_gradient, zeros};

/// Affine layer `y = f(W x + b)`: the parameters are W `[out, in]`, b `[out]`, and those of f.
#[derive(Clone, Debug)]
pub struct Dense<T> {
    inputs: usize,
    outputs: usize,
    activation: Activation,
    /// The sums W x + b, and the derivative of the loss with respect to them.
    before: Vec<Row<T>>,
    d_before: Vec<Row<T>>,
}

impl<T: Real> Dense<T> {
    /// Makes a layer of this size.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize, activation: Activation) -> Dense<T> {
        Dense { inputs, outputs, activation, before: vec![zeros(); outputs], d_before: vec![zeros(); outputs] }
    }

    fn split<'a>(&self, parameters: &'a [T]) -> (&'a [T], &'a [T], T) {
        let (w, rest) = parameters.split_at(self.inputs * self.outputs);
        let (b, own) = rest.split_at(self.outputs);
        (w, b, own.first().copied().unwrap_or(T::ZERO))
    }
}

impl<T: Real> Cell<T> for Dense<T> {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        self.inputs * self.outputs + self.outputs + self.activation.initial_slope().iter().len()
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let (w, rest) = parameters.split_at_mut(self.inputs * self.outputs);
        let r = self.activation.initial_range(self.inputs, self.outputs);
        w.fill_with(|| T::from_f64(random.uniform(-r, r)));
        let (b, own) = rest.split_at_mut(self.outputs);
        b.fill(T::ZERO);
        own.fill(T::from_f64(self.activation.initial_slope().unwrap_or_default()));
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (w, b, slope) = self.split(parameters);
        product(w, x, &mut self.before);
        for ((before, y), &b) in self.before.iter_mut().zip(y).zip(b) {
            vectorized(
                #[inline(always)]
                || before.iter_mut().for_each(|a| *a += b),
            );
            self.activation.apply(before, slope, y);
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
        let (w, _, slope) = self.split(parameters);
        let (dw, rest) = gradient.split_at_mut(self.inputs * self.outputs);
        let (db, by_own) = rest.split_at_mut(self.outputs);
        by_own.fill(T::ZERO);
        for o in 0..self.outputs {
            let (before, d_before) = (&self.before[o], &mut self.d_before[o]);
            self.activation.derivative(before, &y[o], slope, d_before);
            vectorized(
                #[inline(always)]
                || {
                    for lane in 0..BATCH {
                        d_before[lane] = d_before[lane] * dy[o][lane];
                    }
                    db[o] = sum(d_before);
                },
            );
            if let Some(by_slope) = by_own.first_mut() {
                let below = before.iter().zip(&dy[o]).filter(|(a, _)| **a < T::ZERO);
                below.for_each(|(&a, &dy)| *by_slope += a * dy);
            }
        }
        weight_gradient(x, &self.d_before, dw);
        if let Some(dx) = dx {
            add_input_gradient(w, &self.d_before, dx);
        }
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        self.split(parameters).0.to_vec()
    }
}
