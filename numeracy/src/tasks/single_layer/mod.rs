//! The single-layer task: one cell, two numbers, an operation, on nine ranges (Mistry et al. 2022a, *A Primer for Neural
//! Arithmetic Logic Modules*, arXiv:2101.09530, §5).

mod problem;
mod ranges;
mod summary;
mod training;

pub use problem::{Pair, threshold};
pub use ranges::RANGES;
pub use summary::OfRange;
pub use training::{SingleConfig, SingleLayer, SingleOutcome};
