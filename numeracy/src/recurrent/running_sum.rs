//! A state that is a sum over time.

use crate::cells::Cell;
use crate::engine::{Random, Real, Row, add_rows, zeros};

/// Running sum `s′ = s + cell(x)`: takes `[x, s]`, gives s′; the parameters are the cell's.
///
/// This project's own. What a recurrent cell of arithmetic has to find, that its state goes on as it is, is built in; a
/// weight that is off by a thousandth would lose two thirds of the state in a thousand steps.
pub struct RunningSum<T> {
    cell: Box<dyn Cell<T>>,
    /// Outputs of the cell, of which its derivatives may be functions; the state is not.
    given: Vec<Row<T>>,
}

impl<T: Real> RunningSum<T> {
    /// Makes the sum of this cell's outputs.
    #[must_use]
    pub fn new(cell: Box<dyn Cell<T>>) -> RunningSum<T> {
        RunningSum { given: vec![zeros(); cell.outputs()], cell }
    }
}

impl<T: Real> Cell<T> for RunningSum<T> {
    fn inputs(&self) -> usize {
        self.cell.inputs() + self.cell.outputs()
    }

    fn outputs(&self) -> usize {
        self.cell.outputs()
    }

    fn parameters(&self) -> usize {
        self.cell.parameters()
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        self.cell.initialize(parameters, random);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (x, state) = x.split_at(self.cell.inputs());
        self.cell.forward(parameters, x, &mut self.given);
        y.copy_from_slice(&self.given);
        add_rows(y, state);
    }

    fn backward(
        &mut self,
        parameters: &[T],
        x: &[Row<T>],
        _y: &[Row<T>],
        dy: &[Row<T>],
        dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    ) {
        let x = &x[..self.cell.inputs()];
        let Some(dx) = dx else { return self.cell.backward(parameters, x, &self.given, dy, None, gradient) };
        let (dx, d_state) = dx.split_at_mut(x.len());
        self.cell.backward(parameters, x, &self.given, dy, Some(dx), gradient);
        add_rows(d_state, dy);
    }

    fn add_sparsity(&self, parameters: &[T], weight: T, gradient: &mut [T]) {
        self.cell.add_sparsity(parameters, weight, gradient);
    }

    fn constrain(&self, parameters: &mut [T]) {
        self.cell.constrain(parameters);
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        self.cell.weights(parameters)
    }
}
