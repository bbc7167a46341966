//! Figures of runs, agents' and arithmetic's.

mod drawing;
mod experiments;
mod figures;
mod identity;
mod kinds;
mod material;
mod runs;
mod style;
#[cfg(test)]
mod tests;

pub use gridworld_figures::pixels::{Png, png};

pub use drawing::Drawing;
pub use experiments::experiments;
pub use figures::{Album, Figure, FigureName, evaluation, figures, provenance};
pub use kinds::{Kind, found, kinds, runs};
pub use material::{Group, Material};
pub use runs::RunData;
pub use style::SCALE;
