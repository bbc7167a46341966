//! Drawn actions: as often as their probabilities say, and the same again from the same stream.

use std::sync::Arc;

use gridworld_agents::evaluation::{Actor, AgentActor, Choice};
use gridworld_agents::{AgentName, Decisions, HeadColumns, Model, Sampler};
use gridworld_envs::{Domain, StreamId, Task};
use tch::{Device, Kind, Tensor};

use crate::fakes::Fake;
use crate::fakes::games::Recall;

const STREAM: StreamId = StreamId { seed: 61, domain: Domain::Actions, index: 0 };
const COLUMNS: HeadColumns = HeadColumns { actions: 5, phases: false };
const WIDTH: usize = 6;

/// χ² with 4 degrees of freedom exceeds this once in a thousand.
const CHI_SQUARE: f64 = 18.47;

fn chi_square(counts: &[u32; 5], logits: &[f32]) -> f64 {
    let total: f64 = logits.iter().map(|&x| f64::from(x).exp()).sum();
    let drawn = f64::from(counts.iter().sum::<u32>());
    let terms = counts.iter().zip(logits).map(|(&count, &x)| {
        let expected = drawn * f64::from(x).exp() / total;
        (f64::from(count) - expected).powi(2) / expected
    });
    terms.sum()
}

/// Draws the actions of an agent without phases.
fn draw_actions(sampler: &mut Sampler, outputs: &[f32], columns: HeadColumns, actions: &mut [u8]) {
    let mut advances = vec![true; actions.len()];
    sampler.sample(outputs, columns, Decisions { actions, advances: &mut advances });
    assert!(advances.iter().all(|advances| !advances), "an agent without phases stays in the first");
}

#[test]
fn the_next_phase_comes_as_often_as_its_logit_says_whatever_the_action() {
    const DRAWS: usize = 40_000;
    let columns = HeadColumns { actions: 2, phases: true };
    for (logit, probability) in [(0.0_f32, 0.5), (-3.0, 0.047_425_873), (2.0, 0.880_797_08), (-1e4, 0.0), (1e4, 1.0)] {
        let outputs = [0.0, 0.0, logit, 7.0].repeat(DRAWS);
        let (mut actions, mut advances) = (vec![9; DRAWS], vec![false; DRAWS]);
        let decisions = Decisions { actions: &mut actions, advances: &mut advances };
        Sampler::new(STREAM).sample(&outputs, columns, decisions);
        for action in 0..2 {
            let of_action = || actions.iter().zip(&advances).filter(move |(taken, _)| **taken == action);
            let (all, gone_on) = (of_action().count() as f64, of_action().filter(|(_, advances)| **advances).count());
            // Five standard deviations.
            let tolerance = 5.0 * (probability * (1.0 - probability) / all).sqrt();
            assert!((gone_on as f64 / all - probability).abs() <= tolerance, "{logit}, {action}: {gone_on} of {all}");
        }
    }
}

#[test]
fn frequencies_follow_the_softmax() {
    let policies =
        [[0.0, 0.0, 0.0, 0.0, 0.0, 99.0], [1.0, -1.0, 0.5, 2.0, -2.5, -50.0], [30.0, 31.0, 29.0, 30.5, 28.0, 0.0]];
    for (index, policy) in (0..).zip(&policies) {
        let mut sampler = Sampler::new(StreamId { index, ..STREAM });
        let outputs: Vec<f32> = policy.repeat(100);
        let mut counts = [0; 5];
        let mut actions = vec![0; 100];
        for _ in 0..500 {
            draw_actions(&mut sampler, &outputs, COLUMNS, &mut actions);
            actions.iter().for_each(|&action| counts[usize::from(action)] += 1);
        }
        assert_eq!(counts.iter().sum::<u32>(), 50_000);
        let chi_square = chi_square(&counts, &policy[..5]);
        assert!(chi_square < CHI_SQUARE, "{STREAM:?}, policy {index}: {counts:?}, χ² {chi_square}");
    }
}

#[test]
fn lanes_and_times_are_independent() {
    // Pairs of actions, of neighbouring lanes and of successive times, against 4 equal cells; χ²
    // with 3 degrees of freedom exceeds 16.27 once in a thousand.
    let mut sampler = Sampler::new(STREAM);
    let outputs = vec![0.0; 2 * 3];
    let (mut beside, mut after) = ([0_u32; 4], [0_u32; 4]);
    let (mut actions, mut before) = ([0_u8; 2], 0);
    for time in 0..20_000 {
        draw_actions(&mut sampler, &outputs, HeadColumns::of_actions(2), &mut actions);
        beside[usize::from(actions[0] * 2 + actions[1])] += 1;
        if time > 0 {
            after[usize::from(before * 2 + actions[0])] += 1;
        }
        before = actions[0];
    }
    for counts in [beside, after] {
        let expected = f64::from(counts.iter().sum::<u32>()) / 4.0;
        assert!(expected > 4_000.0);
        let chi_square: f64 = counts.iter().map(|&n| (f64::from(n) - expected).powi(2) / expected).sum();
        assert!(chi_square < 16.27, "{STREAM:?}: {counts:?}");
    }
}

#[test]
fn the_same_time_gives_the_same_actions() {
    let outputs = vec![0.0; 64 * WIDTH];
    let draw = |sampler: &mut Sampler| {
        let mut actions = vec![0; 64];
        draw_actions(sampler, &outputs, COLUMNS, &mut actions);
        actions
    };
    let mut sampler = Sampler::new(STREAM);
    let sequence: Vec<Vec<u8>> = (0..10).map(|_| draw(&mut sampler)).collect();
    assert_eq!(sampler.time, 10);
    assert_ne!(sequence[3], sequence[4]);
    let mut later = Sampler::new(STREAM);
    later.time = 4;
    assert_eq!(draw(&mut later), sequence[4]);
    assert_ne!(draw(&mut Sampler::new(StreamId { index: 1, ..STREAM })), sequence[0]);
    // A lane draws the same whatever the lanes after it.
    let mut few = vec![0; 5];
    draw_actions(&mut Sampler::new(STREAM), &outputs[..5 * WIDTH], COLUMNS, &mut few);
    assert_eq!(few, sequence[0][..5]);
}

/// Actions that must not change unseen, with an upgrade of `rand` for example. They were computed with
/// another implementation of the stream, from the upper 24 bits of each word.
#[test]
fn the_first_actions_are_pinned() {
    let mut sampler = Sampler::new(StreamId { seed: 1, domain: Domain::Actions, index: 0 });
    let mut actions = [0; 12];
    draw_actions(&mut sampler, &[0.0; 12 * WIDTH], COLUMNS, &mut actions);
    assert_eq!(actions, [4, 0, 2, 4, 2, 4, 3, 3, 2, 2, 2, 4]);
    draw_actions(&mut sampler, &[1.0, -1.0, 0.5, 2.0, -2.5, 0.0].repeat(12), COLUMNS, &mut actions);
    assert_eq!(actions, [2, 0, 3, 0, 3, 3, 4, 4, 3, 3, 0, 3]);
}

#[test]
fn certain_actions_are_taken_and_others_never() {
    let outputs = [-1e4, 1e4, -1e4, 0.0].repeat(1000);
    let mut actions = vec![9; 1000];
    draw_actions(&mut Sampler::new(STREAM), &outputs, HeadColumns::of_actions(3), &mut actions);
    assert_eq!(actions, [1; 1000]);
}

#[test]
fn greed_takes_the_greatest_and_among_equals_the_first() {
    let task = Fake::new(Recall::new(1));
    let model = Arc::new(Model::new(&crate::fakes::config(AgentName::Lstm).model, &task.spec()));
    let batch = task.batch(3, StreamId { domain: Domain::Evaluation, ..STREAM });
    for (bias, expected) in [([0.0; 3], 0), ([-1.0, 2.0, 2.0], 1), ([0.5, -3.0, 0.75], 2), ([1.0, 0.0, 1.0], 0)] {
        let flat = Tensor::zeros([model.layout().len() as i64], (Kind::Float, Device::Cpu));
        let parameters = model.layout().parameters();
        let place = parameters.iter().find(|p| p.name == "heads.policy.bias").expect("a bias");
        flat.narrow(0, place.offset as i64, 3).copy_(&Tensor::from_slice(&bias));
        let mut actions = [7; 3];
        AgentActor::new(&model, &flat, 3, Device::Cpu, Choice::Greedy).act(&*batch, &[true; 3], &mut actions);
        assert_eq!(actions, [expected; 3], "{bias:?}");
    }
}
