//! Figures of runs, agents' and arithmetic's.

mod experiments;
mod figures;
mod identity;
mod kinds;
mod material;
mod runs;
mod style;
#[cfg(test)]
mod tests;
mod words;

pub use gridworld_figures::pixels::{Png, png};

pub use experiments::experiments;
pub use figures::{Album, Missing, evaluation, figures, names, provenance};
pub use kinds::{Kind, found, kinds, runs};
pub use material::{Group, Material};
pub use runs::RunData;
pub use style::SCALE;
