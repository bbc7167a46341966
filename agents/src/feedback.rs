//! The feedback loop's wiring: what its cell reads, what it keeps, and how the LSTM sees it.

use crate::config::{Cell, LoopConfig, ModelConfig, Reading, When};

/// Paths of the instruction to the LSTM.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wiring {
    /// Steps in which the LSTM reads the instruction itself.
    pub told: When,
    /// The loop that it goes through besides, if there is one.
    pub feedback: Option<Feedback>,
}

impl Wiring {
    /// Makes the wiring of a configured network.
    pub fn new(config: &ModelConfig) -> Wiring {
        Wiring { told: config.told, feedback: config.feedback.map(|looped| Feedback::new(&looped, config.hidden)) }
    }

    /// Number of the loop's inputs; 0 without one.
    pub fn inputs(&self) -> usize {
        self.feedback.map_or(0, |feedback| feedback.inputs())
    }

    /// Number of accumulators; 0 without a loop.
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
    /// Cell that computes the output from the inputs.
    pub cell: Cell,
    /// Number of accumulators.
    pub units: usize,
    /// Gain of the accumulators as the LSTM reads them: `tanh(gain · n_t)`.
    pub gain: f32,
    /// Steps in which the instruction is among the inputs' values rather than zero.
    pub instruction: When,
    /// Presence of a constant 1 among the inputs: one for each step.
    pub clock: Presence,
    /// Presence of the LSTM's last output among the inputs.
    pub state: Presence,
    /// Presence of the loop's own last output among the inputs.
    pub own: Presence,
    /// Use of the loop's last output: the new one is added to it, or takes its place.
    pub update: Update,
    /// The LSTM's units, for the size of the inputs.
    pub hidden: usize,
}

/// Presence of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The input takes part.
    Present,
    /// The input takes no column.
    Absent,
}

/// Use of the loop's last output.
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

    /// Number of columns of the loop's weight.
    pub fn inputs(&self) -> usize {
        1 + self.clock.times(1) + self.state.times(self.hidden) + self.own.times(self.units)
    }

    /// Gives the first column of the LSTM's last output among the inputs.
    pub fn state_offset(&self) -> usize {
        1 + self.clock.times(1)
    }

    /// Gives the first column of the loop's own last output among the inputs.
    pub fn own_offset(&self) -> usize {
        self.state_offset() + self.state.times(self.hidden)
    }
}

impl Presence {
    /// Tells if the input takes part.
    pub fn is_present(self) -> bool {
        self == Presence::Present
    }

    fn times(self, columns: usize) -> usize {
        if self.is_present() { columns } else { 0 }
    }
}
