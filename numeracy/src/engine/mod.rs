//! Small networks, fast: features of 128 examples at a time, in vector instructions, without allocation in a step.
//!
//! libtorch takes microseconds for each operation, and a step of these networks has forty of them; a whole step here
//! takes as long as one. Everything is generic over the [kind of number](Real): `f32` trains, `f64` checks gradients.

mod adam;
mod batch;
mod cell;
mod learner;
mod network;
mod products;
mod random;
mod real;
mod simd;

pub use adam::Adam;
pub use batch::{BATCH, Row, dot, sum, zeros};
pub use cell::Cell;
pub use learner::Learner;
pub use network::{Descent, Network};
pub use products::{add, add_input_gradient, add_rows, product, weight_gradient};
pub use random::{Purpose, Random, glorot};
pub use real::Real;
pub use simd::vectorized;
