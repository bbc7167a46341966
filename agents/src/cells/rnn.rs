//! The simple recurrent network (Elman 1990).

use tch::Tensor;

/// Takes one step: `h_t = tanh(a_t)`, where the caller makes `preactivation_t`, `[batch, hidden]`, of `x_t` and
/// `h_tm1`.
pub fn rnn(preactivation_t: &Tensor) -> Tensor {
    preactivation_t.tanh()
}
