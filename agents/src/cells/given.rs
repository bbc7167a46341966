//! Cells whose weights are given and never change: controls, in which a counter that others have to learn is handed to
//! the core.

use tch::Tensor;

use super::loop_cell::{About, Initial, LoopCell, Output};
use super::nac::{Nac, nac};
use crate::feedback::{InstructionInput, Read};

/// A parameter of ones. The weights are multiples of it, and its gradient is always zero.
const ONES: &[Initial] = &[Initial { name: "weight", centre: 1.0, range: |_, _| 0.0 }];

/// Makes the weights that a unit has for T at the first step and for the 1 of each step, and zeros for all other inputs.
fn given(parameters: &[&Tensor], [instruction, clock]: [f32; 2]) -> Vec<Tensor> {
    let ones = parameters[0].detach();
    let mut pattern = vec![0.0; ones.size()[1] as usize];
    pattern.iter_mut().zip([instruction, clock]).for_each(|(weight, given)| *weight = given);
    vec![&ones * Tensor::from_slice(&pattern).to_device(ones.device())]
}

/// The elapsed time: `n_t = t`.
#[derive(Debug)]
pub struct Elapsed;

impl LoopCell for Elapsed {
    const ABOUT: About = About {
        name: "elapsed",
        agent: "lstm-elapsed",
        title: "given clock",
        summary: "control: the LSTM is given T and the elapsed time t",
        equation: "t: weights 0 and 1, which are given and not learned",
        parameters: ONES,
        output: Output::Sum,
        given: true,
        units: 1,
        gain: 0.1,
        read: Read::Linear,
        told: InstructionInput::Always,
        ..Nac::ABOUT
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        given(parameters, [0.0, 1.0])
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        nac(x, &weights[0])
    }
}

/// The remaining time: `n_t = T − t`.
#[derive(Debug)]
pub struct Remaining;

impl LoopCell for Remaining {
    const ABOUT: About = About {
        name: "remaining",
        agent: "lstm-remaining",
        title: "given countdown",
        summary: "control: the LSTM is given the remaining time T − t",
        equation: "T − t: weights 1 and −1, which are given and not learned",
        told: InstructionInput::Never,
        ..Elapsed::ABOUT
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        given(parameters, [1.0, -1.0])
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        nac(x, &weights[0])
    }
}
