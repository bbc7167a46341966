//! Arithmetic that extrapolates: the experiments of Trask et al. 2018 (arXiv:1808.00508) and of those who followed them.
//!
//! [`cells`] are layers with derivatives worked out by hand, [`engine`] trains small networks of them in a few
//! microseconds a step, [`tasks`] are what is learned and how it is judged, and a [`crew`] works on many seeds side by
//! side.

pub mod cells;
pub mod crew;
pub mod diverged;
pub mod engine;
pub mod journal;
pub mod metrics;
mod path_in_json;
pub mod published;
pub mod recurrent;
pub mod schedule;
pub mod summary;
pub mod tasks;
