//! The trait of a layer: parameters, forward and backward pass.

use super::{Random, Real, Row};

/// A layer of a network: a function of a batch with parameters, its derivatives, and how its parameters begin and
/// where they may go. What a pass back needs of the pass forward, the cell keeps.
pub trait Cell<T: Real>: Send {
    /// Gives the number of features that go in.
    fn inputs(&self) -> usize;
    /// Gives the number of features that come out.
    fn outputs(&self) -> usize;
    /// Gives the number of parameters.
    fn parameters(&self) -> usize;
    /// Draws the initial parameters.
    fn initialize(&self, parameters: &mut [T], random: &mut Random);
    /// Computes `y` of `x`.
    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]);
    /// Computes the gradients, given `dy`, the loss's derivative by `y`: that by the parameters overwrites `gradient`,
    /// and that by `x` is added to `dx` where there is one.
    fn backward(
        &mut self,
        parameters: &[T],
        x: &[Row<T>],
        y: &[Row<T>],
        dy: &[Row<T>],
        dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    );
    /// Adds `weight` times the gradient of the sparsity regularizer, if the cell has one.
    fn add_sparsity(&self, _parameters: &[T], _weight: T, _gradient: &mut [T]) {}
    /// Brings the parameters back to where they may be, after an update.
    fn constrain(&self, _parameters: &mut [T]) {}
    /// Gives the weights that ought to be whole numbers.
    fn weights(&self, parameters: &[T]) -> Vec<T>;
}
