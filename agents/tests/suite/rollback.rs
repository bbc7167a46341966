//! Numbers that are not finite, with rollback: back to the last checkpoint, half the learning rate.

use std::sync::atomic::AtomicBool;

use gridworld_agents::training::{CheckpointKind, MOST_ROLLBACKS, Summary, Tag, TrainError, Trainer};
use gridworld_agents::{AgentName, Config, Mode, OnNan, TrainingConfig};
use gridworld_checkpoint::Checkpoint;
use tch::Device;

use crate::fakes::Fake;
use crate::fakes::games::{Fault, Faulty, Recall};
use crate::fakes::observer::Keeper;

/// The value's loss weighs so much that the gradient's norm overflows once the value errs by some
/// units, as it does after large steps and not after small ones. With this weight 24 trainings, of
/// 12 seeds in both modes, went back two to four times each.
fn config(mode: Mode) -> Config {
    let base = crate::fakes::config(AgentName::LstmNac);
    let training = TrainingConfig { mode, value: 8e18, learning_rate: 1.0, on_nan: OnNan::Rollback, ..base.training };
    Config { training, ..base }
}

fn train<'a>(config: &Config, from: Option<&Checkpoint>, interrupt: &'a AtomicBool) -> (Summary, Keeper<'a>) {
    let task = Fake::new(Recall::new(2));
    let mut trainer = match from {
        Some(checkpoint) => Trainer::resume(&task, config, Device::Cpu, checkpoint).expect("one of ours"),
        None => Trainer::new(&task, config, Device::Cpu).expect("a training"),
    };
    let mut keeper = Keeper::new(interrupt);
    let summary = trainer.run(&mut keeper, interrupt).expect("a lower rate helps");
    (summary, keeper)
}

#[test]
fn a_lower_rate_helps_and_the_records_are_of_one_run() {
    for mode in [Mode::Async, Mode::Sync] {
        let interrupt = AtomicBool::new(false);
        let config = config(mode);
        let (summary, keeper) = train(&config, None, &interrupt);
        println!("{mode:?}: {:?}", keeper.rewinds);
        assert!((1..=MOST_ROLLBACKS).contains(&summary.rollbacks), "{mode:?}: {summary:?}");
        assert_eq!(keeper.rewinds.len(), summary.rollbacks as usize, "{mode:?}");
        assert!(summary.steps >= config.training.steps && !summary.interrupted);
        assert_eq!(keeper.last().field::<u32>("rollbacks").expect("a count"), summary.rollbacks);
        let steps: Vec<u64> = keeper.records.iter().map(|record| record.step).collect();
        assert!(steps.is_sorted() && steps.len() > 5, "{mode:?}: {steps:?}");
        let rates: Vec<f64> = keeper.records.iter().filter_map(|record| record.get(Tag::LearningRate)).collect();
        let most = 0.5_f64.powi(summary.rollbacks as i32);
        let late = rates.last().expect("a rate");
        assert!(*late <= most, "{mode:?}: {late} after {} rollbacks", summary.rollbacks);
        let counts: Vec<f64> = keeper.records.iter().filter_map(|record| record.get(Tag::Rollbacks)).collect();
        assert!(counts.is_sorted() && counts.last() == Some(&f64::from(summary.rollbacks)), "{mode:?}: {counts:?}");
    }
}

#[test]
fn sync_stays_reproducible_and_goes_on_from_any_checkpoint() {
    let interrupt = AtomicBool::new(false);
    let config = config(Mode::Sync);
    let (summary, keeper) = train(&config, None, &interrupt);
    let (again, other) = train(&config, None, &interrupt);
    let bytes = |keeper: &Keeper<'_>| keeper.last().to_bytes().expect("bytes");
    assert_eq!(summary, again);
    assert!(bytes(&keeper) == bytes(&other));
    assert_eq!(keeper.rewinds, other.rewinds);
    let last = keeper.saved(CheckpointKind::Last);
    let tried = last.iter().filter(|checkpoint| checkpoint.field::<u64>("steps").expect("steps") < summary.steps);
    let tried = tried.map(|checkpoint| {
        let (resumed, other) = train(&config, Some(checkpoint), &interrupt);
        assert_eq!(resumed.rollbacks, summary.rollbacks);
        assert!(bytes(&keeper) == bytes(&other), "from {checkpoint:?}");
    });
    assert!(tried.count() >= 4, "checkpoints before, between and after the rollbacks");
}

#[test]
fn it_gives_up_after_some_and_says_so() {
    let interrupt = AtomicBool::new(false);
    let config = config(Mode::Sync);
    let task = Fake::new(Faulty { fault: Fault::Reward(f32::MAX), at: 100, last: u32::MAX });
    let mut keeper = Keeper::new(&interrupt);
    let mut trainer = Trainer::new(&task, &config, Device::Cpu).expect("a training");
    let error = trainer.run(&mut keeper, &interrupt).expect_err("no rate helps");
    assert!(matches!(error, TrainError::NotFinite { rollbacks: MOST_ROLLBACKS, .. }), "{error}");
    assert!(error.to_string().ends_with("the update was not applied; 5 rollbacks did not help"), "{error}");
    assert_eq!(keeper.rewinds.len(), MOST_ROLLBACKS as usize);
    assert_eq!(keeper.last().field::<u32>("rollbacks").expect("a count"), MOST_ROLLBACKS);
}
