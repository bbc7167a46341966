//! The accumulators of an agent's feedback loop, read from its parameters.

pub mod counters;
pub mod words;

use std::ops::Range;

use gridworld_agents::{Feedback, Weights, Wiring};
use tch::{Kind, Tensor};

use super::trained_agent::Trained;
use counters::{LoopWeights, counters};

/// The effective weights of the loop, and the norms with which the core reads it.
pub fn loop_weights(wiring: &Wiring, feedback: &Feedback, weights: &Weights) -> LoopWeights {
    let before = wiring.state_columns(feedback.hidden) as i64;
    let columns = weights.recurrent.narrow(1, before, feedback.units as i64);
    LoopWeights { effective: weights.feedback.iter().map(numbers).collect(), read: norms(&columns) }
}

/// Gives the content of each accumulator of an agent, in words (`T − t`), where T and t alone decide on that.
pub fn counter_words(trained: &Trained) -> Vec<Option<String>> {
    let model = &trained.model;
    let Some((cell, feedback)) = model.wiring().feedback else { return Vec::new() };
    let bound = model.layout().bind(&Tensor::from_slice(&trained.parameters));
    let weights = tch::no_grad(|| model.weights(&bound, None));
    let is_told = trained.config.environment.description().tells_instruction;
    counters(cell, &feedback, &loop_weights(&model.wiring(), &feedback, &weights), is_told.then_some((1, 1)))
        .into_iter()
        .map(|counter| counter.words)
        .collect()
}

/// The first effective weights of the loop's cell, by the input that they weigh: `T`, `clock`, `start`, `phases`, `h` or
/// `own`; none without a loop.
pub fn sum_weights(trained: &Trained) -> Vec<(&'static str, Vec<f64>)> {
    let model = &trained.model;
    let Some((_, feedback)) = model.wiring().feedback else { return Vec::new() };
    let bound = model.layout().bind(&Tensor::from_slice(&trained.parameters));
    let numbers = numbers(&tch::no_grad(|| model.weights(&bound, None)).feedback[0]);
    let (start, phase) = (feedback.start_offset(), feedback.phase_offset());
    let (state, own) = (feedback.state_offset(), feedback.own_offset());
    let inputs = feedback.inputs();
    let columns = [
        ("T", 0..1),
        ("clock", 1..start),
        ("start", start..phase),
        ("phases", phase..state),
        ("h", state..own),
        ("own", own..inputs),
    ];
    let present = columns.into_iter().filter(|(_, columns)| !columns.is_empty());
    let weights = |columns: Range<usize>| {
        numbers.chunks_exact(inputs).flat_map(|unit| unit[columns.clone()].iter().copied()).collect()
    };
    present.map(|(input, columns)| (input, weights(columns))).collect()
}

/// Gives a tensor's numbers, row by row.
pub fn numbers(tensor: &Tensor) -> Vec<f64> {
    let tensor = tensor.to_kind(Kind::Double).contiguous();
    let mut values = vec![0.0; tensor.numel()];
    tensor.copy_data(&mut values, tensor.numel());
    values
}

/// Gives the norm of each column.
pub fn norms(matrix: &Tensor) -> Vec<f64> {
    let columns = matrix.tr().contiguous();
    let length = columns.size()[1] as usize;
    numbers(&columns).chunks_exact(length).map(|column| column.iter().map(|x| x * x).sum::<f64>().sqrt()).collect()
}
