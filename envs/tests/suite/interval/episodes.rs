//! Whole episodes, worked out by hand: what is shown when, and what each response is worth.

use gridworld_envs::board::{Action, always_pass};
use gridworld_envs::{
    Batch, Environment, EpisodeInfo, FrameKey, IntervalReproduction, IntervalReproductionTask, Outcome, Policy, Reward,
    Step,
};

use super::{task, tight};
use crate::training;

const PASS: usize = Action::Pass as usize;
/// Placement side by side: the agent is on the left.
const BESIDE: (u8, u8) = (6, 7);

/// Waits beside the target and steps onto it at step `t`.
fn arrive_at(t: u32, task: &IntervalReproductionTask, wait: u32) -> (Step, EpisodeInfo) {
    let mut environment = task.environment();
    environment.begin(BESIDE.0, BESIDE.1, task.intervals()[0], wait);
    for _ in 1..t {
        let step = environment.step(PASS);
        assert_eq!((step.outcome, step.reward), (Outcome::Running, 0.0));
        assert_eq!((environment.info().success, environment.info().timing), (false, None));
    }
    (environment.step(Action::Right as usize), environment.info())
}

/// The observations that flash while the agent stands still.
fn flashes(environment: &mut IntervalReproduction, begun: FrameKey) -> Vec<u32> {
    let mut seen = Vec::new();
    let (mut frame, mut outcome) = (begun, Outcome::Running);
    for t in 0.. {
        // 625 dark frames come first.
        assert!(frame.0 == begun.0 || frame.0 == begun.0 + 625, "{frame:?}");
        seen.extend((frame.0 >= 625).then_some(t));
        if outcome.ends() {
            break;
        }
        let step = environment.step(PASS);
        assert_eq!(step.observation.instruction, 0.0);
        (frame, outcome) = (step.observation.frame, step.outcome);
    }
    seen
}

#[test]
fn two_flashes_show_the_interval() {
    let mut looked_at = 0;
    for interval in [1, 2, 5, 12] {
        for wait in 1..=4 {
            let mut environment = task([interval], Reward::Graded, 1).environment();
            let begun = environment.begin(0, 24, interval, wait);
            assert_eq!((begun.frame, begun.instruction), (FrameKey(24), 0.0));
            assert_eq!(flashes(&mut environment, begun.frame), [wait, wait + interval]);
            looked_at += 1;
        }
    }
    assert_eq!(looked_at, 16);
}

#[test]
fn exactly_t_actions_after_the_second_flash_are_a_response_of_t() {
    for wait in 1..=4 {
        let mut environment = task([3], Reward::Exact, 0).environment();
        let begun = environment.begin(BESIDE.0, BESIDE.1, 3, wait);
        let (mut frame, mut seen) = (begun.frame, 0);
        while seen < 2 {
            frame = environment.step(PASS).observation.frame;
            seen += u32::from(frame.0 >= 625);
        }
        assert_eq!(frame, FrameKey(625 + 25 * 6 + 7));
        assert_eq!(environment.step(PASS).outcome, Outcome::Running);
        assert_eq!(environment.step(PASS).outcome, Outcome::Running);
        let third = environment.step(Action::Right as usize);
        assert_eq!((third.outcome, third.reward), (Outcome::Terminated, 1.0));
        assert_eq!(environment.info(), EpisodeInfo { success: true, feasible: true, timing: Some(3) });
    }
}

#[test]
fn graded_reward_loses_a_tenth_for_each_step_and_no_more_than_all() {
    // T = 5 after a wait of 2: flashes at 2 and 7, on time at 12, truncated at 22.
    let expected = [
        (1, -6, 0.0),
        (2, -5, 0.0),
        (3, -4, 0.1),
        (6, -1, 0.4),
        (7, 0, 0.5),
        (8, 1, 0.6),
        (11, 4, 0.9),
        (12, 5, 1.0),
        (13, 6, 0.9),
        (20, 13, 0.2),
        (22, 15, 0.0),
    ];
    let task = task([5], Reward::Graded, 1);
    assert_eq!(task.time_limit(), 22);
    for (t, response, reward) in expected {
        let (step, info) = arrive_at(t, &task, 2);
        assert_eq!(step.outcome, Outcome::Terminated, "step {t}");
        assert!((step.reward - reward).abs() < 1e-6, "step {t}: {}", step.reward);
        let success = (4..=6).contains(&response);
        assert_eq!(info, EpisodeInfo { success, feasible: true, timing: Some(response) }, "step {t}");
    }
}

#[test]
fn exact_reward_is_given_for_response_t_alone() {
    for t in 1..=22 {
        let (step, info) = arrive_at(t, &task([5], Reward::Exact, 1), 2);
        assert_eq!(step.reward, if t == 12 { 1.0 } else { 0.0 }, "step {t}");
        assert_eq!(info.success, (11..=13).contains(&t), "step {t}");
    }
}

#[test]
fn the_tolerance_decides_on_success_and_not_on_reward() {
    for tolerance in [0, 1, 3] {
        for t in 1..=22_u32 {
            let (step, info) = arrive_at(t, &task([5], Reward::Graded, tolerance), 2);
            assert_eq!(info.success, t.abs_diff(12) <= tolerance, "step {t}, tolerance {tolerance}");
            assert_eq!(step.reward, arrive_at(t, &task([5], Reward::Graded, 1), 2).0.reward, "step {t}");
        }
    }
}

#[test]
fn arriving_before_any_flash_ends_the_episode() {
    let (step, info) = arrive_at(1, &task([5], Reward::Graded, 1), 4);
    assert_eq!((step.outcome, step.reward), (Outcome::Terminated, 0.0));
    assert_eq!(info.timing, Some(-8));
    // An interval of 1 is nearly over before it begins.
    let (step, info) = arrive_at(1, &task([1], Reward::Graded, 1), 1);
    assert!((step.reward - 0.8).abs() < 1e-6 && info.timing == Some(-1) && !info.success);
}

#[test]
fn time_runs_out_at_the_limit_and_pays_nothing() {
    let mut environment = task([5], Reward::Graded, 1).environment();
    environment.begin(0, 24, 5, 4);
    let steps: Vec<Step> = (0..22).map(|_| environment.step(PASS)).collect();
    assert!(steps[..21].iter().all(|step| step.outcome == Outcome::Running));
    assert_eq!((steps[21].outcome, steps[21].reward), (Outcome::Truncated, 0.0));
    assert_eq!(environment.info(), EpisodeInfo { success: false, feasible: true, timing: None });
}

#[test]
fn arriving_at_the_limit_is_arriving() {
    let (step, info) = arrive_at(14, &tight(5, Reward::Exact, 0), 4);
    assert_eq!((step.outcome, step.reward), (Outcome::Terminated, 1.0));
    assert!(info.success);
}

#[test]
fn always_passing_runs_out_of_time_in_every_lane() {
    let mut batch = task(5..=12, Reward::Graded, 1).environments(16, training(1));
    let mut actions = [0; 16];
    always_pass().act(batch.observe(), &[true; 16], &mut actions);
    for _ in 1..36 {
        assert!(batch.step(&actions).outcomes.iter().all(|&outcome| outcome == Outcome::Running));
    }
    assert!(batch.step(&actions).outcomes.iter().all(|&outcome| outcome == Outcome::Truncated));
}

#[test]
#[should_panic(expected = "an episode begins with a reset")]
fn stepping_before_a_reset_panics() {
    task([5], Reward::Graded, 1).environment().step(0);
}

#[test]
#[should_panic(expected = "the episode has ended")]
fn stepping_after_the_end_panics() {
    let mut environment = task([5], Reward::Graded, 1).environment();
    environment.begin(6, 7, 5, 1);
    environment.step(Action::Right as usize);
    environment.step(Action::Left as usize);
}

#[test]
#[should_panic(expected = "a wait of 5: from 1 to 4")]
fn too_long_a_wait_panics() {
    task([5], Reward::Graded, 1).environment().begin(6, 7, 5, 5);
}

#[test]
#[should_panic(expected = "an interval of 6 is not in the task")]
fn an_interval_of_another_task_panics() {
    task([5], Reward::Graded, 1).environment().begin(6, 7, 6, 1);
}
