//! Tests of interval reproduction.

mod episodes;
mod frames;
mod golden;
mod oracle;
mod settings;
mod states;

use gridworld_envs::conformance::{Plan, check};
use gridworld_envs::{IntervalReproductionConfig, IntervalReproductionTask, Outcome, Reward};

/// A task with these values of T, this reward and tolerance, and the default time limit.
fn task(intervals: impl IntoIterator<Item = u32>, reward: Reward, tolerance: u32) -> IntervalReproductionTask {
    let intervals = intervals.into_iter().collect();
    let config = IntervalReproductionConfig { intervals, time_limit: None, reward, tolerance, ..Default::default() };
    IntervalReproductionTask::new(config).expect("a valid task")
}

/// A task whose episodes end at the last step that can be on time.
fn tight(interval: u32, reward: Reward, tolerance: u32) -> IntervalReproductionTask {
    let time_limit = Some(4 + 2 * interval);
    let config =
        IntervalReproductionConfig { intervals: vec![interval], time_limit, reward, tolerance, ..Default::default() };
    IntervalReproductionTask::new(config).expect("a valid task")
}

#[test]
fn conforms() {
    for task in [task(5..=12, Reward::Graded, 1), task([1, 3], Reward::Exact, 0), tight(1, Reward::Graded, 2)] {
        let report = check(&task, &Plan::new(&[Outcome::Running, Outcome::Terminated, Outcome::Truncated])).unwrap();
        assert_eq!(report.episodes, report.terminated + report.truncated);
        assert!(report.frames > 200, "{report:?}");
    }
}
