//! What stops a training: gradients that are not finite, panics, observers that fail, interruptions.

use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::Duration;

use gridworld_agents::config::{AgentName, Config, Mode, TrainingConfig};
use gridworld_agents::model::Model;
use gridworld_agents::training::{Saved, Summary, TrainError, Trainer, model_parameters};
use gridworld_envs::Task;
use tch::Device;

use fakes::games::{Fault, Faulty, Recall};
use fakes::observer::{Keeper, Refusal};
use fakes::{Fake, Game};

mod fakes;

const MODES: [Mode; 2] = [Mode::Async, Mode::Sync];

fn config(mode: Mode) -> Config {
    let base = fakes::config(AgentName::LstmNac);
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
        let result = Trainer::new(&task, &config, Device::Cpu).run(&mut keeper, &interrupt);
        let _ = sender.send(result);
    });
    receiver.recv_timeout(Duration::from_secs(120)).expect("the training ends")
}

#[test]
fn a_gradient_that_is_not_finite_stops_and_is_not_applied() {
    for mode in MODES {
        for reward in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
            let config = config(mode);
            let task = Fake::new(Faulty { fault: Fault::Reward(reward), at: 100, last: u32::MAX });
            let interrupt = AtomicBool::new(false);
            let mut keeper = Keeper::new(&interrupt);
            let mut trainer = Trainer::new(&task, &config, Device::Cpu);
            let error = trainer.run(&mut keeper, &interrupt).expect_err("the reward is not finite");
            let TrainError::NotFinite { parameter, steps, norm } = &error else { panic!("{mode:?}: {error}") };
            let model = Model::new(&config.model, &task.spec());
            let known = model.layout().parameters().iter().any(|p| p.name == *parameter);
            assert!(known || parameter == "all parameters together", "{mode:?}, {reward}: {parameter}");
            assert!(known || reward == f32::MAX, "{mode:?}, {reward}: {parameter}");
            assert!(!norm.is_finite() && *steps > 0, "{mode:?}, {reward}: norm {norm} after {steps}");
            assert!(error.to_string().contains(parameter.as_str()));

            // Once more, but interrupted at once: what is saved is what there was after the failure.
            let mut after = Keeper::new(&interrupt);
            let summary = trainer.run(&mut after, &AtomicBool::new(true)).expect("nothing is run");
            assert!(summary.interrupted && summary.steps >= *steps);
            let parameters = model_parameters(after.last(), &model).expect("all parameters");
            assert!(parameters.len() > 100 && parameters.iter().all(|x| x.is_finite()), "{mode:?}, {reward}");
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
                Err(TrainError::Panic { worker, message }) => {
                    assert!(worker as u32 <= last, "{mode:?}: worker {worker} is sound");
                    assert_eq!(message, "the floor gave way");
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
        let summary =
            Trainer::new(&task, &config, Device::Cpu).run(&mut keeper, &interrupt).expect("nothing goes wrong");
        assert!(summary.interrupted && (600..20_000).contains(&summary.steps), "{mode:?}: {summary:?}");
        assert_eq!(keeper.last().field::<u64>("steps").expect("steps"), summary.steps, "{mode:?}");
    }
}

#[test]
fn an_interruption_before_the_first_step_is_saved_too() {
    let task = Fake::new(Recall::new(1));
    let interrupt = AtomicBool::new(true);
    let mut keeper = Keeper::new(&interrupt);
    let summary =
        Trainer::new(&task, &config(Mode::Sync), Device::Cpu).run(&mut keeper, &interrupt).expect("nothing is run");
    assert!(summary.interrupted && summary.steps == 0);
    assert_eq!(keeper.saved(Saved::Last).len(), 1);
}
