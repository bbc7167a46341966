//! A neural accumulator whose weights are −1, 0 and 1 from the first update of a training on, and which counts events
//! rather than steps: an agent with it is given no clock.

use tch::Tensor;

use super::loop_cell::{About, Initial, LoopCell, Output};
use super::nac::{Nac, nac};
use crate::feedback::{FeedbackInput, InstructionInput};

/// Rounds numbers to −1, 0 or 1, halves to the even one. The gradient passes the rounding and the clamping, so that no
/// number is lost beyond the range.
pub fn ternary(values: &Tensor) -> Tensor {
    let apart = values.detach();
    // The difference is exactly 0.
    apart.clamp(-1.0, 1.0).round() + (values - &apart)
}

/// The sum `W x` with `W = round(clamp(Ŵ, −1, 1))`. The gradient passes the rounding as if it were not there
/// (straight-through estimator; Bengio et al. 2013, arXiv:1308.3432, §4), so that nothing is rounded at a fixed time.
#[derive(Debug)]
pub struct Ternary;

impl LoopCell for Ternary {
    const ABOUT: About = About {
        name: "ternary",
        agent: "lstm-ternary",
        title: "ternary NAC",
        summary: "no clock: counters add T and events that the LSTM decides on, with weights of −1, 0 and 1",
        equation: "W x, W = Ŵ rounded to −1, 0 or 1; the gradient passes the rounding",
        parameters: &[Initial { name: "weight", centre: 0.0, range: |_, _| 1.0 }],
        output: Output::Sum,
        reading: FeedbackInput::Events,
        // With more counters it learns more readily what holds for the T of the training alone.
        units: 8,
        gain: 0.3,
        told: InstructionInput::Never,
        steps: 12_000_000,
        ..Nac::ABOUT
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        vec![ternary(parameters[0])]
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        nac(x, &weights[0])
    }
}
