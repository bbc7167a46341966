//! The single-layer task: one cell, two numbers, an operation, on nine ranges (Mistry et al. 2022a, *A Primer for Neural
//! Arithmetic Logic Modules*, arXiv:2101.09530, §5).

mod config;
mod outcome;
mod problem;
mod ranges;
mod report;
mod summary;
mod task;
mod training;

pub use config::SingleConfig;
pub use outcome::SingleOutcome;
pub use problem::{Pair, threshold};
pub use ranges::RANGES;
pub use summary::{OfRange, SingleEntry};
pub use training::SingleLayer;
