//! The look of figures that all of them share.

use gridworld_agents::config::AgentName;
use gridworld_figures::style::{self, Style};

/// Pixels of a PNG for each of a figure's own.
pub const SCALE: f32 = 2.0;

/// A style for each of the groups, by their names: an agent has the same one in every figure.
pub fn styles(names: &[String]) -> Vec<Style> {
    const RESERVED: [AgentName; 4] = [AgentName::LstmNau, AgentName::LstmNac, AgentName::LstmNalu, AgentName::Lstm];
    style::styles(names, &RESERVED.map(AgentName::as_str))
}
