//! Steps per second of each environment on one core: `cargo bench -p gridworld-envs`.
//!
//! Random actions are drawn beforehand, so that only the environment is timed. Each figure is the
//! best of several rounds: other programs can slow a round down, and nothing can speed one up.

use std::hint::black_box;
use std::time::{Duration, Instant};

use gridworld_envs::{
    Batch, BatchOf, Domain, IntervalReproductionConfig, IntervalReproductionTask, Policy, RandomPolicy, StreamId,
    TimedArrivalConfig, TimedArrivalTask, board,
};

/// Rounds of one measurement.
const ROUNDS: usize = 5;
/// Shortest time that a round takes.
const ROUND: Duration = Duration::from_millis(300);
/// Rows of actions that are drawn beforehand and then taken in turn.
const ROWS: usize = 64;

fn main() {
    let task = TimedArrivalTask::new(TimedArrivalConfig::default()).expect("the default settings are valid");
    let stream = StreamId { seed: 1, domain: Domain::Training, index: 0 };
    println!("{:<28}{:>8}{:>16}", "TimedArrival-v1", "lanes", "steps/s");
    for lanes in [64, 256, 1024, 16_384] {
        report("batch, random actions", &mut task.environments(lanes, stream), &mut random());
    }
    report("batch, always pass", &mut task.environments(1024, stream), &mut board::always_pass());
    report("Each, random actions", &mut BatchOf::new(1024, stream, || task.environment()), &mut random());
    let task = IntervalReproductionTask::new(IntervalReproductionConfig::default()).expect("valid settings, too");
    println!("{:<28}{:>8}{:>16}", "IntervalReproduction-v1", "lanes", "steps/s");
    for lanes in [64, 1024] {
        report("Each, random actions", &mut task.environments(lanes, stream), &mut random());
        report("Each, always pass", &mut task.environments(lanes, stream), &mut board::always_pass());
    }
}

fn random() -> RandomPolicy {
    RandomPolicy::new(5, StreamId { seed: 1, domain: Domain::Actions, index: 0 })
}

fn report(name: &str, batch: &mut dyn Batch, policy: &mut dyn Policy) {
    let lanes = batch.lanes();
    let mut rows = vec![vec![0; lanes]; ROWS];
    for row in &mut rows {
        policy.act(batch.observe(), &vec![false; lanes], row);
    }
    let best = (0..ROUNDS).map(|_| rate(batch, &rows)).fold(0.0, f64::max);
    println!("{name:<28}{lanes:>8}{best:>16.3e}");
}

/// Environment steps per second over one round.
fn rate(batch: &mut dyn Batch, rows: &[Vec<u8>]) -> f64 {
    let start = Instant::now();
    let mut steps = 0;
    while start.elapsed() < ROUND {
        for row in rows {
            black_box(batch.step(black_box(row)));
            steps += row.len();
        }
    }
    steps as f64 / start.elapsed().as_secs_f64()
}
