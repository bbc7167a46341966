//! Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).

use tch::Tensor;

/// Takes one step: `i, f, g, o = σ(a_i), σ(a_f), tanh(a_g), σ(a_o)`, `c_t = f ⊙ c_tm1 + i ⊙ g`, `h_t = o ⊙
/// tanh(c_t)`.
///
/// `preactivation_t` is `[batch, 4·hidden]`, the four gates in the order i, f, g, o (PyTorch's);
/// `c_tm1` is `[batch, hidden]`. Gives `(h_t, c_t)`. What feeds the gates is left to the caller, so
/// that the products that do not change within a rollout can be taken out of it.
pub fn lstm(preactivation_t: &Tensor, c_tm1: &Tensor) -> (Tensor, Tensor) {
    let gates = preactivation_t.chunk(4, -1);
    let (i, f, g, o) = (gates[0].sigmoid(), gates[1].sigmoid(), gates[2].tanh(), gates[3].sigmoid());
    let c_t = f * c_tm1 + i * g;
    (o * c_t.tanh(), c_t)
}
