//! The core, and the way of the instruction into it.

use crate::cells::Cell;
use crate::config::ModelConfig;
use crate::cores::Core;
use crate::feedback::{Feedback, When};

/// What an unroll is made of, beside sizes and weights.
#[derive(Clone, Copy, Debug)]
pub struct Wiring {
    /// The core.
    pub core: &'static dyn Core,
    /// When it reads the instruction itself.
    pub told: When,
    /// The loop that the instruction goes through besides, with its cell, if there is one.
    pub feedback: Option<(Cell, Feedback)>,
}

impl Wiring {
    /// The wiring of a configured network.
    pub fn new(config: &ModelConfig) -> Wiring {
        let feedback = config.feedback.map(|looped| (looped.cell, looped.wired(config.hidden)));
        Wiring { core: config.core.core(), told: config.told, feedback }
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
