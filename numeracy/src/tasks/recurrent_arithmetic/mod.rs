//! Arithmetic over sequences: the operations on sums over time (Trask et al. 2018, arXiv:1808.00508, §4.1), learned from
//! ten time steps and asked at a thousand.

mod config;
mod model;
mod outcome;
mod problem;
mod report;
mod task;
mod training;

pub use config::{RecurrentConfig, TRAINED};
pub use model::RecurrentModel;
pub use outcome::{Error, RecurrentCheck, RecurrentOutcome, RecurrentSummary};
pub use problem::{FEATURES, Problem};
pub use report::RecurrentEntry;
pub use training::{LENGTHS, RecurrentArithmetic};
