//! Inputs and outputs of every encoder of images.

use tch::Tensor;

use crate::parameters::{Bound, Layout};

/// Need of a gradient for features that are encoded now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gradient {
    /// The features will have a gradient, and [`ImageEncoder::backward`] passes it on.
    Wanted,
    /// The features are only to act on, or to judge by.
    Unwanted,
}

/// Computes the features of images, and afterwards the gradient on vision's parameters.
pub trait ImageEncoder: Send {
    /// Takes the parameters of the next rollout; what was encoded before is forgotten.
    fn load(&mut self, parameters: &Bound);

    /// The features `[count, features]` of so many images. `draw` draws each of them, by its number,
    /// into `height × width × channels` bytes; what these held before may be anything.
    fn encode(&mut self, count: usize, draw: &mut dyn FnMut(usize, &mut [u8]), gradient: Gradient) -> Tensor;

    /// Writes vision's part of `gradient`, a vector over `layout`, once the features that were encoded
    /// since [`load`](Self::load) with [`Gradient::Wanted`] have their gradients.
    fn backward(&mut self, layout: &Layout, gradient: &mut Tensor);
}
