//! The inputs of the feedback loop, and what becomes of its output.

use gridworld_kernels::tanh;
use serde::{Deserialize, Serialize};

/// Steps in which a part of the network is shown the instruction; zero is shown in the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstructionInput {
    /// Every step of an episode.
    Always,
    /// First step of an episode.
    #[serde(rename = "first")]
    Start,
    /// No step of an episode.
    Never,
}

impl InstructionInput {
    /// Gives the instruction, or the zero that is shown in its place.
    pub(crate) fn shown(self, instruction: f32, first: bool) -> f32 {
        match self {
            InstructionInput::Always => instruction,
            InstructionInput::Start if first => instruction,
            InstructionInput::Start | InstructionInput::Never => 0.0,
        }
    }
}

/// Form in which the core reads an accumulator n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Read {
    /// `tanh(gain · n)`: near ±1 far from zero, however large n is.
    #[default]
    Tanh,
    /// A linear function: `gain · n`.
    Linear,
}

impl Read {
    /// Computes what is read of `n`.
    #[inline]
    #[must_use]
    pub fn value(self, gain: f32, n: f32) -> f32 {
        match self {
            Read::Tanh => tanh(gain * n),
            Read::Linear => gain * n,
        }
    }

    /// Computes the gradient on n from `d`, that on what is read, and from what was read.
    #[inline]
    #[must_use]
    pub fn backward(self, gain: f32, read: f32, d: f32) -> f32 {
        match self {
            Read::Tanh => d * gain * (1.0 - read * read),
            Read::Linear => d * gain,
        }
    }
}

/// The loop `n_t = keep · n_tm1 + cell(x_t)`, `r_t = tanh(gain · n_t)` or `gain · n_t`, with the inputs, in this order,
/// `x_t = [T, clock, h_tm1, n_tm1]`, of which a [`FeedbackInput`](crate::config::FeedbackInput) takes some.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feedback {
    /// Number of accumulators.
    pub units: usize,
    /// Gain of the loop: the core reads `tanh(gain · n_t)`, or `gain · n_t`.
    pub gain: f32,
    /// Form in which the core reads an accumulator.
    pub read: Read,
    /// Steps in which the instruction is among the inputs' values rather than zero.
    pub instruction: InstructionInput,
    /// Presence of a constant 1 among the inputs: one for each step.
    pub clock: Presence,
    /// Presence of the core's last output among the inputs.
    pub state: Presence,
    /// Presence of the loop's own last output among the inputs.
    pub own: Presence,
    /// Use of the loop's last output: the new one is added to it, or takes its place.
    pub update: Update,
    /// Number of the core's units, for the size of the inputs.
    pub hidden: usize,
}

/// Presence of an input of the loop.
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
    /// Gives the number of inputs, which is that of the columns of the cell's weights.
    #[must_use]
    pub fn inputs(&self) -> usize {
        1 + self.clock.times(1) + self.state.times(self.hidden) + self.own.times(self.units)
    }

    /// Gives the first column of the core's last output among the inputs.
    #[must_use]
    pub fn state_offset(&self) -> usize {
        1 + self.clock.times(1)
    }

    /// Gives the first column of the loop's own last output among the inputs.
    #[must_use]
    pub fn own_offset(&self) -> usize {
        self.state_offset() + self.state.times(self.hidden)
    }
}

impl Presence {
    /// Tells if the input takes part.
    #[must_use]
    pub fn is_present(self) -> bool {
        self == Presence::Present
    }

    fn times(self, columns: usize) -> usize {
        if self.is_present() { columns } else { 0 }
    }
}
