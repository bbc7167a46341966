//! Tests of all that stops a training: gradients that are not finite, panics, observers that fail, interruptions.

use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::Duration;

use gridworld_agents::training::{CheckpointKind, Summary, TrainError, Trainer, model_parameters};
use gridworld_agents::{AgentName, Config, Mode, Model, TrainingConfig};
use gridworld_envs::Task;
use gridworld_envs::contract::{Caller, ContractViolation};
use tch::Device;

use crate::fakes::games::{Fault, Faulty, Recall};
use crate::fakes::observer::{Keeper, Refusal};
use crate::fakes::{Fake, Game};

const MODES: [Mode; 2] = [Mode::Async, Mode::Sync];

fn config(mode: Mode) -> Config {
    let base = crate::fakes::config(AgentName::LstmNac);
    Config { training: TrainingConfig { mode, workers: 3, steps: 20_000, ..base.training }, ..base }
}

/// Trains in a thread of its own, and fails if that takes longer than any training here may.
fn train<G: Game>(game: G, config: &Config, refusal: Refusal) -> Result<Summary, TrainError> {
    let (sender, receiver) = channel();
    let config = config.clone();
    std::thread::spawn(move || {
        let interrupt = AtomicBool::new(false);
        let task = Fake::new(game);
        let mut keeper = Keeper { refusal, ..Keeper::new(&interrupt) };
        let result = Trainer::new(&task, &config, Device::Cpu).expect("a training").run(&mut keeper, &interrupt);
        let _ = sender.send(result);
    });
    receiver.recv_timeout(Duration::from_secs(120)).expect("the training ends")
}

/// A configuration that comes to a number that is not finite, and which.
type Case = (&'static str, fn(&mut TrainingConfig), Fault);

const CASES: [Case; 4] = [
    ("the policy's loss is NaN", |_| {}, Fault::Rewards(f32::MAX)),
    ("the gradient's norm is inf", |_| {}, Fault::Reward(f32::MAX)),
    ("the gradient of `", |training| training.value = f32::MAX, Fault::Reward(1e5)),
    ("the parameter `", |training| training.learning_rate = 1e300, Fault::Reward(1.0)),
];

#[test]
fn a_number_that_is_not_finite_stops_the_training_and_is_not_applied() {
    for mode in MODES {
        for (quantity, change, fault) in CASES {
            let mut config = config(mode);
            change(&mut config.training);
            let task = Fake::new(Faulty { fault, at: 98, last: u32::MAX });
            let interrupt = AtomicBool::new(false);
            let mut keeper = Keeper::new(&interrupt);
            let mut trainer = Trainer::new(&task, &config, Device::Cpu).expect("a training");
            let error = trainer.run(&mut keeper, &interrupt).expect_err("a number is not finite");
            let TrainError::NotFinite { value, steps, .. } = &error else { panic!("{mode:?}: {error}") };
            println!("{mode:?}: {error}");
            assert!(error.to_string().starts_with(quantity), "{mode:?}: {error}");
            assert!(!value.is_finite(), "{mode:?}: {error}");

            // Once more, but interrupted at once: what is saved is what there was after the failure.
            let mut after = Keeper::new(&interrupt);
            let summary = trainer.run(&mut after, &AtomicBool::new(true)).expect("nothing is run");
            assert!(summary.interrupted && summary.steps >= *steps);
            let model = Model::new(&config.model, &task.spec());
            let parameters = model_parameters(after.last(), &model).expect("all parameters");
            assert!(parameters.len() > 100 && parameters.iter().all(|x| x.is_finite()), "{mode:?}, {quantity}");
        }
    }
}

#[test]
fn a_panic_in_an_environment_ends_the_training() {
    for mode in MODES {
        // Only the first worker's, so that the others are at work or waiting when it happens; then all.
        for last in [0, u32::MAX] {
            let game = Faulty { fault: Fault::Panic, at: 100, last };
            match train(game, &config(mode), Refusal::Nothing) {
                Err(TrainError::ContractViolation(ContractViolation {
                    caller: Caller::Worker(worker),
                    step: 100,
                    violation,
                    ..
                })) => {
                    assert!(worker <= last, "{mode:?}: worker {worker} is sound");
                    assert_eq!(violation.to_string(), "a panic while stepping: the floor gave way");
                }
                other => panic!("{mode:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn an_observer_that_fails_ends_the_training() {
    for mode in MODES {
        for refusal in [Refusal::Records, Refusal::Checkpoints] {
            match train(Recall::new(1), &config(mode), refusal) {
                Err(error @ TrainError::Observer(_)) => assert_eq!(error.to_string(), "the disk is full"),
                other => panic!("{mode:?}, {refusal:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn an_interruption_ends_early_and_is_saved() {
    for mode in MODES {
        let config = config(mode);
        let task = Fake::new(Recall::new(1));
        let interrupt = AtomicBool::new(false);
        let mut keeper = Keeper { interrupt_at: 600, ..Keeper::new(&interrupt) };
        let summary = Trainer::new(&task, &config, Device::Cpu)
            .expect("a training")
            .run(&mut keeper, &interrupt)
            .expect("nothing goes wrong");
        assert!(summary.interrupted && (600..20_000).contains(&summary.steps), "{mode:?}: {summary:?}");
        assert_eq!(keeper.last().field::<u64>("steps").expect("steps"), summary.steps, "{mode:?}");
    }
}

#[test]
fn an_interruption_before_the_first_step_is_saved_too() {
    let task = Fake::new(Recall::new(1));
    let interrupt = AtomicBool::new(true);
    let mut keeper = Keeper::new(&interrupt);
    let summary = Trainer::new(&task, &config(Mode::Sync), Device::Cpu)
        .expect("a training")
        .run(&mut keeper, &interrupt)
        .expect("nothing is run");
    assert!(summary.interrupted && summary.steps == 0);
    assert_eq!(keeper.saved(CheckpointKind::Last).len(), 1);
}
