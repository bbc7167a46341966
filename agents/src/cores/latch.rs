//! The latch as a core.

use gridworld_kernels::{lstm_backward, lstm_forward};
use tch::Tensor;

use super::core::{About, Core, Kept, Memory, Step, StepBack};
use crate::cells::{lstm, ternary};

/// An LSTM whose cells are rounded to −1, 0 or 1 after each step, and whose gates read no state: it can keep what it has
/// seen for as long as it likes, but cannot keep the time.
///
/// The gradient passes the rounding unchanged (straight through; Bengio et al. 2013). Gates that read the input alone are
/// those of the minLSTM (Feng et al. 2024, arXiv:2410.01201).
#[derive(Debug)]
pub struct Latch;

impl Core for Latch {
    fn about(&self) -> About {
        About {
            name: "latch",
            title: "latch",
            equation: "c = round(f c + i g) in −1, 0, 1, h = o tanh(f c + i g), gates of x",
            gates: 4,
            input_rows: 4,
            state_rows: 0,
            bias: Some((1, 1.0)),
            memory: Memory::Cells,
        }
    }

    fn plain(&self, a: &Tensor, _h_tm1: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor) {
        let (h_t, c_t) = lstm(a, c_tm1);
        (h_t, ternary(&c_t))
    }

    fn forward(&self, hidden: usize, step: Step<'_>) {
        lstm_forward(hidden, step.gates, step.c_tm1, step.c_t, step.saved, step.h_t);
        step.c_t.iter_mut().for_each(|c| *c = c.round_ties_even().clamp(-1.0, 1.0));
    }

    fn backward(&self, hidden: usize, step: StepBack<'_>) -> Kept {
        lstm_backward(hidden, step.gates, step.c_tm1, step.saved, step.dh, step.dc);
        Kept::Nothing
    }
}
