//! Figures of runs, agents' and arithmetic's.

mod arithmetic;
mod kinds;
mod runs;
#[cfg(test)]
mod tests;
mod trainings;

pub use arithmetic::experiments;
pub use kinds::{Kind, found, kinds, runs};
pub use runs::RunData;
pub use trainings::{provenance, reserved, trainings};
