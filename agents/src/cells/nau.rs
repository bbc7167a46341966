//! The neural addition unit (Madsen & Johansen 2020, arXiv:2001.05016, §2.4): the product of a NAC,
//! over weights that are kept in [−1, 1] and drawn to −1, 0 and 1 by a term of the loss rather than by
//! the shape of two squashing functions.

use tch::Tensor;

use super::loop_cell::{About, Constraint, Initial, LoopCell, Output};
use super::nac::{Nac, nac};
use crate::feedback::InstructionInput;

/// Brings weights back into `range` after an update: `W = min(max(W, −1), 1)`.
pub fn clamp(weights: &mut [f32], (least, greatest): (f32, f32)) {
    weights.iter_mut().for_each(|w| *w = w.clamp(least, greatest));
}

/// The sparsity regularizer `R = mean(min(|W|, 1 − |W|))`: 0 where all weights are −1, 0 or 1.
#[must_use]
pub fn sparsity(weights: &[f32]) -> f64 {
    let sum: f64 = weights.iter().map(|w| f64::from(w.abs().min(1.0 - w.abs()))).sum();
    sum / weights.len() as f64
}

/// Adds `scale · ∂R/∂W` to `gradient`: away from ±1/2, towards the nearest of −1, 0 and 1.
pub fn add_sparsity_gradient(weights: &[f32], scale: f32, gradient: &mut [f32]) {
    let scale = scale / weights.len() as f32;
    for (sum, &w) in gradient.iter_mut().zip(weights) {
        let towards_zero = w.abs() < 0.5;
        // A weight of exactly 0, ±1 is where it should be; signum(0) would be 1.
        if w != 0.0 && w.abs() < 1.0 {
            *sum += if towards_zero { scale * w.signum() } else { -scale * w.signum() };
        }
    }
}

/// Gives the weight of the regularizer after `share` of the training: `λ = λ̂ · clamp((i − a) / (b − a))`.
#[must_use]
pub fn ramp(share: f64, (from, to): (f64, f64)) -> f64 {
    if share >= to { 1.0 } else { ((share - from) / (to - from)).max(0.0) }
}

/// The half-width of the uniform distribution that weights start with: Glorot's, at most 1/2.
#[must_use]
pub fn initial_range(fan_in: usize, fan_out: usize) -> f64 {
    (6.0 / (fan_in + fan_out) as f64).sqrt().min(0.5)
}

/// Rounds weights to whole numbers, unit by unit (`inputs` weights each): each unit is divided by its greatest
/// magnitude, then each of its weights is rounded to −1, 0 or 1.
///
/// Only the ratio of a unit's weights matters to a core that acts when the counter crosses zero: (0.4, −0.4) crosses
/// zero where (1, −1) does, and plain rounding would make it (0, 0). A unit whose weights are all below 0.0005 in
/// magnitude becomes zero.
pub fn discretize(weights: &mut [f32], inputs: usize) {
    /// The least number by which a unit is divided.
    const LEAST: f32 = 1e-3;
    for unit in weights.chunks_exact_mut(inputs) {
        let greatest = unit.iter().fold(LEAST, |greatest, w| greatest.max(w.abs()));
        unit.iter_mut().for_each(|w| *w = (*w / greatest).round());
    }
}

/// The NAU as a cell of the feedback loop.
#[derive(Debug)]
pub struct Nau;

impl LoopCell for Nau {
    const ABOUT: About = About {
        name: "nau",
        agent: "lstm-nau",
        title: "NAU",
        summary: "T reaches the LSTM only through counters: a NAU whose weights are −1, 0 and 1",
        equation: "W x, W kept in [−1, 1] and drawn to −1, 0 and 1",
        parameters: &[Initial { name: "weight", centre: 0.0, range: initial_range }],
        output: Output::Sum,
        constraint: Some(Constraint { range: (-1.0, 1.0), round: discretize }),
        told: InstructionInput::Never,
        ..Nac::ABOUT
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        vec![parameters[0].shallow_clone()]
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        nac(x, &weights[0])
    }
}
