//! Networks of cells in a row.

use super::{Cell, Random, Real, Row, vectorized, zeros};
use crate::diverged;

/// Cells in a row, with their parameters in one flat vector and room for one batch.
pub struct Network<T> {
    cells: Vec<Box<dyn Cell<T>>>,
    parameters: Vec<T>,
    gradient: Vec<T>,
    /// Inputs of the first cell, and outputs of each.
    values: Vec<Vec<Row<T>>>,
    /// Derivatives of the loss with respect to the outputs of each cell.
    deltas: Vec<Vec<Row<T>>>,
}

/// Rates of an update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Descent {
    /// Step size of the optimizer.
    pub rate: f64,
    /// Weight of the sparsity regularizer.
    pub sparsity: f64,
    /// Greatest norm of a gradient, if there is one.
    pub clip: Option<f64>,
}

impl<T: Real> Network<T> {
    /// Makes a network of these cells, each of which takes what the one before it gives, with initial parameters.
    ///
    /// # Panics
    /// If a cell does not take as many features as the one before it gives.
    pub fn new(cells: Vec<Box<dyn Cell<T>>>, random: &mut Random) -> Network<T> {
        for pair in cells.windows(2) {
            assert_eq!(pair[0].outputs(), pair[1].inputs(), "cells fit together");
        }
        let mut parameters = vec![T::ZERO; cells.iter().map(|cell| cell.parameters()).sum()];
        let mut rest = parameters.as_mut_slice();
        for cell in &cells {
            let (own, others) = rest.split_at_mut(cell.parameters());
            cell.initialize(own, random);
            rest = others;
        }
        let rows = |n| vec![zeros(); n];
        let inputs = cells.first().map_or(0, |cell| cell.inputs());
        let values = std::iter::once(inputs).chain(cells.iter().map(|cell| cell.outputs())).map(rows).collect();
        let deltas = cells.iter().map(|cell| rows(cell.outputs())).collect();
        Network { gradient: vec![T::ZERO; parameters.len()], parameters, cells, values, deltas }
    }

    /// Gives the rows that take the inputs of a batch, feature by feature.
    pub fn inputs(&mut self) -> &mut [Row<T>] {
        &mut self.values[0]
    }

    /// Gives the parameters of all cells.
    pub fn parameters(&mut self) -> &mut [T] {
        &mut self.parameters
    }

    /// Computes the outputs of the inputs.
    #[expect(clippy::missing_panics_doc, reason = "the inputs are there before any cell")]
    pub fn forward(&mut self) -> &[Row<T>] {
        let mut rest = self.parameters.as_slice();
        for (i, cell) in self.cells.iter_mut().enumerate() {
            let (own, others) = rest.split_at(cell.parameters());
            let (before, after) = self.values.split_at_mut(i + 1);
            cell.forward(own, &before[i], &mut after[0]);
            rest = others;
        }
        self.values.last().expect("there are inputs")
    }

    /// Computes the mean squared error of the outputs, which must have been computed, over all examples.
    #[expect(clippy::missing_panics_doc, reason = "the inputs are there before any cell")]
    pub fn loss(&self, targets: &[Row<T>]) -> f64 {
        let outputs = self.values.last().expect("there are inputs").as_flattened();
        let squares = outputs.iter().zip(targets.as_flattened()).map(|(&y, &t)| (y.to_f64() - t.to_f64()).powi(2));
        squares.sum::<f64>() / outputs.len() as f64
    }

    /// Computes the gradient of the mean squared error with respect to all parameters, after
    /// [`forward`](Self::forward).
    pub fn backward(&mut self, targets: &[Row<T>]) -> &mut [T] {
        let last = self.cells.len() - 1;
        let scale = T::from_f64(2.0 / targets.as_flattened().len() as f64);
        let outputs = self.values[last + 1].as_flattened();
        let deltas = self.deltas[last].as_flattened_mut();
        vectorized(
            #[inline(always)]
            || {
                for ((delta, &y), &t) in deltas.iter_mut().zip(outputs).zip(targets.as_flattened()) {
                    *delta = scale * (y - t);
                }
            },
        );
        let mut end = self.parameters.len();
        for (i, cell) in self.cells.iter_mut().enumerate().rev() {
            let begin = end - cell.parameters();
            let (before, from) = self.deltas.split_at_mut(i);
            let mut dx = before.last_mut();
            if let Some(dx) = dx.as_deref_mut() {
                dx.fill(zeros());
            }
            let (own, gradient) = (&self.parameters[begin..end], &mut self.gradient[begin..end]);
            cell.backward(own, &self.values[i], &self.values[i + 1], &from[0], dx.map(Vec::as_mut_slice), gradient);
            end = begin;
        }
        &mut self.gradient
    }

    /// Adds `weight` times the gradient of the cells' sparsity regularizers.
    pub fn add_sparsity(&mut self, weight: f64) {
        if weight == 0.0 {
            return;
        }
        let mut begin = 0;
        for cell in &self.cells {
            let end = begin + cell.parameters();
            cell.add_sparsity(&self.parameters[begin..end], T::from_f64(weight), &mut self.gradient[begin..end]);
            begin = end;
        }
    }

    /// Shortens the gradient to this norm, if it is longer.
    pub fn clip(&mut self, greatest: f64) {
        let norm = self.gradient.iter().map(|g| g.to_f64().powi(2)).sum::<f64>().sqrt();
        if norm > greatest {
            let factor = T::from_f64(greatest / norm);
            self.gradient.iter_mut().for_each(|g| *g = *g * factor);
        }
    }

    /// Updates the parameters by the gradient with the step size `rate`, and brings them back within the bounds of the
    /// cells.
    pub fn update(&mut self, optimizer: &mut super::Adam<T>, rate: f64) {
        optimizer.step(&mut self.parameters, &self.gradient, rate);
        let mut rest = self.parameters.as_mut_slice();
        for cell in &self.cells {
            let (own, others) = rest.split_at_mut(cell.parameters());
            cell.constrain(own);
            rest = others;
        }
    }

    /// Makes one update on the inputs and these targets: forward, back, each derivative of the mean squared error as
    /// `scaled` gives it, the regularizer, the greatest norm, and the optimizer's step.
    pub fn descend(
        &mut self,
        targets: &[Row<T>],
        optimizer: &mut super::Adam<T>,
        descent: &Descent,
        scaled: impl Fn(T) -> T,
    ) {
        self.forward();
        self.backward(targets).iter_mut().for_each(|by| *by = scaled(*by));
        self.add_sparsity(descent.sparsity);
        if let Some(greatest) = descent.clip {
            self.clip(greatest);
        }
        self.update(optimizer, descent.rate);
    }

    /// Computes the sparsity error: the greatest distance of a weight of the arithmetic cells from the nearest of −1, 0
    /// and 1, `max min(|w|, |1 − |w||)` (Madsen & Johansen 2020, §4.1); infinite if a weight is NaN.
    pub fn sparsity_error(&self) -> f64 {
        let mut rest = self.parameters.as_slice();
        let mut greatest = 0.0_f64;
        for cell in &self.cells {
            let (own, others) = rest.split_at(cell.parameters());
            let distances = cell.weights(own).into_iter().map(|w| w.to_f64().abs()).map(|w| w.min((1.0 - w).abs()));
            greatest = distances.map(diverged::infinite).fold(greatest, f64::max);
            rest = others;
        }
        greatest
    }
}
