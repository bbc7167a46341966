//! Numbers of trainings and of experiments in arithmetic, read for the crate `figures`, which draws them.

mod experiments;
mod runs;
#[cfg(test)]
mod tests;
mod trainings;
mod variants;

pub use experiments::experiments;
pub use runs::RunData;
pub use trainings::{provenance, reserved, trainings};
pub use variants::{Variant, found, runs, variants};
