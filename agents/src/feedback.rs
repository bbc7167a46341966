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

/// Inputs of the feedback loop, and whether its output is added to the counters or replaces them (`--feedback-input`;
/// `reading` in `config.json`). The paper's figure can be interpreted in more than one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedbackInput {
    /// `n_t = n_tm1 + cell([T at the first step, 1])`: the counters accumulate the cell's output.
    Additive,
    /// `n_t = n_tm1 + cell([T at the first step, 1, h_tm1])`: the cell's output can depend on the core's state.
    AdditiveState,
    /// `n_t = n_tm1 + cell([T at the first step, h_tm1 ≥ 0])` with some of the h: what is counted, is up to the core.
    Events,
    /// `n_t = n_tm1 + cell([T at the first step, 1 at the first step, phase_t = 1, phase_t = 2, …])`: a counter begins at a
    /// number of its own, and adds one number in each step of a phase, but nothing in the first phase.
    Phases,
    /// `n_t = cell([T at the first step, h_tm1, n_tm1])`: the cell reads its own last output.
    Recurrent,
    /// `n_t = cell([T, h_tm1])`: the cell reads T and the core's last output in every step.
    State,
    /// `n_t = cell([T])`: the cell reads T alone in every step, and there is no loop.
    Instruction,
}

impl FeedbackInput {
    /// All readings of the feedback loop.
    pub const ALL: [FeedbackInput; 7] = [
        FeedbackInput::Additive,
        FeedbackInput::AdditiveState,
        FeedbackInput::Events,
        FeedbackInput::Phases,
        FeedbackInput::Recurrent,
        FeedbackInput::State,
        FeedbackInput::Instruction,
    ];

    /// Gives the name as users write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            FeedbackInput::Additive => "additive",
            FeedbackInput::AdditiveState => "additive-state",
            FeedbackInput::Events => "events",
            FeedbackInput::Phases => "phases",
            FeedbackInput::Recurrent => "recurrent",
            FeedbackInput::State => "state",
            FeedbackInput::Instruction => "instruction",
        }
    }

    /// Gives the equation, for lists and help.
    #[must_use]
    pub fn equation(self) -> &'static str {
        match self {
            FeedbackInput::Additive => "n += cell([T at the first step, 1])",
            FeedbackInput::AdditiveState => "n += cell([T at the first step, 1, h])",
            FeedbackInput::Events => "n += cell([T at the first step, h >= 0])",
            FeedbackInput::Phases => "n += cell([T and 1 at the first step, phase = 1, phase = 2, …])",
            FeedbackInput::Recurrent => "n = cell([T at the first step, h, n])",
            FeedbackInput::State => "n = cell([T, h])",
            FeedbackInput::Instruction => "n = cell([T])",
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
/// `x_t = [T, clock, start, phases, h_tm1, n_tm1]`, of which a [`FeedbackInput`] takes some.
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
    /// Presence of a number among the inputs that is 1 in the first step of an episode, and 0 later.
    pub start: Presence,
    /// Number of columns that tell the phase: 1 in the column of the present one, else 0, and no column for the first.
    pub phases: usize,
    /// Form of the core's last output among the inputs.
    pub state: StateInput,
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

/// Form in which the loop reads the core's last output h.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StateInput {
    /// It takes no column.
    Absent,
    /// All of its numbers.
    Values,
    /// A bit for each of so many of its first numbers: 0 if the number is negative, else 1, as in the first step, before
    /// which h is zero. The gradient passes as if the bit were `gradient` times the number (straight-through estimator; Bengio
    /// et al. 2013, arXiv:1308.3432, §4).
    Bits {
        /// Number of bits.
        count: usize,
        /// Factor on the gradient.
        gradient: f32,
    },
}

impl StateInput {
    /// Tells if the input takes part.
    #[must_use]
    pub fn is_present(self) -> bool {
        self != StateInput::Absent
    }

    /// Gives the factor on the gradient on the core's last output.
    #[must_use]
    pub fn gradient(self) -> f32 {
        match self {
            StateInput::Bits { gradient, .. } => gradient,
            StateInput::Absent | StateInput::Values => 1.0,
        }
    }

    /// Gives the number of columns beside a core of `hidden` units.
    #[must_use]
    pub fn columns(self, hidden: usize) -> usize {
        match self {
            StateInput::Absent => 0,
            StateInput::Values => hidden,
            StateInput::Bits { count, .. } => count.min(hidden),
        }
    }
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
        self.own_offset() + self.own.times(self.units)
    }

    /// Gives the column that marks the first step among the inputs, if there is one.
    #[must_use]
    pub fn start_offset(&self) -> usize {
        1 + self.clock.times(1)
    }

    /// Gives the first column that tells the phase among the inputs.
    #[must_use]
    pub fn phase_offset(&self) -> usize {
        self.start_offset() + self.start.times(1)
    }

    /// Gives the first column of the core's last output among the inputs.
    #[must_use]
    pub fn state_offset(&self) -> usize {
        self.phase_offset() + self.phases
    }

    /// Gives the first column of the loop's own last output among the inputs.
    #[must_use]
    pub fn own_offset(&self) -> usize {
        self.state_offset() + self.state.columns(self.hidden)
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
