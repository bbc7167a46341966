//! A NAU's weights over a training: kept within −1 and 1, whole from a point on, and never best before.

use std::sync::atomic::AtomicBool;

use gridworld_agents::training::{CheckpointKind, Progress, Trainer, model_parameters};
use gridworld_agents::{AgentName, Config, Mode, Model, Rounding, SparsityConfig, TrainingConfig};
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::Task;
use tch::Device;

use crate::fakes::Fake;
use crate::fakes::games::{Hopeless, Recall};
use crate::fakes::observer::Keeper;

const STEPS: u64 = 8_000;

fn config(sparsity: SparsityConfig) -> Config {
    let base = crate::fakes::config(AgentName::LstmNau);
    let training = TrainingConfig {
        steps: STEPS,
        mode: Mode::Sync,
        eval_interval: 1_000,
        learning_rate: 3e-2,
        sparsity: Some(sparsity),
        ..base.training
    };
    Config { training, ..base }
}

/// The NAU's weights in each checkpoint of a kind, with the steps.
fn weights(model: &Model, checkpoints: &[&Checkpoint]) -> Vec<(u64, Vec<f32>)> {
    let (place, _) = model.constrained().expect("the model has a NAU");
    let read = |checkpoint: &&Checkpoint| {
        let flat = model_parameters(checkpoint, model).expect("all parameters");
        (checkpoint.field("steps").expect("a number"), flat[place.offset..][..place.len()].to_vec())
    };
    checkpoints.iter().map(read).collect()
}

fn is_whole(weights: &[f32]) -> bool {
    weights.iter().all(|w| [-1.0, 0.0, 1.0].contains(w))
}

fn trained(config: &Config, look: impl FnOnce(&Model, &Keeper<'_>)) {
    let interrupt = AtomicBool::new(false);
    let task = Fake::new(Recall::new(1));
    let mut keeper = Keeper::new(&interrupt);
    let mut trainer = Trainer::new(&task, config, Device::Cpu).expect("a training");
    trainer.run(&mut keeper, &interrupt).expect("nothing goes wrong");
    look(&Model::new(&config.model, &task.spec()), &keeper);
}

#[test]
fn weights_are_whole_from_the_point_on_that_was_asked_for_and_best_only_then() {
    let config =
        config(SparsityConfig { weight: 0.3, ramp: (0.2, 0.4), discretize: 0.5, rounding: Rounding::Scheduled });
    trained(&config, |model, keeper| {
        let last = weights(model, &keeper.saved(CheckpointKind::Last));
        let (before, after): (Vec<_>, Vec<_>) = last.into_iter().partition(|(steps, _)| *steps < STEPS / 2);
        assert!(before.len() >= 3 && after.len() >= 4, "{} and {} checkpoints", before.len(), after.len());
        for (steps, weights) in &before {
            assert!(weights.iter().all(|w| (-1.0..=1.0).contains(w)), "step {steps}: {weights:?}");
            assert!(!is_whole(weights), "step {steps}: {weights:?}");
        }
        assert_ne!(before[0].1, before[2].1, "they are learnt");
        for (steps, weights) in &after {
            assert!(is_whole(weights) && *weights == after[0].1, "step {steps}: {weights:?}");
        }
        assert!(after[0].1.iter().any(|w| *w != 0.0), "a NAU of nothing");
        let best = weights(model, &keeper.saved(CheckpointKind::Best));
        assert!(is_whole(&best.last().expect("a best").1), "the best is of the whole weights");
    });
}

#[test]
fn the_regularizer_alone_draws_weights_to_whole_numbers() {
    let distance = |weight| {
        let mut mean = f64::NAN;
        trained(
            &config(SparsityConfig { weight, ramp: (0.0, 0.1), discretize: 1.0, rounding: Rounding::Scheduled }),
            |model, keeper| {
                let last = weights(model, &keeper.saved(CheckpointKind::Last));
                mean = gridworld_agents::cells::nau::sparsity(&last.last().expect("a checkpoint").1);
            },
        );
        mean
    };
    let (with, without) = (distance(10.0), distance(0.0));
    assert!(with < 0.02 && without > 2.0 * with, "with it {with}, without {without}");
}

#[test]
fn weights_that_await_validation_are_whole_from_the_evaluation_on_that_allows_it() {
    let config =
        config(SparsityConfig { weight: 0.3, ramp: (0.2, 0.4), discretize: 0.25, rounding: Rounding::Validated });
    trained(&config, |model, keeper| {
        let last = keeper.saved(CheckpointKind::Last);
        let states = last.iter().map(|checkpoint| checkpoint.field::<Progress>("progress").expect("progress"));
        let states: Vec<(Progress, (u64, Vec<f32>))> = states.zip(weights(model, &last)).collect();
        for (progress, (steps, weights)) in &states {
            assert_eq!((progress.validated, progress.settled), (is_whole(weights), is_whole(weights)), "step {steps}");
            assert!(!progress.validated || *steps >= STEPS / 4, "rounded at step {steps}, before it may be");
        }
        let (after, before): (Vec<_>, Vec<_>) = states.iter().partition(|(progress, _)| progress.validated);
        assert!(before.len() >= 2 && !after.is_empty(), "{} and {} checkpoints", before.len(), after.len());
        // Never again anything else, and only with the success that was asked for.
        assert!(after.iter().all(|(_, (_, weights))| *weights == after[0].1.1));
        assert!(after[0].0.success >= Rounding::LEAST, "{:?}", after[0].0);
    });
}

#[test]
fn an_agent_without_success_is_never_rounded() {
    let sparsity = SparsityConfig { weight: 0.3, ramp: (0.0, 0.1), discretize: 0.0, rounding: Rounding::Validated };
    let interrupt = AtomicBool::new(false);
    let task = Fake::new(Hopeless);
    let mut keeper = Keeper::new(&interrupt);
    let mut trainer = Trainer::new(&task, &config(sparsity), Device::Cpu).expect("a training");
    let summary = trainer.run(&mut keeper, &interrupt).expect("nothing goes wrong");
    assert!(!summary.progress.validated && !summary.progress.settled, "{:?}", summary.progress);
    let model = Model::new(&config(sparsity).model, &task.spec());
    let last = weights(&model, &keeper.saved(CheckpointKind::Last));
    assert!(last.iter().all(|(_, weights)| !is_whole(weights)));
}
