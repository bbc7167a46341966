//! The neural multiplication unit (Madsen & Johansen 2020, arXiv:2001.05016, equation 9): a product of inputs, each a
//! factor, left out, or in between.

use tch::Tensor;

use super::loop_cell::{About, Constraint, Initial, LoopCell, Output, Unit, UnitGradient};
use super::nac::Nac;
use crate::feedback::InstructionInput;

/// The greatest magnitude of a product. Where counters are multiplied with each other (`--feedback-input recurrent`), a
/// product of several would overflow a 32-bit float within a few steps.
pub const GREATEST: f32 = 1e6;

/// `y = Π_i (w_i x_i + 1 − w_i)` over rows: `x` is `[batch, in]`, `weight` is `[out, in]` within [0, 1], the result
/// `[batch, out]`. Partial products are held within ±[`GREATEST`].
///
/// # Panics
/// If `x` has no column.
pub fn nmu(x: &Tensor, weight: &Tensor) -> Tensor {
    // w (x − 1) + 1, [batch, out, in].
    let factors = (x.unsqueeze(1) - 1.0) * weight.unsqueeze(0) + 1.0;
    let bound = f64::from(GREATEST);
    let mut factors = factors.unbind(2).into_iter();
    let first = factors.next().expect("a cell has inputs");
    factors.fold(first.clamp(-bound, bound), |product, factor| (product * factor).clamp(-bound, bound))
}

/// Half the width of the uniform distribution around 1/2 that weights start with (Madsen & Johansen 2020, appendix C).
fn initial_range(_inputs: usize, _units: usize) -> f64 {
    0.25
}

/// Rounds weights to 0 or 1, whichever is nearer.
fn round(weights: &mut [f32], _inputs: usize) {
    weights.iter_mut().for_each(|w| *w = w.round());
}

/// The NMU as a cell of the feedback loop. Each unit saves the product of the factors before each.
///
/// In the additive loop a product is 1 in each step, or 0, or T in the first one: a unit counts steps, or keeps T.
#[derive(Debug)]
pub struct Nmu;

impl LoopCell for Nmu {
    const ABOUT: About = About {
        name: "nmu",
        agent: "lstm-nmu",
        title: "NMU",
        summary: "lstm-nac with an NMU in the place of the NAC: products, which count steps or keep T",
        equation: "Π (w x + 1 − w), w kept in [0, 1] and drawn to 0 and 1",
        parameters: &[Initial { name: "weight", centre: 0.5, range: initial_range }],
        output: Output::Other,
        constraint: Some(Constraint { range: (0.0, 1.0), round }),
        // Its accumulators grow with T and t: the scale at which the LSTM reads T itself.
        gain: 0.1,
        told: InstructionInput::Always,
        ..Nac::ABOUT
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        vec![parameters[0].shallow_clone()]
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        nmu(x, &weights[0])
    }

    fn saved_len(inputs: usize, units: usize) -> usize {
        (1 + units) * inputs
    }

    #[inline]
    fn forward(unit: &Unit<'_>, saved: &mut [f32]) -> f32 {
        let weight = unit.row(0);
        let (x, before) = saved.split_at_mut(weight.len());
        let before = &mut before[unit.index * weight.len()..];
        let mut product = 1.0;
        for ((w, x), before) in weight.iter().zip(&*x).zip(before) {
            *before = product;
            product = (product * factor(*w, *x)).clamp(-GREATEST, GREATEST);
        }
        product
    }

    #[inline]
    fn backward(unit: &Unit<'_>, saved: &[f32], d: f32, sums: &mut UnitGradient<'_, '_>) {
        let weight = unit.row(0);
        let (x, before) = saved.split_at(weight.len());
        let before = &before[unit.index * weight.len()..][..weight.len()];
        // The gradient on the product up to each factor, from the last to the first.
        let mut d = d;
        for input in (0..weight.len()).rev() {
            let (w, x, before) = (weight[input], x[input], before[input]);
            let factor = factor(w, x);
            if (before * factor).abs() > GREATEST {
                d = 0.0;
            }
            sums.add_at(0, input, d * before * (x - 1.0), d * before * w);
            d *= factor;
        }
    }
}

/// `w x + 1 − w`, which is exactly 1 for x = 1.
#[inline]
fn factor(w: f32, x: f32) -> f32 {
    (x - 1.0) * w + 1.0
}
