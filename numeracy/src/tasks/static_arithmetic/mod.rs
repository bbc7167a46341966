//! Static arithmetic: an operation on the sums of two overlapping subsets of a vector (Trask et al. 2018, §4.1, as
//! Madsen & Johansen 2020 define it in §4.1 and appendix C).

mod config;
mod entry;
mod plan;
mod problem;
mod report;
mod task;
mod threshold;
mod training;

pub use config::StaticConfig;
pub use entry::StaticEntry;
pub use problem::Subsets;
pub use threshold::threshold;
pub use training::StaticArithmetic;
