//! An environment that gives each observation a key of its own, or draws its images from its state,
//! is learnt from and evaluated like one that names its images.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use gridworld_agents::evaluation::{Actor, AgentActor, Choice, evaluate};
use gridworld_agents::training::{Trainer, Worker};
use gridworld_agents::{AgentName, Config, Mode, Model, TrainingConfig, fill_uniform};
use gridworld_envs::{Batch, Domain, FrameKey, StreamId, Task};
use gridworld_kernels::{FrameTable, Square};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use tch::{Device, Tensor};

use crate::fakes::games::{Lengths, Recall};
use crate::fakes::observer::Keeper;
use crate::fakes::updates::{compare, largest};
use crate::fakes::{Fake, Game, Keys};

const SEED: u64 = 101;

/// The keys that what is found is compared to, and the others.
const OTHERS: [Keys; 2] = [Keys::Fresh, Keys::None];

fn both<G: Game>(game: &G, other: Keys) -> [Fake<G>; 2] {
    [Keys::Stable, other].map(|keys| Fake { game: game.clone(), keys })
}

/// Compares the gradients and statistics of `updates` updates under the same parameters.
fn compare_updates<G: Game>(game: &G, other: Keys, agent: AgentName, training: &TrainingConfig, updates: usize) {
    let tasks = both(game, other);
    let models = tasks.each_ref().map(|task| Arc::new(Model::new(&crate::fakes::config(agent).model, &task.spec())));
    let worker = |index: usize| Worker::new(&models[index], &tasks[index], training, 0, Device::Cpu).expect("a worker");
    let mut workers = [worker(0), worker(1)];
    let model = &models[0];
    let parameters = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(SEED)));
    let place = format!("seed {SEED}, {other:?}, {agent}");
    let [expected, found] = &mut workers;
    let found = compare([expected, found], &parameters, updates, &place);
    let slope = found.gradients.iter().map(largest).fold(0.0, f64::max);
    assert!(slope > 1e-3, "there was something to learn");
    let seen = workers.each_ref().map(|worker| worker.save().frames.len());
    let expected = if other == Keys::None { 0..=0 } else { 101..=usize::MAX };
    assert!(seen[0] < 10 && expected.contains(&seen[1]), "{seen:?} frames in the tables");
}

#[test]
fn updates_are_the_same() {
    let training = TrainingConfig { envs: 6, rollout: 5, ..crate::fakes::config(AgentName::Lstm).training };
    for agent in [AgentName::Lstm, AgentName::LstmNac, AgentName::LstmNalu, AgentName::LstmNau] {
        for other in OTHERS {
            compare_updates(&Recall::new(2), other, agent, &training, 12);
            compare_updates(&Lengths, other, agent, &training, 12);
        }
    }
}

#[test]
fn updates_are_the_same_when_the_table_starts_afresh() {
    // Each step shows a frame at least: 80 updates of 16 × 8 steps show over 10,000.
    let training = TrainingConfig { envs: 16, rollout: 8, ..crate::fakes::config(AgentName::Lstm).training };
    assert!(80 * training.envs * training.rollout > 10_000);
    compare_updates(&Lengths, Keys::Fresh, AgentName::LstmNac, &training, 80);
}

#[test]
fn a_full_table_starts_afresh() {
    let mut table = FrameTable::new([8, 8, 1], [Square { kernel: 3, stride: 1 }]);
    let keys: Vec<FrameKey> = (0..8_300).map(FrameKey).collect();
    let mut drawn = 0;
    let mut rows = Vec::new();
    table.look_up(&keys, &mut rows, |key, pixels| {
        pixels.fill(key.0 as u8);
        drawn += 1;
    });
    assert_eq!((drawn, rows[8_299]), (8_300, 8_299));
    assert!(table.is_full());
    assert!(table.all().is_none() && !table.is_full() && table.keys().is_empty());
    table.look_up(&keys[5..7], &mut rows, |key, pixels| pixels.fill(key.0 as u8));
    assert_eq!(rows, [0, 1]);
    assert_eq!(table.fresh().map(|frame_list| frame_list.count()), Some(2));
    assert_eq!(table.all().map(|frame_list| frame_list.count()), Some(2));
}

#[test]
fn trainings_are_the_same_at_first() {
    let base = crate::fakes::config(AgentName::LstmNac);
    let training = TrainingConfig {
        mode: Mode::Sync,
        steps: 1_600,
        eval_interval: 1_600,
        log_interval: 80,
        seed: SEED,
        ..base.training
    };
    let config = Config { training, ..base };
    let interrupt = AtomicBool::new(false);
    let [expected, found] = both(&Recall::new(1), Keys::Fresh).map(|task| {
        let mut keeper = Keeper::new(&interrupt);
        Trainer::new(&task, &config, Device::Cpu)
            .expect("a training")
            .run(&mut keeper, &interrupt)
            .expect("nothing goes wrong");
        keeper.records
    });
    assert_eq!(found.len(), expected.len());
    assert!(found.len() > 15);
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!((found.step, found.scalars.len()), (expected.step, expected.scalars.len()));
        for ((tag, a), (_, b)) in found.scalars.iter().zip(&expected.scalars) {
            assert!((a - b).abs() < 1e-2 * (1.0 + b.abs()), "seed {SEED}, {tag} at {}: {a}, not {b}", found.step);
        }
    }
}

/// Notes of an agent's actions.
struct Noted {
    agent: AgentActor,
    actions: Vec<u8>,
}

impl Actor for Noted {
    fn lanes(&self) -> usize {
        self.agent.lanes()
    }

    fn act(&mut self, batch: &dyn Batch, first: &[bool], actions: &mut [u8]) {
        self.agent.act(batch, first, actions);
        self.actions.extend_from_slice(actions);
    }
}

#[test]
fn evaluations_are_the_same() {
    let stream = |domain| StreamId { seed: SEED, domain, index: 0 };
    let choices = [Choice::Greedy, Choice::Sample(stream(Domain::Actions))];
    for (choice, other) in choices.into_iter().flat_map(|choice| OTHERS.map(|other| (choice, other))) {
        let [expected, found] = both(&Recall::new(1), other).map(|task| {
            let model = Arc::new(Model::new(&crate::fakes::config(AgentName::LstmNac).model, &task.spec()));
            // Great weights, so that the policy differs from frame to frame.
            let mut weights = vec![0.0; model.layout().len()];
            fill_uniform(&mut weights, 1.0, &mut ChaCha8Rng::seed_from_u64(SEED));
            let agent = AgentActor::new(&model, &Tensor::from_slice(&weights), 48, Device::Cpu, choice);
            let mut noted = Noted { agent, actions: Vec::new() };
            let tally = evaluate(&task, &mut noted, 6_000, stream(Domain::Evaluation)).expect("an evaluation");
            (tally, noted.actions)
        });
        let place = format!("seed {SEED}, {choice:?}, {other:?}");
        assert_eq!(found.0, expected.0, "{place}");
        assert!(found.1 == expected.1, "{place}: other actions");
        assert!(found.1.len() > 10_000, "more frames than the table holds");
        let kinds = [0, 1, 2].map(|action| found.1.contains(&action));
        assert!(kinds.iter().filter(|&&taken| taken).count() > 1, "{place}: always the same action");
    }
}
