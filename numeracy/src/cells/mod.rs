//! The cells: layers with their derivatives worked out by hand, each with the equation that it computes.

mod activation;
mod cell;
mod dense;
mod nac;
mod name;
mod nau;
mod nmu;

pub use activation::Activation;
pub use cell::Cell;
pub use dense::Dense;
pub use nac::Nac;
pub use name::CellName;
pub use nau::Nau;
pub use nmu::Nmu;
