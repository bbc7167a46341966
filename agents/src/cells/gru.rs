//! The gated recurrent unit (Cho et al. 2014, arXiv:1406.1078, in the form that PyTorch has).

use tch::Tensor;

/// Takes one step: `r, z = σ(x_r + h_r), σ(x_z + h_z)`, `n = tanh(x_n + r ⊙ h_n)`, `h_t = (1 − z) ⊙ n + z ⊙ h_tm1`.
///
/// `from_x_t` and `from_h_tm1` are what the caller's weights make of the input and of the state, each
/// `[batch, 3·hidden]` in the order r, z, n (PyTorch's); they stay apart because the reset gate stands between them in
/// n alone. `h_tm1` is `[batch, hidden]`. Gives `h_t`.
pub fn gru(from_x_t: &Tensor, from_h_tm1: &Tensor, h_tm1: &Tensor) -> Tensor {
    let (x, h) = (from_x_t.chunk(3, -1), from_h_tm1.chunk(3, -1));
    let r = (&x[0] + &h[0]).sigmoid();
    let z = (&x[1] + &h[1]).sigmoid();
    let n = (&x[2] + r * &h[2]).tanh();
    // Interpolating takes one operation for three.
    n.lerp_tensor(h_tm1, &z)
}
