//! Numbers of trainings and of experiments in arithmetic, read for the crate `figures`, which draws them.

mod experiments;
mod kinds;
mod runs;
#[cfg(test)]
mod tests;
mod trainings;

pub use experiments::experiments;
pub use kinds::{Kind, found, kinds, runs};
pub use runs::RunData;
pub use trainings::{provenance, reserved, trainings};
