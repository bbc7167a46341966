//! What figures of runs are drawn from, agents' and arithmetic's: the crate `figures` draws them.

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
