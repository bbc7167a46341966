//! The contract of a core.

use std::fmt::Debug;

use tch::Tensor;

/// A core: from what is seen and told, and its own state, to the state that the heads read.
///
/// It computes in two steps. A linear one is the same for all: `a = W x + V z + b`, blocks of
/// `hidden` numbers, of the features and the instruction x, and of `z = [h_tm1, r_t, clock]`, with the feedback loop's
/// r_t. What follows is written twice: [`plain`](Self::plain) in tensor operations, on any device, and
/// [`forward`](Self::forward) and [`backward`](Self::backward) by hand, on the processor.
pub trait Core: Debug + Sync {
    /// Its names and sizes.
    fn about(&self) -> About;

    /// Puts the blocks of W (`Source::Input`) or V (`Source::State`) where they belong among those of a.
    fn arrange(&self, weight: &Tensor, _source: Source) -> Tensor {
        weight.shallow_clone()
    }

    /// `h_t` and `c_t`, from rows of a, `h_tm1` and `c_tm1`.
    fn plain(&self, a: &Tensor, h_tm1: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor);

    /// The same by hand, for several lanes.
    fn forward(&self, hidden: usize, step: Step<'_>);

    /// Turns `gates` into the gradient on a, `dc` into that on `c_tm1`, and `dh`, the gradient on `h_t`, into the part of
    /// that on `h_tm1` which does not come through a. Tells whether there is such a part.
    fn backward(&self, hidden: usize, step: StepBack<'_>) -> Kept;
}

/// A core in words and numbers.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name in `--core`, in `config.json` and, after `core.`, in those of its parameters.
    pub name: &'static str,
    /// Its name in a sentence.
    pub title: &'static str,
    /// Its equation, for lists and help.
    pub equation: &'static str,
    /// Blocks of `hidden` numbers in a.
    pub gates: usize,
    /// The rows of W in blocks of `hidden`.
    pub input_rows: usize,
    /// Those of V's part for h_tm1; 0 where the state is not read.
    pub state_rows: usize,
    /// The block of the bias that does not begin at 0, and what it begins at.
    pub bias: Option<(usize, f32)>,
    /// What c is.
    pub memory: Memory,
}

/// What a state has beside h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Nothing.
    None,
    /// The cells of an LSTM, one for each unit. The way back needs `tanh(c_t)`, which is saved.
    Cells,
    /// The number of steps since the episode began; z has a tenth of it.
    Clock,
}

impl Memory {
    /// What the steps are multiplied by, so that they arrive at unit scale as the instruction does.
    pub const CLOCK_SCALE: f32 = 0.1;

    /// Numbers in c beside `hidden` units.
    pub fn len(self, hidden: usize) -> usize {
        match self {
            Memory::None => 0,
            Memory::Cells => hidden,
            Memory::Clock => 1,
        }
    }

    /// Numbers that are saved beside a and the states.
    pub fn saved_len(self, hidden: usize) -> usize {
        if self == Memory::Cells { hidden } else { 0 }
    }

    /// Columns of z that it takes.
    pub fn columns(self) -> usize {
        usize::from(self == Memory::Clock)
    }
}

/// What a part of the weights is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Features, instruction and feedback loop.
    Input,
    /// The core's last output.
    State,
}

/// Whether h_tm1 acts on h_t other than through a.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A share of it is kept.
    Share,
    /// Nothing is.
    Nothing,
}

/// One step of several lanes.
#[derive(Debug)]
pub struct Step<'a> {
    /// a; receives what the way back needs of it, `[lanes, gates · hidden]`.
    pub gates: &'a mut [f32],
    /// Rows of z, which begin with `h_tm1`.
    pub z: &'a [f32],
    /// Numbers in a row of z.
    pub columns: usize,
    /// `[lanes, memory]`.
    pub c_tm1: &'a [f32],
    /// Receives the memory.
    pub c_t: &'a mut [f32],
    /// Receives what else is saved, `[lanes, saved_len]`.
    pub saved: &'a mut [f32],
    /// Receives the output, `[lanes, hidden]`.
    pub h_t: &'a mut [f32],
}

/// The way back through one step of several lanes, from what [`Core::forward`] left.
#[derive(Debug)]
pub struct StepBack<'a> {
    /// What became of a.
    pub gates: &'a mut [f32],
    /// Rows of z.
    pub z: &'a [f32],
    /// Numbers in a row of z.
    pub columns: usize,
    /// The memory before the step.
    pub c_tm1: &'a [f32],
    /// What else was saved.
    pub saved: &'a [f32],
    /// The gradient on `h_t`.
    pub dh: &'a mut [f32],
    /// The gradient on `c_t` from later steps.
    pub dc: &'a mut [f32],
}
