//! Static arithmetic: an operation on the sums of two overlapping subsets of a vector (Trask et al. 2018, §4.1, as
//! Madsen & Johansen 2020 define it in §4.1 and appendix C).

mod problem;
mod threshold;
mod training;

pub use problem::Subsets;
pub use threshold::threshold;
pub use training::{StaticArithmetic, StaticConfig};
