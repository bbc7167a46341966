//! The contract of a core.

use std::fmt::Debug;

use tch::Tensor;

/// A core, the recurrent layer of an agent: from the features of the image, the instruction, the counters and its own
/// state it computes the state that the heads read.
///
/// It computes in two steps. The first is the same for all cores: `a = W x + V z + b`. Here `x` holds the features and
/// the scaled instruction; `z = [h_tm1, r_t, clock, phases]` is the core's last output, the output r_t of the feedback
/// loop, a clock and the phase (each only if the agent has it; V has no columns for an h_tm1 that the core does not read);
/// and `a`, the preactivations, consists of [`About::gates`] blocks of `hidden` numbers per lane. The second step is written twice: [`plain`](Self::plain) in tensor operations, on any
/// device, and [`forward`](Self::forward) and [`backward`](Self::backward) by hand, on the processor.
pub trait Core: Debug + Sync {
    /// Describes the core: its names and sizes.
    fn about(&self) -> About;

    /// Brings the rows of the parameter `weight` into the order of `a`: from `input_rows · hidden` rows
    /// ([`Source::Input`]) or `state_rows · hidden` rows ([`Source::State`]) to `gates · hidden` rows, with zeros where
    /// a block of `a` has no such weights. By default `weight` stays as it is.
    fn arrange(&self, weight: &Tensor, _source: Source) -> Tensor {
        weight.shallow_clone()
    }

    /// Computes `(h_t, c_t)`, `[lanes, hidden]` and `[lanes, memory]`, from the preactivations `a`,
    /// `[lanes, gates · hidden]`, `h_tm1`, `[lanes, hidden]`, and `c_tm1`, `[lanes, memory]`, in tensor operations.
    fn plain(&self, a: &Tensor, h_tm1: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor);

    /// Computes a step of several lanes by hand, on the processor.
    fn forward(&self, hidden: usize, step: Step<'_>);

    /// Turns `gates` into the gradient on a, `dc` into that on `c_tm1`, and `dh`, the gradient on `h_t`, into the part of
    /// that on `h_tm1` which does not come through a. Tells whether there is such a part.
    fn backward(&self, hidden: usize, step: StepBack<'_>) -> Kept;
}

/// Description of a core: names, equation and sizes.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Name of the core in `--core`, in `config.json` and, after `core.`, in the names of its parameters.
    pub name: &'static str,
    /// Name of the core in a sentence.
    pub title: &'static str,
    /// Equation of the core, for lists and help.
    pub equation: &'static str,
    /// Number of blocks of `hidden` numbers in a.
    pub gates: usize,
    /// Rows of W, in blocks of `hidden`.
    pub input_rows: usize,
    /// Rows of V's part for h_tm1, in blocks of `hidden`; 0 where the state is not read.
    pub state_rows: usize,
    /// The block of the bias that does not begin at 0, and its initial value.
    pub bias: Option<(usize, f32)>,
    /// Kind of the memory c.
    pub memory: Memory,
}

/// Memory that a core's state has beside h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// No memory beside h.
    None,
    /// The cells of an LSTM, one for each unit. The backward pass needs `tanh(c_t)`, which is saved.
    Cells,
    /// The number of steps since the episode began; z has a tenth of it.
    Clock,
}

impl Memory {
    /// Factor on the number of steps, which brings it to unit scale as for the instruction.
    pub const CLOCK_SCALE: f32 = 0.1;

    /// Gives the count of numbers in c, of a core of `hidden` units.
    pub(crate) fn len(self, hidden: usize) -> usize {
        match self {
            Memory::None => 0,
            Memory::Cells => hidden,
            Memory::Clock => 1,
        }
    }

    /// Gives the count of numbers that are saved beside a and the states.
    pub(crate) fn saved_len(self, hidden: usize) -> usize {
        if self == Memory::Cells { hidden } else { 0 }
    }

    /// Gives the number of columns of z that the memory takes.
    pub(crate) fn columns(self) -> usize {
        usize::from(self == Memory::Clock)
    }
}

/// Input that a part of the weights is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Features, instruction and output of the feedback loop.
    Input,
    /// The core's last output.
    State,
}

/// Part of h_tm1 that acts on h_t other than through a.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A share of h_tm1 is kept in h_t, beside the way through a.
    Share,
    /// No share of h_tm1 is kept: it acts through a alone.
    Nothing,
}

/// Inputs and outputs of one step of several lanes.
#[derive(Debug)]
pub struct Step<'a> {
    /// Preactivations a; receives what the backward pass needs of them, `[lanes, gates · hidden]`.
    pub gates: &'a mut [f32],
    /// Rows of z, which begin with `h_tm1`.
    pub z: &'a [f32],
    /// Count of numbers in a row of z.
    pub columns: usize,
    /// Memory before the step, `[lanes, memory]`.
    pub c_tm1: &'a [f32],
    /// Receives the memory after the step.
    pub c_t: &'a mut [f32],
    /// Receives what else the backward pass needs, `[lanes, saved_len]`.
    pub saved: &'a mut [f32],
    /// Receives the output, `[lanes, hidden]`.
    pub h_t: &'a mut [f32],
}

/// Inputs and outputs of the backward pass through one step of several lanes, from what [`Core::forward`] left.
#[derive(Debug)]
pub struct StepBack<'a> {
    /// Gates as the step left them; receives the gradient on a, `[lanes, gates · hidden]`.
    pub gates: &'a mut [f32],
    /// Rows of z, which begin with `h_tm1`.
    pub z: &'a [f32],
    /// Count of numbers in a row of z.
    pub columns: usize,
    /// The memory before the step.
    pub c_tm1: &'a [f32],
    /// Numbers that the step saved beside the gates, `[lanes, saved_len]`.
    pub saved: &'a [f32],
    /// Gradient on `h_t`; receives the part of that on `h_tm1` which does not come through a.
    pub dh: &'a mut [f32],
    /// Gradient on `c_t` from later steps; receives that on `c_tm1`.
    pub dc: &'a mut [f32],
}
