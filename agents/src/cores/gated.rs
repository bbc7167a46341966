//! A gated layer without recurrence as a core.

use gridworld_kernels::{gate, gate_backward};
use tch::Tensor;

use super::core::{About, Core, Kept, Memory, Step, StepBack};

/// A layer that remembers nothing: what the agent knows of the past is in its counters and its phase.
///
/// One half of it is multiplied with the other (Dauphin et al. 2017, arXiv:1612.08083, §2; here with a tanh), so that what it
/// sees can decide what it makes of the counters.
#[derive(Debug)]
pub struct Gated;

impl Core for Gated {
    fn about(&self) -> About {
        About {
            name: "gated",
            title: "gated layer",
            equation: "h = g tanh(W x), g = σ(V x)",
            gates: 2,
            input_rows: 2,
            state_rows: 0,
            bias: None,
            memory: Memory::None,
        }
    }

    fn plain(&self, a: &Tensor, _h_tm1: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor) {
        let a = a.chunk(2, 1);
        (a[0].sigmoid() * a[1].tanh(), c_tm1.shallow_clone())
    }

    fn forward(&self, hidden: usize, step: Step<'_>) {
        gate(hidden, step.gates, step.h_t);
    }

    fn backward(&self, hidden: usize, step: StepBack<'_>) -> Kept {
        gate_backward(hidden, step.gates, step.dh);
        Kept::Nothing
    }
}
