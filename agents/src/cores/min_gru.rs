//! The minGRU as a core.

use gridworld_kernels::{interpolate, interpolate_backward};
use tch::Tensor;

use super::core::{About, Core, Kept, Memory, Step, StepBack};

/// The minimal gated recurrent unit (Feng et al. 2024, arXiv:2410.01201): a linear recurrence whose gate and candidate
/// come from the input alone.
///
/// It keeps most of its state at first (bias −1 of z, as an open forget gate; Jozefowicz et al. 2015).
#[derive(Debug)]
pub struct MinGru;

impl Core for MinGru {
    fn about(&self) -> About {
        About {
            name: "mingru",
            title: "minGRU",
            equation: "h = (1 − z) h + z W x, z = σ(V x)",
            gates: 2,
            input_rows: 2,
            state_rows: 0,
            bias: Some((0, -1.0)),
            memory: Memory::None,
        }
    }

    fn plain(&self, a: &Tensor, h_tm1: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor) {
        let a = a.chunk(2, 1);
        (h_tm1.lerp_tensor(&a[1], &a[0].sigmoid()), c_tm1.shallow_clone())
    }

    fn forward(&self, hidden: usize, step: Step<'_>) {
        interpolate(hidden, step.columns, step.gates, step.z, step.h_t);
    }

    fn backward(&self, hidden: usize, step: StepBack<'_>) -> Kept {
        interpolate_backward(hidden, step.columns, step.gates, step.z, step.dh);
        Kept::Share
    }
}
