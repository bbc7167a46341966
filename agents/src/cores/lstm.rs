//! The LSTM as a core.

use gridworld_kernels::{lstm_backward, lstm_forward};
use tch::Tensor;

use super::core::{About, Core, Kept, Memory, Step, StepBack};
use crate::cells::lstm;

/// Long short-term memory (Hochreiter & Schmidhuber 1997; Gers et al. 2000), its forget gate open at first (bias 1;
/// Jozefowicz et al. 2015).
#[derive(Debug)]
pub struct Lstm;

impl Core for Lstm {
    fn about(&self) -> About {
        About {
            name: "lstm",
            title: "LSTM",
            equation: "c = f c + i g, h = o tanh(c)",
            gates: 4,
            input_rows: 4,
            state_rows: 4,
            bias: Some((1, 1.0)),
            memory: Memory::Cells,
        }
    }

    fn plain(&self, a: &Tensor, _h_tm1: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor) {
        lstm(a, c_tm1)
    }

    fn forward(&self, hidden: usize, step: Step<'_>) {
        lstm_forward(hidden, step.gates, step.c_tm1, step.c_t, step.saved, step.h_t);
    }

    fn backward(&self, hidden: usize, step: StepBack<'_>) -> Kept {
        lstm_backward(hidden, step.gates, step.c_tm1, step.saved, step.dh, step.dc);
        Kept::Nothing
    }
}
