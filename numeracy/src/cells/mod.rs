//! The cells: layers with their derivatives worked out by hand, each with the equation that it computes.

mod activation;
mod dense;
mod inalu;
mod learning;
mod logarithm;
mod nac;
mod nac_mul;
mod nalu;
mod name;
mod nau;
mod nmru;
mod nmu;
mod npu;

pub use crate::engine::Cell;
pub use activation::Activation;
pub use dense::Dense;
pub use inalu::INalu;
pub use learning::Learning;
pub use nac::Nac;
pub use nac_mul::NacMul;
pub use nalu::{Nalu, Sharing};
pub use name::CellName;
pub use nau::{Init, Nau};
pub use nmru::Nmru;
pub use nmu::{Choice, Nmu};
pub use npu::{RealNpu, Variant};
