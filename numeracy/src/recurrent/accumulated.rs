//! An arithmetic cell that reads a memory and its own last output.

use std::ops::Range;

use crate::cells::Cell;
use crate::engine::{Random, Real, Row, add_rows, zeros};

/// A memory's step, then an arithmetic cell's: `m′ = memory([x, m])`, `y′ = cell([h′, y])` with h′ the first `hidden`
/// numbers of m′ (Madsen & Johansen's reading of Trask et al. 2018, §4.3). Takes `[x, m, y]`, gives `[m′, y′]`; the
/// parameters are the memory's, then the cell's.
pub struct Accumulated<T> {
    memory: Box<dyn Cell<T>>,
    cell: Box<dyn Cell<T>>,
    hidden: usize,
    /// Inputs of the arithmetic cell, and the derivatives of the loss with respect to them and to the memory's outputs.
    read: Vec<Row<T>>,
    d_read: Vec<Row<T>>,
    d_memory: Vec<Row<T>>,
}

impl<T: Real> Accumulated<T> {
    /// Makes the step of this memory, of which the cell reads the first `hidden` numbers beside what it gave before.
    ///
    /// # Panics
    /// If the cell does not read `hidden` features and as many more as it gives.
    #[must_use]
    pub fn new(memory: Box<dyn Cell<T>>, hidden: usize, cell: Box<dyn Cell<T>>) -> Accumulated<T> {
        assert_eq!(cell.inputs(), hidden + cell.outputs(), "the cell reads the memory and its own number");
        let read = vec![zeros(); cell.inputs()];
        Accumulated { hidden, d_read: read.clone(), read, d_memory: vec![zeros(); memory.outputs()], memory, cell }
    }

    /// Gives the place of the arithmetic cell's numbers in the state.
    #[must_use]
    pub fn numbers(&self) -> Range<usize> {
        let memory = self.memory.outputs();
        memory..memory + self.cell.outputs()
    }
}

impl<T: Real> Cell<T> for Accumulated<T> {
    fn inputs(&self) -> usize {
        self.memory.inputs() + self.cell.outputs()
    }

    fn outputs(&self) -> usize {
        self.memory.outputs() + self.cell.outputs()
    }

    fn parameters(&self) -> usize {
        self.memory.parameters() + self.cell.parameters()
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let (memory, cell) = parameters.split_at_mut(self.memory.parameters());
        self.memory.initialize(memory, random);
        self.cell.initialize(cell, random);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (of_memory, of_cell) = parameters.split_at(self.memory.parameters());
        let (x, number) = x.split_at(self.memory.inputs());
        let (memory, y) = y.split_at_mut(self.memory.outputs());
        self.memory.forward(of_memory, x, memory);
        self.read[..self.hidden].copy_from_slice(&memory[..self.hidden]);
        self.read[self.hidden..].copy_from_slice(number);
        self.cell.forward(of_cell, &self.read, y);
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
        let (of_memory, of_cell) = parameters.split_at(self.memory.parameters());
        let (by_memory, by_cell) = gradient.split_at_mut(self.memory.parameters());
        let (memory, number) = y.split_at(self.memory.outputs());
        let (d_memory, d_number) = dy.split_at(self.memory.outputs());
        self.d_read.fill(zeros());
        self.cell.backward(of_cell, &self.read, number, d_number, Some(&mut self.d_read), by_cell);
        self.d_memory.copy_from_slice(d_memory);
        add_rows(&mut self.d_memory[..self.hidden], &self.d_read[..self.hidden]);
        let x = &x[..self.memory.inputs()];
        let Some(dx) = dx else {
            return self.memory.backward(of_memory, x, memory, &self.d_memory, None, by_memory);
        };
        let (dx, d_before) = dx.split_at_mut(self.memory.inputs());
        self.memory.backward(of_memory, x, memory, &self.d_memory, Some(dx), by_memory);
        add_rows(d_before, &self.d_read[self.hidden..]);
    }

    fn add_sparsity(&self, parameters: &[T], weight: T, gradient: &mut [T]) {
        let memory = self.memory.parameters();
        self.cell.add_sparsity(&parameters[memory..], weight, &mut gradient[memory..]);
    }

    fn constrain(&self, parameters: &mut [T]) {
        let (memory, cell) = parameters.split_at_mut(self.memory.parameters());
        self.memory.constrain(memory);
        self.cell.constrain(cell);
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        self.cell.weights(&parameters[self.memory.parameters()..])
    }
}
