//! The simple recurrent network (Elman 1990).

use tch::Tensor;

/// One step: `h_t = tanh(a_t)`, where `preactivation_t`, `[batch, hidden]`, is what the caller makes of `x_t` and `h_tm1`.
pub fn rnn(preactivation_t: &Tensor) -> Tensor {
    preactivation_t.tanh()
}
