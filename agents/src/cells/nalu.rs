//! The neural arithmetic logic unit (Trask et al. 2018, arXiv:1808.00508, §3, equations 2 to 4).

use tch::Tensor;

use super::loop_cell::{About, Initial, LoopCell, Output, Unit, UnitGradient, dot};
use super::nac::{self, Nac, nac};
use super::nau;

/// ε: keeps the logarithm of nothing finite.
pub const EPSILON: f32 = 1e-7;

/// ω: the greatest exponent, as in Schlör et al. 2020 (arXiv:2003.07629), §4.2. Without it, inputs near
/// zero under negative weights overflow.
pub const GREATEST_EXPONENT: f32 = 20.0;

/// Computes `y = g ⊙ a + (1 − g) ⊙ m` with `a = W x`, `m = exp(min(W log(|x| + ε), ω))` and `g = σ(G x)`, over rows:
/// `x` is `[batch, in]`, `weight` (made as a [NAC's](super::nac::weight)) and `gate` are `[out, in]`, the result is
/// `[batch, out]`.
pub fn nalu(x: &Tensor, weight: &Tensor, gate: &Tensor) -> Tensor {
    let a = nac(x, weight);
    let logarithms = (x.abs() + f64::from(EPSILON)).log();
    let m = logarithms.matmul(&weight.tr()).clamp_max(f64::from(GREATEST_EXPONENT)).exp();
    let g = x.matmul(&gate.tr()).sigmoid();
    &g * a + (1.0 - &g) * m
}

/// The NALU as a cell of the feedback loop. Its logarithms are saved behind the inputs.
#[derive(Debug)]
pub struct Nalu;

impl LoopCell for Nalu {
    const ABOUT: About = About {
        name: "nalu",
        agent: "lstm-nalu",
        title: "NALU",
        summary: "lstm-nac with a NALU in the place of the NAC",
        equation: "g W x + (1 − g) exp(W log(|x| + ε)), g = σ(G x), W as a NAC's",
        parameters: &[
            Initial { name: "w_hat", centre: 0.0, range: nac::initial_range },
            Initial { name: "m_hat", centre: 0.0, range: nac::initial_range },
            Initial { name: "gate", centre: 0.0, range: nau::initial_range },
        ],
        output: Output::GatedSum,
        ..Nac::ABOUT
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        vec![nac::weight(parameters[0], parameters[1]), parameters[2].shallow_clone()]
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        nalu(x, &weights[0], &weights[1])
    }

    fn saved_len(inputs: usize, _units: usize) -> usize {
        2 * inputs
    }

    #[inline]
    fn prepare(inputs: usize, saved: &mut [f32]) {
        let (values, logarithms) = saved.split_at_mut(inputs);
        logarithms.iter_mut().zip(&*values).for_each(|(log, x)| *log = (x.abs() + EPSILON).ln());
    }

    #[inline]
    fn forward(unit: &Unit<'_>, saved: &mut [f32]) -> f32 {
        let Mixture { a, m, g, .. } = Mixture::new(unit, saved);
        g * a + (1.0 - g) * m
    }

    #[inline]
    fn backward(unit: &Unit<'_>, saved: &[f32], d: f32, sums: &mut UnitGradient<'_, '_>) {
        let (weight, gate) = (unit.row(0), unit.row(1));
        let Mixture { a, m, g, held } = Mixture::new(unit, saved);
        let (values, logarithms) = saved.split_at(weight.len());
        let da = d * g;
        let d_exponent = if held { 0.0 } else { d * (1.0 - g) * m };
        let d_gate = d * (a - m) * g * (1.0 - g);
        sums.add_weight(0, da, values);
        sums.add_weight(0, d_exponent, logarithms);
        sums.add_weight(1, d_gate, values);
        sums.add_inputs(da, weight);
        sums.add_inputs(d_gate, gate);
        if sums.wants_inputs() {
            // The slope of |x| is 0 at 0, as libtorch has it: the bit of an event is exactly that.
            let slope = |x: f32| if x == 0.0 { 0.0 } else { x.signum() / (x.abs() + EPSILON) };
            let slopes = weight.iter().zip(values).map(|(w, &x)| w * slope(x));
            sums.add_inputs(d_exponent, &slopes.collect::<Vec<f32>>());
        }
    }
}

/// One output of a NALU and its parts (Trask et al. 2018, equations 3 and 4).
struct Mixture {
    a: f32,
    m: f32,
    g: f32,
    /// True where the exponent is held at its greatest value.
    held: bool,
}

impl Mixture {
    #[inline]
    fn new(unit: &Unit<'_>, saved: &[f32]) -> Mixture {
        let (weight, gate) = (unit.row(0), unit.row(1));
        let (x, logarithms) = saved.split_at(weight.len());
        let exponent = dot(weight, logarithms);
        let g = 1.0 / (1.0 + (-dot(gate, x)).exp());
        let m = exponent.min(GREATEST_EXPONENT).exp();
        Mixture { a: dot(weight, x), m, g, held: exponent > GREATEST_EXPONENT }
    }
}
