//! The tests of the crate, in one binary: it links once.

mod allocation;
mod conformance;
mod corridor;
mod episodes;
mod equality;
mod golden;
mod images;
mod induction;
mod interval;
mod oracle;
mod placements;
mod playing;
mod policies;
mod registry;
mod settings;
mod snow;
mod starts;
mod streams;
mod transitions;

use gridworld_envs::{Domain, Reward, StreamId, TimedArrivalConfig, TimedArrivalTask};

/// The training stream of worker 0 under this seed.
fn training(seed: u64) -> StreamId {
    StreamId { seed, domain: Domain::Training, index: 0 }
}

/// A task with these values of T and this reward, and a time limit of the greatest + 8.
fn task(instructions: impl IntoIterator<Item = u32>, reward: Reward) -> TimedArrivalTask {
    let instructions = instructions.into_iter().collect();
    TimedArrivalTask::new(TimedArrivalConfig { instructions, time_limit: None, reward, ..Default::default() })
        .expect("a valid task")
}
