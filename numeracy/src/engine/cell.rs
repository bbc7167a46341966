//! The trait of a layer: parameters, forward and backward pass.

use super::{Random, Real, Row};

/// A layer of a network: a function of a batch with parameters, its derivatives, and the initial values and bounds of
/// its parameters. The cell keeps what its backward pass needs of the forward pass.
pub trait Cell<T: Real>: Send {
    /// Gives the number of features that go in.
    fn inputs(&self) -> usize;
    /// Gives the number of features that come out.
    fn outputs(&self) -> usize;
    /// Gives the number of parameters.
    fn parameters(&self) -> usize;
    /// Draws the initial parameters.
    fn initialize(&self, parameters: &mut [T], random: &mut Random);
    /// Computes the output `y`, [`outputs`](Self::outputs) rows, from `x`, [`inputs`](Self::inputs) rows; a [`Row`] is
    /// one feature of all 128 examples. `y` is overwritten.
    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]);
    /// Computes gradients from `dy`, the derivative of the loss with respect to `y`, of the same shape. The derivative
    /// with respect to the parameters overwrites `gradient`, which is as long as `parameters`; that with respect to `x`
    /// is added to `dx`, of the shape of `x`, if there is one. `x` and `y` are those of the last
    /// [`forward`](Self::forward).
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
