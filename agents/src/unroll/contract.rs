//! What every unroll takes, carries and gives.

use tch::Tensor;

use crate::model::{Model, Weights};

/// The sizes of an unroll.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Environments side by side.
    pub lanes: usize,
    /// Most steps before [`Unroll::rewind`].
    pub steps: usize,
    /// The core's units.
    pub hidden: usize,
    /// Numbers c beside h in a state.
    pub memory: usize,
    /// Feedback units; 0 without a loop.
    pub units: usize,
    /// Clocks that the core reads, one at most.
    pub clocks: usize,
    /// Actions and one value.
    pub outputs: usize,
}

impl Sizes {
    /// Sizes for `model` with `lanes` environments and `steps` steps.
    pub fn new(model: &Model, lanes: usize, steps: usize) -> Sizes {
        let (hidden, wiring) = (model.config().hidden, model.wiring());
        let memory = wiring.core.about().memory;
        Sizes {
            lanes,
            steps,
            hidden,
            memory: memory.len(hidden),
            units: wiring.units(),
            clocks: memory.columns(),
            outputs: model.actions() + 1,
        }
    }

    /// Columns of `z = [h_tm1, r_t, clock]`.
    pub fn columns(&self) -> usize {
        self.hidden + self.units + self.clocks
    }
}

/// What the core carries from one step to the next, lane by lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoreState {
    /// The core's output, `[lanes, hidden]`.
    pub h: Vec<f32>,
    /// Its memory beside that, `[lanes, memory]`: an LSTM's cell, or a clock.
    pub c: Vec<f32>,
    /// The accumulators, `[lanes, units]`.
    pub n: Vec<f32>,
}

/// What each lane of a step is given.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The row of each lane's frame in the table.
    pub rows: &'a [u32],
    /// The instructions, in the environment's unit.
    pub instructions: &'a [f32],
    /// Which lanes begin an episode: their state is zeroed before the step.
    pub first: &'a [bool],
}

/// A core with heads, over a rollout.
pub trait Unroll: Send {
    /// Takes the weights of the next rollout.
    fn load(&mut self, weights: Weights);

    /// Adds rows to the table, for frames that came during the rollout.
    fn extend(&mut self, table: Tensor);

    /// One step: the heads' outputs `[lanes, actions + 1]`, logits first and the value last.
    fn step(&mut self, input: Input<'_>) -> &[f32];

    /// The values that `lanes` would have if they saw `input` (one entry a lane listed) next;
    /// nothing is kept.
    fn peek(&mut self, lanes: &[usize], input: Input<'_>) -> Vec<f32>;

    /// The gradient on the loaded weights and the added rows, given that on the outputs of all
    /// steps since [`rewind`](Self::rewind), `[steps, lanes, actions + 1]`; it is propagated to what
    /// they were computed from.
    fn backward(&mut self, outputs: &[f32]);

    /// Starts a new rollout from where the last one ended.
    fn rewind(&mut self);

    /// What is carried now.
    fn state(&self) -> CoreState;

    /// Goes on from `state`.
    fn set_state(&mut self, state: &CoreState);
}
