//! Figures of runs, agents' and arithmetic's.

mod experiments;
mod figures;
mod identity;
mod kinds;
mod material;
mod runs;
#[cfg(test)]
mod tests;

use gridworld_agents::config::AgentName;
pub use gridworld_figures::pixels::{Png, png};
use gridworld_figures::style::{self, Style};

pub use experiments::{Drawing, experiments};
pub use figures::{Album, Figure, FigureName, evaluation, figures, provenance};
pub use kinds::{Kind, found, kinds, runs};
pub use material::{Group, Material};
pub use runs::RunData;

/// Pixels of a PNG for each of a figure's own.
pub const SCALE: f32 = 2.0;

/// A style for each of the groups, by their names: an agent has the same one in every figure.
fn styles(names: &[String]) -> Vec<Style> {
    const RESERVED: [AgentName; 4] = [AgentName::LstmNau, AgentName::LstmNac, AgentName::LstmNalu, AgentName::Lstm];
    style::styles(names, &RESERVED.map(AgentName::as_str))
}
