//! The GRU as a core.

use gridworld_kernels::{gru_backward, gru_forward};
use tch::Tensor;

use super::core::{About, Core, Kept, Memory, Source, Step, StepBack};

/// The gated recurrent unit (Cho et al. 2014, in the form that PyTorch has).
///
/// Its weights have the rows r, z, n; a has the blocks r, z, n of the input and n of the state, as the reset gate stands
/// between the last two.
#[derive(Debug)]
pub struct Gru;

impl Core for Gru {
    fn about(&self) -> About {
        About {
            name: "gru",
            title: "GRU",
            equation: "h = (1 − z) n + z h, n = tanh(W x + r (V h + b))",
            gates: 4,
            input_rows: 3,
            state_rows: 3,
            bias: None,
            memory: Memory::None,
        }
    }

    fn arrange(&self, weight: &Tensor, source: Source) -> Tensor {
        let blocks = weight.chunk(3, 0);
        let zeros = blocks[2].zeros_like();
        match source {
            Source::Input => Tensor::cat(&[weight, &zeros], 0),
            Source::State => Tensor::cat(&[&blocks[0], &blocks[1], &zeros, &blocks[2]], 0),
        }
    }

    fn plain(&self, a: &Tensor, h_tm1: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor) {
        let a = a.chunk(4, 1);
        let n = (&a[2] + a[0].sigmoid() * &a[3]).tanh();
        (n.lerp_tensor(h_tm1, &a[1].sigmoid()), c_tm1.shallow_clone())
    }

    fn forward(&self, hidden: usize, step: Step<'_>) {
        gru_forward(hidden, step.columns, step.gates, step.z, step.h_t);
    }

    fn backward(&self, hidden: usize, step: StepBack<'_>) -> Kept {
        gru_backward(hidden, step.columns, step.gates, step.z, step.dh);
        Kept::Share
    }
}
