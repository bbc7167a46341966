//! The neural accumulator (Trask et al. 2018, arXiv:1808.00508, §3, equations 1 and 2).

use tch::Tensor;

use super::loop_cell::{About, Initial, LoopCell, Output};
use crate::feedback::{FeedbackInput, InstructionInput, Read};

/// `W = tanh(Ŵ) ⊙ σ(M̂)` (equation 1): differentiable, and drawn towards −1, 0 and 1, so that
/// `a = W x` adds and subtracts rather than scales. `ŵ` and `m̂` are `[out, in]`, and so is the result.
pub fn weight(w_hat: &Tensor, m_hat: &Tensor) -> Tensor {
    w_hat.tanh() * m_hat.sigmoid()
}

/// `a = W x` (equation 2) over rows: `x` is `[batch, in]`, `weight` is `[out, in]`, the result
/// `[batch, out]`.
pub fn nac(x: &Tensor, weight: &Tensor) -> Tensor {
    x.matmul(&weight.tr())
}

/// The half-width `r` of `Ŵ, M̂ ~ U[−r, r]` for which `W` has Glorot's variance, `2 / (fan_in + fan_out)`.
///
/// The variance that `W` can have is under 1/2. Where the wanted one is more than nine tenths of that, as it is for small
/// cells (at fan_in + fan_out ≤ 4 there is no `r` at all), nine tenths are taken: every weight then starts near −1, 0 or 1
/// and still has a gradient. The cells of `gridworld_numeracy` repeat published experiments and take the rule of these,
/// fan_in + fan_out of at least 5; the feedback loop here is ours, and a cell in it may start as far out as it can learn
/// from.
#[must_use]
pub fn initial_range(fan_in: usize, fan_out: usize) -> f64 {
    let (low, high) = range_of((2.0 / (fan_in + fan_out) as f64).min(0.45), 100.0);
    (low + high) / 2.0
}

/// Returns two neighbouring numbers between which `Var[tanh(u)·σ(v)]`, u, v ~ U[−r, r], passes `variance`, for r up to
/// `greatest`.
///
/// As `u` is symmetric, it is `E[tanh²u]·E[σ²v] = (1 − tanh(r)/r) · (1 − tanh(r/2)/r)/2`: it rises with `r` and stays under
/// 1/2.
pub(crate) fn range_of(variance: f64, greatest: f64) -> (f64, f64) {
    let of = |r: f64| (1.0 - r.tanh() / r) * (1.0 - (r / 2.0).tanh() / r) / 2.0;
    let (mut low, mut high) = (1e-3, greatest);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if of(middle) < variance { low = middle } else { high = middle }
    }
    (low, high)
}

/// The NAC as a cell of the feedback loop.
#[derive(Debug)]
pub struct Nac;

impl LoopCell for Nac {
    const ABOUT: About = About {
        name: "nac",
        agent: "lstm-nac",
        title: "NAC",
        summary: "lstm, and T also goes through a NAC whose output feeds back into the LSTM",
        equation: "W x, W = tanh(Ŵ) σ(M̂)",
        parameters: &[
            Initial { name: "w_hat", centre: 0.0, range: initial_range },
            Initial { name: "m_hat", centre: 0.0, range: initial_range },
        ],
        output: Output::Sum,
        constraint: None,
        reading: FeedbackInput::Additive,
        units: 16,
        given: false,
        // The LSTM sees the size of a small counter, by which it can hurry when the least T is told, and the sign of a large
        // one.
        gain: 1.0,
        read: Read::Tanh,
        told: InstructionInput::Always,
        steps: 6_000_000,
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        vec![weight(parameters[0], parameters[1])]
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        nac(x, &weights[0])
    }
}
