//! Trainings in sync mode, whole and in parts.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use gridworld_agents::training::{Summary, Trainer};
use gridworld_agents::{AgentName, Config, Mode, TrainingConfig};
use gridworld_checkpoint::Checkpoint;
use tch::Device;

use super::games::Recall;
use super::observer::Keeper;
use super::{Fake, Keys};

pub fn config(agent: AgentName, seed: u64, workers: usize) -> Config {
    let base = super::config(agent);
    let training = TrainingConfig { seed, workers, mode: Mode::Sync, ..base.training };
    Config { training, ..base }
}

/// Tasks whose episodes are longer than a rollout is now and then, with either kind of keys.
pub fn task(keys: Keys) -> Fake<Recall> {
    Fake { game: Recall::new(2), keys }
}

pub fn bytes(checkpoint: &Checkpoint) -> Vec<u8> {
    checkpoint.to_bytes().expect("a checkpoint has a form in bytes")
}

/// Trains from the start or from `checkpoint`, until the end or `interrupt_at` steps.
pub fn train<'a>(
    config: &Config,
    keys: Keys,
    from: Option<&Checkpoint>,
    interrupt_at: u64,
    interrupt: &'a AtomicBool,
) -> (Summary, Keeper<'a>) {
    let task = task(keys);
    let mut trainer = match from {
        Some(checkpoint) => Trainer::resume(&task, config, Device::Cpu, checkpoint).expect("it is one of ours"),
        None => Trainer::new(&task, config, Device::Cpu).expect("a training"),
    };
    let mut keeper = Keeper { interrupt_at, ..Keeper::new(interrupt) };
    let summary = trainer.run(&mut keeper, interrupt).expect("nothing goes wrong");
    (summary, keeper)
}

pub fn whole(config: &Config, keys: Keys) -> Vec<u8> {
    let interrupt = AtomicBool::new(false);
    let (summary, keeper) = train(config, keys, None, u64::MAX, &interrupt);
    assert!(!summary.interrupted && summary.steps >= config.training.steps);
    assert!(keeper.records.len() > 3);
    bytes(keeper.last())
}

/// A checkpoint as it comes back from its bytes.
pub fn through_bytes(checkpoint: &Checkpoint) -> Checkpoint {
    Checkpoint::from_bytes(&bytes(checkpoint), Path::new("last.safetensors")).expect("it can be read")
}
