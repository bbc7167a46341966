//! A layer without recurrence as a core.

use gridworld_kernels::{squash, squash_backward};
use tch::Tensor;

use super::core::{About, Core, Kept, Memory, Step, StepBack};

/// A layer that remembers nothing but the number of steps since the episode began, of which it reads a tenth.
#[derive(Debug)]
pub struct FeedForward;

impl Core for FeedForward {
    fn about(&self) -> About {
        About {
            name: "feed-forward",
            title: "feed-forward layer",
            equation: "h = tanh(W x), with the steps since the episode began in x",
            gates: 1,
            input_rows: 1,
            state_rows: 0,
            bias: None,
            memory: Memory::Clock,
        }
    }

    fn plain(&self, a: &Tensor, _h_tm1: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor) {
        (a.tanh(), c_tm1 + 1.0)
    }

    fn forward(&self, _hidden: usize, step: Step<'_>) {
        squash(step.gates, step.h_t);
        step.c_t.iter_mut().zip(step.c_tm1).for_each(|(c_t, c_tm1)| *c_t = c_tm1 + 1.0);
    }

    fn backward(&self, _hidden: usize, step: StepBack<'_>) -> Kept {
        squash_backward(step.gates, step.dh);
        Kept::Nothing
    }
}
