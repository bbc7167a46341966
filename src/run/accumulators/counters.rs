//! The accumulators of a feedback loop, read from their weights.

use gridworld_agents::cells::{Cell, Output};
use gridworld_agents::{Feedback, Update};
use serde::Serialize;
use tch::Tensor;

use super::words;

/// Row, weights and content of an accumulator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counter {
    /// Row of the accumulator in the cell's parameters, from 0.
    pub counter: usize,
    /// Content after step t of an episode, from 1, if T, t and the phases alone decide on that.
    pub words: Option<String>,
    /// Effective weights, by input.
    pub weights: Groups,
    /// The greatest distance of a weight from a whole number.
    pub distance_from_whole: f64,
    /// The t at which it crosses zero, as a share of T.
    pub zero_at: Option<f64>,
    /// The norm of the weights through which the core reads it.
    pub read: f64,
    /// The gate between a sum and a product, if the cell has one, and T and t alone decide on it.
    pub gate: Option<Gate>,
}

/// Weights by their inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Groups {
    /// Weight of the input T.
    #[serde(rename = "T")]
    pub instruction: f64,
    /// The weight of the 1 that comes with each step.
    pub clock: Option<f64>,
    /// The weight of the 1 that comes with the first step alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<f64>,
    /// The weight of each phase but the first; none where the loop does not read the phase.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<f64>,
    /// The norm over the core's last output.
    pub h: Option<f64>,
    /// Norm of the weights over the loop's own last output.
    pub own: Option<f64>,
}

/// Openness of a gate: 1 adds (W x), 0 multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gate {
    /// Openness while T is shown, at the least and at the greatest T of the training.
    pub shown: [f64; 2],
    /// Openness in later steps, if T is shown in the first one alone.
    pub later: Option<f64>,
    /// Number that each later step adds, by both ways together.
    pub step_adds: Option<f64>,
}

/// The weights of a loop, and how the core reads it.
#[derive(Clone, Debug)]
pub struct LoopWeights {
    /// The effective weights of its cell, `[units, inputs]` each.
    pub effective: Vec<Vec<f64>>,
    /// The norms of the columns of `weight_feedback`, `[units]`.
    pub read: Vec<f64>,
}

/// Reads each accumulator of a loop that was trained on T from `trained.0` to `trained.1`; on nothing where the environment
/// does not state T, so that 0 stands in its place.
pub fn counters(cell: Cell, feedback: &Feedback, weights: &LoopWeights, trained: Option<(u32, u32)>) -> Vec<Counter> {
    let (output, is_told) = (cell.about().output, trained.is_some());
    let adds = is_plain(feedback) && output != Output::Other;
    let counter = |(index, &read): (usize, &f64)| {
        let unit = |weights: &Vec<f64>| weights.chunks_exact(feedback.inputs()).nth(index).unwrap_or_default().to_vec();
        let rows: Vec<Vec<f64>> = weights.effective.iter().map(unit).collect();
        let groups = groups(feedback, &rows[0]);
        let gated = is_plain(feedback) && feedback.phases == 0 && output == Output::GatedSum;
        Counter {
            counter: index,
            words: adds.then(|| words::sum(&terms(&groups, is_told))),
            distance_from_whole: words::distance_from_whole(&rows[0]),
            zero_at: crossing(feedback, &groups).filter(|_| adds && is_told),
            weights: groups,
            read,
            gate: gated.then(|| opening(cell, feedback, &rows, trained.unwrap_or_default())),
        }
    };
    weights.read.iter().enumerate().map(counter).collect()
}

/// Tells if nothing but T, the clock and the phase goes into the loop, so that words say all of it.
pub fn is_plain(feedback: &Feedback) -> bool {
    !feedback.state.is_present() && !feedback.own.is_present()
}

fn groups(feedback: &Feedback, weight: &[f64]) -> Groups {
    let (state, own) = (feedback.state_offset(), feedback.own_offset());
    let norm = |weights: &[f64]| weights.iter().map(|w| w * w).sum::<f64>().sqrt();
    Groups {
        instruction: weight[0],
        clock: feedback.clock.is_present().then(|| weight[1]),
        start: feedback.start.is_present().then(|| weight[feedback.start_offset()]),
        phases: weight[feedback.phase_offset()..state].to_vec(),
        h: feedback.state.is_present().then(|| norm(&weight[state..own])),
        own: feedback.own.is_present().then(|| norm(&weight[own..])),
    }
}

/// Gives the weights of T, which is added once if it is told, of the clock, added in each step, the first included, of the
/// steps of each phase, and of the 1 that is added once.
fn terms(groups: &Groups, is_told: bool) -> Vec<(f64, String)> {
    let instruction = is_told.then(|| (groups.instruction, "T".to_owned()));
    let clock = groups.clock.map(|clock| (clock, "t".to_owned()));
    let phases = groups.phases.iter().enumerate().map(|(before, &weight)| (weight, format!("t{}", before + 1)));
    let start = groups.start.map(|start| (start, String::new()));
    instruction.into_iter().chain(clock).chain(phases).chain(start).collect()
}

/// Solves a T + b t = 0 for t / T: t = −a/b · T, which is a time only if it is positive.
fn crossing(feedback: &Feedback, groups: &Groups) -> Option<f64> {
    let clock = groups.clock.filter(|_| is_plain(feedback) && feedback.update == Update::Add)?;
    let share = -groups.instruction / clock;
    Some(share).filter(|share| share.is_finite() && *share > 0.0)
}

fn opening(cell: Cell, feedback: &Feedback, weights: &[Vec<f64>], (least, greatest): (u32, u32)) -> Gate {
    let inputs = |instruction: f64| [instruction, 1.0].into_iter().take(feedback.inputs());
    let open = |instruction: f64| {
        let product: f64 = weights[1].iter().zip(inputs(instruction)).map(|(w, x)| w * x).sum();
        1.0 / (1.0 + (-product).exp())
    };
    let row = |numbers: &[f64]| Tensor::from_slice(numbers).view([1, -1]);
    let later = feedback.clock.is_present().then(|| open(0.0));
    let step_adds = later.map(|_| {
        let x: Vec<f64> = inputs(0.0).collect();
        (cell.output)(&row(&x), &weights.iter().map(|weights| row(weights)).collect::<Vec<_>>()).double_value(&[0, 0])
    });
    Gate { shown: [least, greatest].map(|value| open(f64::from(value))), later, step_adds }
}

#[cfg(test)]
mod tests {
    use gridworld_agents::{FeedbackInput, LoopConfig};

    use super::*;

    fn read(cell: Cell, reading: FeedbackInput, weight: &[f64], gate: &[f64]) -> Counter {
        let feedback = LoopConfig { reading, units: 1, gain: 1.0, ..LoopConfig::of(cell) }.wired(2, 1);
        assert_eq!(feedback.inputs(), weight.len());
        let weights = LoopWeights { effective: vec![weight.to_vec(), gate.to_vec()], read: vec![0.5] };
        counters(cell, &feedback, &weights, Some((5, 12))).remove(0)
    }

    #[test]
    fn a_counter_is_said_in_words() {
        let counter = read(Cell::Nau, FeedbackInput::Additive, &[1.0, -1.0], &[]);
        assert_eq!((counter.words.as_deref(), counter.zero_at), (Some("T − t"), Some(1.0)));
        assert_eq!((counter.distance_from_whole, counter.read, counter.gate), (0.0, 0.5, None));
        for weight in [[1.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]] {
            assert_eq!(read(Cell::Nau, FeedbackInput::Additive, &weight, &[]).zero_at, None, "{weight:?}");
        }
        let counter = read(Cell::Nac, FeedbackInput::Instruction, &[-0.25], &[]);
        assert_eq!((counter.words.as_deref(), counter.zero_at), (Some("−0.25 T"), None));
    }

    #[test]
    fn a_t_that_is_not_told_is_no_part_of_the_content() {
        let feedback = LoopConfig { units: 3, gain: 1.0, ..LoopConfig::of(Cell::Nau) }.wired(2, 1);
        let weights = LoopWeights { effective: vec![vec![1.0, -1.0, 1.0, 0.0, -0.5, 0.5]], read: vec![0.5; 3] };
        let found = counters(Cell::Nau, &feedback, &weights, None);
        let words: Vec<_> = found.iter().map(|counter| (counter.words.as_deref(), counter.zero_at)).collect();
        assert_eq!(words, [(Some("−t"), None), (Some("0"), None), (Some("0.50 t"), None)]);
        assert_eq!(found[0].weights.instruction, 1.0);
    }

    #[test]
    fn the_steps_of_each_phase_and_what_is_added_once_are_told_apart() {
        let looped = LoopConfig { reading: FeedbackInput::Phases, units: 1, gain: 1.0, ..LoopConfig::of(Cell::Nau) };
        let weights = LoopWeights { effective: vec![vec![5.0, -2.0, 1.0, -1.0]], read: vec![0.5] };
        let counter = counters(Cell::Nau, &looped.wired(2, 3), &weights, None).remove(0);
        assert_eq!(counter.words.as_deref(), Some("t1 − t2 − 2"));
        assert_eq!((counter.weights.start, counter.weights.phases), (Some(-2.0), vec![1.0, -1.0]));
    }

    #[test]
    fn where_the_state_takes_part_groups_stand_for_words() {
        let counter = read(Cell::Nac, FeedbackInput::AdditiveState, &[0.5, -0.25, 3.0, 4.0], &[]);
        assert_eq!(counter.words, None);
        assert_eq!(
            counter.weights,
            Groups { instruction: 0.5, clock: Some(-0.25), start: None, phases: vec![], h: Some(5.0), own: None }
        );
        let counter = read(Cell::Nac, FeedbackInput::Recurrent, &[0.5, 3.0, 4.0, -2.0], &[]);
        assert_eq!(
            counter.weights,
            Groups { instruction: 0.5, clock: None, start: None, phases: vec![], h: Some(5.0), own: Some(2.0) }
        );
        let counter = read(Cell::Nalu, FeedbackInput::State, &[0.5, 0.0, 0.0], &[1.0, 1.0, 1.0]);
        assert_eq!((counter.words, counter.zero_at, counter.gate), (None, None, None));
        let counter = read(Cell::Nmu, FeedbackInput::Additive, &[1.0, 0.5], &[]);
        assert_eq!((counter.words, counter.zero_at, counter.gate), (None, None, None));
        assert_eq!((counter.weights.instruction, counter.distance_from_whole), (1.0, 0.5));
    }

    #[test]
    fn a_gate_is_told_where_it_is_asked_for() {
        let gate =
            read(Cell::Nalu, FeedbackInput::Additive, &[0.0, -0.5], &[3.0_f64.ln() / 5.0, 0.0]).gate.expect("a gate");
        assert!((gate.shown[0] - 0.75).abs() < 1e-12 && gate.shown[1] > 0.9, "{gate:?}");
        assert_eq!(gate.later, Some(0.5));
        // Half of what is added, −0.5, and half of what is multiplied, 1^−0.5.
        assert!((gate.step_adds.expect("a clock") - 0.25).abs() < 1e-6, "{gate:?}");
    }
}
