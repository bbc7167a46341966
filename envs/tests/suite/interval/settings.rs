//! Settings that make a task, and settings that do not.

use gridworld_envs::{IntervalReproductionConfig, IntervalReproductionError, IntervalReproductionTask, Reward, Task};

use super::task;

fn with(
    intervals: &[u32],
    time_limit: Option<u32>,
    tolerance: u32,
) -> Result<IntervalReproductionTask, IntervalReproductionError> {
    let intervals = intervals.to_vec();
    let reward = Reward::Graded;
    IntervalReproductionTask::new(IntervalReproductionConfig {
        intervals,
        time_limit,
        reward,
        tolerance,
        ..Default::default()
    })
}

#[test]
fn the_default_is_timed_arrivals_range_and_one_step_of_tolerance() {
    let task = IntervalReproductionTask::new(IntervalReproductionConfig::default()).unwrap();
    assert_eq!(task.instructions(), [5, 6, 7, 8, 9, 10, 11, 12]);
    assert_eq!((task.time_limit(), task.reward(), task.tolerance()), (4 + 24 + 8, Reward::Graded, 1));
    assert_eq!(Task::time_limit(&task), Some(36));
}

#[test]
fn wrong_settings_are_refused_with_what_and_why() {
    let beyond = IntervalReproductionError::BeyondTimeLimit { interval: 12, on_time: 28, time_limit: 27 };
    let great = IntervalReproductionError::IntervalTooGreat { interval: IntervalReproductionTask::MAX_INTERVAL + 1 };
    let tolerant =
        IntervalReproductionError::ToleranceTooGreat { tolerance: IntervalReproductionTask::MAX_TOLERANCE + 1 };
    let cases = [
        (with(&[], None, 1), IntervalReproductionError::NoIntervals, "no T"),
        (with(&[5, 0], None, 1), IntervalReproductionError::ZeroInterval, "T = 0"),
        (with(&[5, 12, 7], Some(27), 1), beyond, "T = 12 cannot always be reproduced: its end can be at step 28"),
        (
            with(&[IntervalReproductionTask::MAX_INTERVAL + 1], None, 1),
            great,
            "T = 16777217 is too large: at most 16,777,216",
        ),
        (with(&[5], None, IntervalReproductionTask::MAX_TOLERANCE + 1), tolerant, "a tolerance of 16777217 steps"),
    ];
    for (result, error, message) in cases {
        assert_eq!(result, Err(error.clone()));
        assert!(error.to_string().contains(message), "{error}");
    }
    assert!(with(&[5, 12], Some(28), 0).is_ok());
    assert_eq!(
        with(&[IntervalReproductionTask::MAX_INTERVAL], None, IntervalReproductionTask::MAX_TOLERANCE)
            .unwrap()
            .time_limit(),
        2 * IntervalReproductionTask::MAX_INTERVAL + 12
    );
}

#[test]
fn posing_a_value_keeps_the_rest_and_makes_room_for_it() {
    let task = task(5..=12, Reward::Exact, 2);
    for (interval, time_limit) in [(1, 36), (12, 36), (13, 38), (30, 72), (1000, 2012)] {
        let fixed = task.with_interval(interval).unwrap();
        assert_eq!((fixed.intervals(), fixed.time_limit()), ([interval].as_slice(), time_limit));
        assert_eq!((fixed.reward(), fixed.tolerance()), (Reward::Exact, 2));
        let fixed = task.with_instruction(interval);
        assert_eq!((fixed.instructions(), fixed.time_limit()), ([interval].as_slice(), Some(time_limit)));
    }
    assert_eq!(task.with_interval(0), Err(IntervalReproductionError::ZeroInterval));
    let great = IntervalReproductionError::IntervalTooGreat { interval: u32::MAX };
    assert_eq!(task.with_interval(u32::MAX), Err(great));
}

#[test]
#[should_panic(expected = "T = 0 is no interval")]
fn posing_zero_panics() {
    task(5..=12, Reward::Exact, 1).with_instruction(0);
}
