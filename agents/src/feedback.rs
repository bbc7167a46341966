//! The inputs of the feedback loop, and what becomes of its output.

use serde::{Deserialize, Serialize};

/// When a part of the network is shown the instruction; zero is shown otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// In every step.
    Always,
    /// In the first step of an episode.
    First,
    /// Not at all.
    Never,
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
/// `x_t = [T, clock, h_tm1, n_tm1]`, of which a [`Reading`](crate::config::Reading) takes some.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feedback {
    /// How many accumulators there are.
    pub units: usize,
    /// What the core reads is `tanh(gain · n_t)`.
    pub gain: f32,
    /// When the instruction is among the inputs' values rather than zero.
    pub instruction: When,
    /// Whether a constant 1 is among the inputs: one for each step.
    pub clock: Presence,
    /// Whether the core's last output is.
    pub state: Presence,
    /// Whether the loop's own last output is.
    pub own: Presence,
    /// Whether the output adds to the last one.
    pub update: Update,
    /// The core's units, for the size of the inputs.
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
    /// How many columns the cell's weights have.
    pub fn inputs(&self) -> usize {
        1 + self.clock.times(1) + self.state.times(self.hidden) + self.own.times(self.units)
    }

    /// Where the core's last output begins among the inputs.
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
