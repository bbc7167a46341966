//! Inputs, state and outputs of every unroll.

use tch::Tensor;

use crate::model::{Model, Weights};

/// Sizes of an unroll.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Number of environments side by side.
    pub lanes: usize,
    /// Greatest number of steps before [`Unroll::rewind`].
    pub steps: usize,
    /// The core's units.
    pub hidden: usize,
    /// Numbers of h for which the core has weights: all, or none.
    pub state: usize,
    /// Numbers c beside h in a state.
    pub memory: usize,
    /// Feedback units; 0 without a loop.
    pub units: usize,
    /// Clocks that the core reads, one at most.
    pub clocks: usize,
    /// Columns that tell the core its phase: one for each but the first.
    pub phases: usize,
    /// Columns of the heads ([`HeadColumns`](crate::HeadColumns)).
    pub outputs: usize,
}

impl Sizes {
    /// Sizes for `model` with `lanes` environments and `steps` steps.
    #[must_use]
    pub fn new(model: &Model, lanes: usize, steps: usize) -> Sizes {
        let (hidden, wiring) = (model.config().hidden, model.wiring());
        let memory = wiring.core.about().memory;
        Sizes {
            lanes,
            steps,
            hidden,
            state: wiring.state_columns(hidden),
            memory: memory.len(hidden),
            units: wiring.units(),
            clocks: memory.columns(),
            phases: wiring.phases - 1,
            outputs: model.heads().width(),
        }
    }

    /// Columns of `z = [h_tm1, r_t, clock, phases]`.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.hidden + self.units + self.clocks + self.phases
    }

    /// Columns of z that the core reads, which are its last ones.
    #[must_use]
    pub fn read(&self) -> usize {
        self.columns() - self.hidden + self.state
    }
}

/// State that the core carries from one step to the next, lane by lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoreState {
    /// The core's output, `[lanes, hidden]`.
    pub h: Vec<f32>,
    /// Its memory beside that, `[lanes, memory]`: an LSTM's cell, or a clock.
    pub c: Vec<f32>,
    /// Accumulators of the loop, `[lanes, units]`.
    pub n: Vec<f32>,
}

/// Input of a step, one entry for each lane.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Row of each lane's frame in the table.
    pub rows: &'a [u32],
    /// Instructions in the environment's unit.
    pub instructions: &'a [f32],
    /// True for each lane that begins an episode: its state is zeroed before the step.
    pub first: &'a [bool],
    /// Phase of each lane, counted from 0; not read of an agent without phases, for which it may be empty.
    pub phases: &'a [u8],
}

/// Core with heads that is computed over a rollout.
pub trait Unroll: Send {
    /// Takes the weights of the next rollout.
    fn load(&mut self, weights: Weights);

    /// Adds rows to the table, for frames that came during the rollout.
    fn extend(&mut self, table: Tensor);

    /// Takes one step, and gives the heads' outputs `[lanes, columns]`, of the heads' columns.
    fn step(&mut self, input: Input<'_>) -> &[f32];

    /// The values that `lanes` would have if they saw `input` (one entry a lane listed) next;
    /// nothing is kept.
    fn peek(&mut self, lanes: &[usize], input: Input<'_>) -> Vec<f32>;

    /// The gradient on the loaded weights and the added rows, given that on the outputs of all
    /// steps since [`rewind`](Self::rewind), `[steps, lanes, columns]`; it is propagated to what
    /// they were computed from.
    fn backward(&mut self, outputs: &[f32]);

    /// Starts a new rollout from where the last one ended.
    fn rewind(&mut self);

    /// Gives the present state of the core.
    fn state(&self) -> CoreState;

    /// Replaces the state of the core.
    fn set_state(&mut self, state: &CoreState);
}
