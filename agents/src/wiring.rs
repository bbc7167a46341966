//! The core, and the way of the instruction into it.

use crate::cells::Cell;
use crate::config::ModelConfig;
use crate::cores::Core;
use crate::feedback::{Feedback, InstructionInput};

/// Wiring of an unroll: the core, and the way of the instruction into it.
#[derive(Clone, Copy, Debug)]
pub struct Wiring {
    /// Core of the network.
    pub core: &'static dyn Core,
    /// Steps in which the core itself is shown the instruction.
    pub told: InstructionInput,
    /// Number of phases that the agent tells apart; 1 for none.
    pub phases: usize,
    /// Feedback loop that the instruction goes through besides, with its cell, if there is one.
    pub feedback: Option<(Cell, Feedback)>,
}

impl Wiring {
    /// Makes the wiring of a configured network.
    pub(crate) fn new(config: &ModelConfig) -> Wiring {
        let feedback = config.feedback.map(|looped| (looped.cell, looped.wired(config.hidden, config.phases)));
        Wiring { core: config.core.core(), told: config.told, phases: config.phases, feedback }
    }

    /// Gives the number of inputs of the loop; 0 without one.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.feedback.map_or(0, |(_, feedback)| feedback.inputs())
    }

    /// Gives the number of columns of h_tm1 that the core, of `hidden` units, has weights for: all, or none if it does not
    /// read its state. One that reads nothing else has them in any case, as zeros, as a matrix has at least one column.
    #[must_use]
    pub fn state_columns(&self, hidden: usize) -> usize {
        let about = self.core.about();
        let others = self.units() + about.memory.columns() + self.phases - 1;
        if about.state_rows > 0 || others == 0 { hidden } else { 0 }
    }

    /// Gives the number of accumulators; 0 without a loop.
    pub(crate) fn units(&self) -> usize {
        self.feedback.map_or(0, |(_, feedback)| feedback.units)
    }
}
