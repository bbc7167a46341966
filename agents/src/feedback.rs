//! The feedback loop's wiring: what its cell reads, what it keeps, and how the LSTM sees it.

use crate::config::{Cell, LoopConfig, ModelConfig, Reading, When};

/// How the instruction reaches the LSTM.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wiring {
    /// When the LSTM reads it itself.
    pub told: When,
    /// The loop that it goes through besides, if there is one.
    pub feedback: Option<Feedback>,
}

impl Wiring {
    /// The wiring of a configured network.
    pub fn new(config: &ModelConfig) -> Wiring {
        Wiring { told: config.told, feedback: config.feedback.map(|looped| Feedback::new(&looped, config.hidden)) }
    }

    /// How many inputs the loop has; 0 without one.
    pub fn inputs(&self) -> usize {
        self.feedback.map_or(0, |feedback| feedback.inputs())
    }

    /// How many accumulators there are; 0 without a loop.
    pub fn units(&self) -> usize {
        self.feedback.map_or(0, |feedback| feedback.units)
    }
}

impl When {
    /// The instruction, or the zero that is shown in its place.
    pub fn shown(self, instruction: f32, first: bool) -> f32 {
        match self {
            When::Always => instruction,
            When::First if first => instruction,
            When::First | When::Never => 0.0,
        }
    }
}

/// The loop `n_t = keep · n_tm1 + cell(x_t)`, `r_t = tanh(gain · n_t)`, with the inputs, in this order,
/// `x_t = [T, clock, h_tm1, n_tm1]`, of which a [`Reading`] takes some.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feedback {
    /// What is computed from the inputs.
    pub cell: Cell,
    /// How many accumulators there are.
    pub units: usize,
    /// What the LSTM reads is `tanh(gain · n_t)`.
    pub gain: f32,
    /// When the instruction is among the inputs' values rather than zero.
    pub instruction: When,
    /// Whether a constant 1 is among the inputs: one for each step.
    pub clock: Presence,
    /// Whether the LSTM's last output is.
    pub state: Presence,
    /// Whether the loop's own last output is.
    pub own: Presence,
    /// Whether the output adds to the last one.
    pub update: Update,
    /// The LSTM's units, for the size of the inputs.
    pub hidden: usize,
}

/// Whether an input is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It takes part.
    Present,
    /// It takes no column.
    Absent,
}

/// What becomes of the last output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    /// The new output is added to it.
    Add,
    /// The new output takes its place.
    Replace,
}

impl Feedback {
    /// The wiring of a configured loop beside an LSTM of `hidden` units.
    pub fn new(config: &LoopConfig, hidden: usize) -> Feedback {
        use Presence::{Absent, Present};
        let (instruction, clock, state, own, update) = match config.reading {
            Reading::Additive => (When::First, Present, Absent, Absent, Update::Add),
            Reading::AdditiveState => (When::First, Present, Present, Absent, Update::Add),
            Reading::Recurrent => (When::First, Absent, Present, Present, Update::Replace),
            Reading::State => (When::Always, Absent, Present, Absent, Update::Replace),
            Reading::Instruction => (When::Always, Absent, Absent, Absent, Update::Replace),
        };
        let LoopConfig { cell, units, gain, .. } = *config;
        Feedback { cell, units, gain, instruction, clock, state, own, update, hidden }
    }

    /// How many columns its weight has.
    pub fn inputs(&self) -> usize {
        1 + self.clock.times(1) + self.state.times(self.hidden) + self.own.times(self.units)
    }

    /// Where the LSTM's last output begins among the inputs.
    pub fn state_offset(&self) -> usize {
        1 + self.clock.times(1)
    }

    /// Where the loop's own last output begins among the inputs.
    pub fn own_offset(&self) -> usize {
        self.state_offset() + self.state.times(self.hidden)
    }
}

impl Presence {
    /// Whether it is there.
    pub fn is_present(self) -> bool {
        self == Presence::Present
    }

    fn times(self, columns: usize) -> usize {
        if self.is_present() { columns } else { 0 }
    }
}
