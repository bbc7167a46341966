//! The neural arithmetic logic unit (Trask et al. 2018, arXiv:1808.00508, §3, equations 2 to 4).

use tch::Tensor;

use super::nac::nac;

/// ε: keeps the logarithm of nothing finite.
pub const EPSILON: f32 = 1e-7;

/// ω: the greatest exponent, as in Schlör et al. 2020 (arXiv:2003.07629), §4.2. Without it, inputs near
/// zero under negative weights overflow.
pub const GREATEST_EXPONENT: f32 = 20.0;

/// `y = g ⊙ a + (1 − g) ⊙ m` with `a = W x`, `m = exp(min(W log(|x| + ε), ω))` and `g = σ(G x)`, over
/// rows: `x` is `[batch, in]`, `weight` (made as a [NAC's](super::nac::weight)) and `gate` are
/// `[out, in]`, the result is `[batch, out]`.
pub fn nalu(x: &Tensor, weight: &Tensor, gate: &Tensor) -> Tensor {
    let a = nac(x, weight);
    let logarithms = (x.abs() + f64::from(EPSILON)).log();
    let m = logarithms.matmul(&weight.tr()).clamp_max(f64::from(GREATEST_EXPONENT)).exp();
    let g = x.matmul(&gate.tr()).sigmoid();
    &g * a + (1.0 - &g) * m
}
