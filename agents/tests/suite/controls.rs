//! Controls: counters that are given and not learned, and vision that does not learn or is not whitened.

use std::sync::atomic::AtomicBool;

use gridworld_agents::cells::Cell;
use gridworld_agents::evaluation::{Actor, Choice};
use gridworld_agents::training::{CheckpointKind, Trainer, model_parameters};
use gridworld_agents::{AgentName, Calibration, Config, FeedbackInput, LoopConfig, Model, ModelConfig, Read};
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::{Domain, StreamId, Task, TimedArrivalConfig, TimedArrivalTask};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use tch::{Device, Kind, Tensor};

use crate::fakes::observer::Keeper;

fn task() -> TimedArrivalTask {
    TimedArrivalTask::new(TimedArrivalConfig { instructions: vec![3, 4], ..Default::default() }).expect("a task")
}

/// The parameters whose names begin with `prefix`, before and after a short training.
fn trained(config: &Config, prefix: &str) -> (Vec<f32>, Vec<f32>) {
    let task = task();
    let mut trainer = Trainer::new(&task, config, Device::Cpu).expect("a training");
    let interrupt = AtomicBool::new(false);
    let mut kept = Keeper::new(&interrupt);
    trainer.run(&mut kept, &interrupt).expect("the end");
    let model = Model::new(&config.model, &task.spec());
    let part = |checkpoint: &Checkpoint| -> Vec<f32> {
        let flat = model_parameters(checkpoint, &model).expect("parameters");
        let named = model.layout().parameters().iter().filter(|parameter| parameter.name.starts_with(prefix));
        named.flat_map(|parameter| flat[parameter.offset..][..parameter.len()].to_vec()).collect()
    };
    (part(kept.saved(CheckpointKind::Last)[0]), part(kept.last()))
}

fn short(agent: AgentName) -> Config {
    let mut config = crate::fakes::config(agent);
    let training = &mut config.training;
    (training.steps, training.workers, training.eval_interval) = (400, 1, 400);
    config
}

#[test]
fn given_counters_hold_the_time_and_never_change() {
    for (cell, expected) in [(Cell::Elapsed, [1.0_f32, 2.0, 3.0]), (Cell::Remaining, [2.0, 1.0, 0.0])] {
        let name = cell.name();
        let mut config = short(AgentName::LstmWith(cell));
        config.model.feedback = Some(LoopConfig { units: 2, ..LoopConfig::of(cell) });
        let (before, after) = trained(&config, &format!("core.{name}."));
        assert_eq!((before.clone(), before.len()), (after, 4), "{name}");
        let task = task();
        let trainer = Trainer::new(&task, &config, Device::Cpu).expect("a training");
        let mut actor = trainer.actor(1, Choice::Greedy);
        let fixed = task.with_instruction(3);
        let mut batch = fixed.batch(1, StreamId { seed: 4, domain: Domain::Evaluation, index: 0 });
        for (step, n) in expected.into_iter().enumerate() {
            actor.act(&*batch, &[step == 0], &mut [0]);
            let activations = actor.activations(0..1).pop().expect("a lane");
            assert_eq!(activations.n, [n, n], "{name}, step {step}");
            // They are read as they are, a tenth of them.
            assert!(activations.read.iter().all(|read| (read - 0.1 * n).abs() < 1e-6), "{name}, step {step}");
            // Passing never arrives.
            batch.step(&[4]);
        }
    }
}

#[test]
fn what_is_learned_beside_a_given_counter_changes() {
    let config = short(AgentName::LstmWith(Cell::Remaining));
    let (before, after) = trained(&config, "core.lstm.weight_feedback");
    assert!(!before.is_empty() && before != after);
}

#[test]
fn a_given_counter_needs_a_loop_with_a_clock() {
    let spec = task().spec();
    for reading in FeedbackInput::ALL {
        let mut config = Config::of(AgentName::LstmWith(Cell::Elapsed));
        config.model.feedback.as_mut().expect("a loop").reading = reading;
        let has_clock = matches!(reading, FeedbackInput::Additive | FeedbackInput::AdditiveState);
        let checked = config.check(&spec);
        assert_eq!(checked.is_ok(), has_clock, "{reading:?}");
        if let Err(error) = checked {
            assert!(error.to_string().contains("needs an additive loop"), "{error}");
        }
    }
}

#[test]
fn what_is_read_of_a_counter_and_its_slope_agree() {
    for (read, gain, n) in [(Read::Tanh, 0.3, 1.7), (Read::Tanh, 10.0, 0.02), (Read::Linear, 0.1, -4.0)] {
        let (value, h) = (read.value(gain, n), 1e-3_f32);
        let difference = (read.value(gain, n + h) - read.value(gain, n - h)) / (2.0 * h);
        assert!((read.backward(gain, value, 1.0) - difference).abs() < 1e-3 * gain, "{read:?}");
    }
    assert_eq!((Read::Linear.value(0.1, 30.0), Read::Tanh.value(10.0, -3.0)), (3.0, -1.0));
}

#[test]
fn frozen_vision_stays_as_it_began() {
    let mut config = short(AgentName::Lstm);
    let (before, after) = trained(&config, "vision.");
    assert!(!before.is_empty() && before != after, "vision learns");
    config.model.vision.frozen = true;
    let (frozen, after) = trained(&config, "vision.");
    assert_eq!((frozen.clone(), frozen), (after, before));
}

#[test]
fn scaled_features_have_mean_zero_and_deviation_one_but_are_correlated() {
    let mut config = crate::fakes::config(AgentName::Lstm).model;
    let task = task();
    let features = |config: &ModelConfig| {
        let model = Model::new(config, &task.spec());
        let flat = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(1)));
        let batch = task.environments(300, StreamId { seed: 1, domain: Domain::Training, index: 0 });
        let mut frames = model.frame_table();
        let batch: &dyn gridworld_envs::Batch = &batch;
        let keys = batch.observe().frames.to_vec();
        frames.look_up(&keys, &mut Vec::new(), |key, pixels| batch.render(key, pixels));
        let frame_list = frames.all().expect("frames");
        model.calibrate(&flat, &frame_list);
        let bound = model.layout().bind(&flat);
        model.vision().features(&bound, &model.vision().tensors(&bound, &frame_list)).to_kind(Kind::Double)
    };
    // The greatest covariance of two different features, of those with mean 0 and deviation 1.
    let correlation = |features: &Tensor| {
        let (count, width) = (features.size()[0] as f64, features.size()[1]);
        assert!(features.mean_dim(Some([0].as_slice()), false, Kind::Double).abs().max().double_value(&[]) < 1e-3);
        let covariance = features.tr().matmul(features) / count;
        assert!((covariance.diag(0) - 1.0).abs().max().double_value(&[]) < 1e-2);
        (covariance - Tensor::eye(width, (Kind::Double, Device::Cpu))).abs().max().double_value(&[])
    };
    assert!(correlation(&features(&config)) < 1e-2, "whitened");
    config.vision.calibration = Calibration::Scaled;
    assert!(correlation(&features(&config)) > 0.1, "scaled");
}
