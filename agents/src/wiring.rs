//! The way of the instruction into the core.

use crate::cells::Cell;
use crate::config::ModelConfig;
use crate::feedback::{Feedback, When};

/// How the instruction reaches the core.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wiring {
    /// When the core reads it itself.
    pub told: When,
    /// The loop that it goes through besides, with its cell, if there is one.
    pub feedback: Option<(Cell, Feedback)>,
}

impl Wiring {
    /// The wiring of a configured network.
    pub fn new(config: &ModelConfig) -> Wiring {
        let feedback = config.feedback.map(|looped| (looped.cell, looped.wired(config.hidden)));
        Wiring { told: config.told, feedback }
    }

    /// How many inputs the loop has; 0 without one.
    pub fn inputs(&self) -> usize {
        self.feedback.map_or(0, |(_, feedback)| feedback.inputs())
    }

    /// How many accumulators there are; 0 without a loop.
    pub fn units(&self) -> usize {
        self.feedback.map_or(0, |(_, feedback)| feedback.units)
    }
}
