//! A cell applied again and again to its own state, as one cell.

use std::ops::Range;

use crate::cells::Cell;
use crate::engine::{Random, Real, Row, add, add_rows, sum, zeros};

/// State before the first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstState {
    /// All numbers are zero.
    Zero,
    /// Learned; zeros to begin with.
    Learned,
}

/// A step cell over a sequence: `s_{t+1} = step([x_t, s_t])`, with one set of parameters for all steps.
///
/// Takes the sequence, the features of its first time step first; gives those numbers of the last state that are `read`.
/// The parameters are the first state s_0, where it is learned, and those of the step. Backward is backpropagation
/// through time without truncation.
pub struct Unroll<T> {
    /// One instance for each time step, each of which keeps what its backward pass needs.
    steps: Vec<Box<dyn Cell<T>>>,
    states: usize,
    first: FirstState,
    read: Range<usize>,
    /// Inputs `[x_t, s_t]` for each t, and the state after the last.
    values: Vec<Vec<Row<T>>>,
    d_value: Vec<Row<T>>,
    d_state: Vec<Row<T>>,
    d_step: Vec<T>,
}

impl<T: Real> Unroll<T> {
    /// Makes `length` steps of the cells that `step` makes, which take `inputs` features and their state; the state's
    /// numbers in `read` are given out.
    ///
    /// # Panics
    /// If `length` is 0, if a step takes nothing but its state, or `read` is not within the state.
    pub fn new(length: usize, read: Range<usize>, first: FirstState, step: impl Fn() -> Box<dyn Cell<T>>) -> Unroll<T> {
        let steps: Vec<_> = (0..length).map(|_| step()).collect();
        let (inputs, states) = (steps[0].inputs(), steps[0].outputs());
        assert!(states < inputs && read.end <= states, "a step reads inputs and its state");
        Unroll {
            states,
            read,
            first,
            values: vec![vec![zeros(); inputs]; length + 1],
            d_value: vec![zeros(); inputs],
            d_state: vec![zeros(); states],
            d_step: vec![T::ZERO; steps[0].parameters()],
            steps,
        }
    }

    /// Gives the number of parameters of the first state.
    fn learned(&self) -> usize {
        match self.first {
            FirstState::Zero => 0,
            FirstState::Learned => self.states,
        }
    }

    /// Gives the number of features of one time step.
    fn features(&self) -> usize {
        self.d_value.len() - self.states
    }
}

impl<T: Real> Cell<T> for Unroll<T> {
    fn inputs(&self) -> usize {
        self.steps.len() * self.features()
    }

    fn outputs(&self) -> usize {
        self.read.len()
    }

    fn parameters(&self) -> usize {
        self.learned() + self.steps[0].parameters()
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let (first, step) = parameters.split_at_mut(self.learned());
        first.fill(T::ZERO);
        self.steps[0].initialize(step, random);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (first, own) = parameters.split_at(self.learned());
        let features = self.features();
        self.values[0][features..].fill(zeros());
        for (value, &first) in self.values[0][features..].iter_mut().zip(first) {
            value.fill(first);
        }
        for (t, (step, x)) in self.steps.iter_mut().zip(x.chunks_exact(features)).enumerate() {
            let (before, after) = self.values.split_at_mut(t + 1);
            before[t][..features].copy_from_slice(x);
            step.forward(own, &before[t], &mut after[0][features..]);
        }
        let last = &self.values[self.steps.len()][features..];
        y.copy_from_slice(&last[self.read.clone()]);
    }

    fn backward(
        &mut self,
        parameters: &[T],
        _x: &[Row<T>],
        _y: &[Row<T>],
        dy: &[Row<T>],
        mut dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    ) {
        let own = &parameters[self.learned()..];
        let (by_first, by_own) = gradient.split_at_mut(self.learned());
        let features = self.features();
        by_own.fill(T::ZERO);
        self.d_state.fill(zeros());
        self.d_state[self.read.clone()].copy_from_slice(dy);
        for (t, step) in self.steps.iter_mut().enumerate().rev() {
            let after = &self.values[t + 1][features..];
            self.d_value.fill(zeros());
            step.backward(own, &self.values[t], after, &self.d_state, Some(&mut self.d_value), &mut self.d_step);
            add(by_own, &self.d_step);
            let (d_x, d_state) = self.d_value.split_at(features);
            self.d_state.copy_from_slice(d_state);
            if let Some(dx) = dx.as_deref_mut() {
                add_rows(&mut dx[t * features..(t + 1) * features], d_x);
            }
        }
        by_first.iter_mut().zip(&self.d_state).for_each(|(by, row)| *by = sum(row));
    }

    fn add_sparsity(&self, parameters: &[T], weight: T, gradient: &mut [T]) {
        self.steps[0].add_sparsity(&parameters[self.learned()..], weight, &mut gradient[self.learned()..]);
    }

    fn constrain(&self, parameters: &mut [T]) {
        self.steps[0].constrain(&mut parameters[self.learned()..]);
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        self.steps[0].weights(&parameters[self.learned()..])
    }
}
