//! Whole episodes, worked out by hand: rewards by the step of arrival, and the end of time.

use gridworld_envs::board::Action;
use gridworld_envs::{Environment, EpisodeInfo, Outcome, Reward, Step, TimedArrivalConfig, TimedArrivalTask};

use crate::task;

/// Waits beside the target and steps onto it at step `t`.
fn arrive_at(t: u32, task: &TimedArrivalTask) -> (Step, EpisodeInfo) {
    let mut environment = task.environment();
    environment.begin(6, 7, 5);
    for _ in 1..t {
        let step = environment.step(Action::Pass as usize);
        assert_eq!((step.outcome, step.reward), (Outcome::Running, 0.0));
        assert!(!environment.info().success);
    }
    (environment.step(Action::Right as usize), environment.info())
}

#[test]
fn graded_reward_loses_a_tenth_for_each_step_early_or_late() {
    let expected = [0.6, 0.7, 0.8, 0.9, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
    let task = task([5], Reward::Graded);
    assert_eq!(task.time_limit(), 13);
    for (t, expected) in (1..).zip(expected) {
        let (step, info) = arrive_at(t, &task);
        assert_eq!(step.outcome, Outcome::Terminated, "step {t}");
        assert!((step.reward - expected).abs() < 1e-6, "step {t}: {}", step.reward);
        assert_eq!(info, EpisodeInfo { success: t == 5, feasible: true, timing: Some(t as i32) }, "step {t}");
    }
}

#[test]
fn exact_reward_is_given_at_step_t_alone() {
    let task = task([5], Reward::Exact);
    for t in 1..=13 {
        assert_eq!(arrive_at(t, &task).0.reward, if t == 5 { 1.0 } else { 0.0 }, "step {t}");
    }
}

#[test]
fn time_runs_out_at_the_limit_and_pays_nothing() {
    for reward in [Reward::Graded, Reward::Exact] {
        let mut environment = task([5], reward).environment();
        environment.begin(0, 24, 5);
        let steps: Vec<Step> = (0..13).map(|_| environment.step(Action::Pass as usize)).collect();
        assert!(steps[..12].iter().all(|step| step.outcome == Outcome::Running));
        assert_eq!((steps[12].outcome, steps[12].reward), (Outcome::Truncated, 0.0));
        assert_eq!(environment.info(), EpisodeInfo { success: false, feasible: false, timing: None });
    }
}

#[test]
fn arriving_at_the_limit_is_arriving() {
    let config =
        TimedArrivalConfig { instructions: vec![5], time_limit: Some(5), reward: Reward::Exact, ..Default::default() };
    let (step, info) = arrive_at(5, &TimedArrivalTask::new(config).unwrap());
    assert_eq!((step.outcome, step.reward), (Outcome::Terminated, 1.0));
    assert!(info.success);
}

#[test]
#[should_panic(expected = "an episode begins with a reset")]
fn stepping_before_a_reset_panics() {
    task([5], Reward::Graded).environment().step(0);
}

#[test]
#[should_panic(expected = "the episode has ended")]
fn stepping_after_the_end_panics() {
    let mut environment = task([5], Reward::Graded).environment();
    environment.begin(6, 7, 5);
    environment.step(Action::Right as usize);
    environment.step(Action::Left as usize);
}

#[test]
#[should_panic(expected = "action 5: there are 5")]
fn an_action_out_of_range_panics() {
    let mut environment = task([5], Reward::Graded).environment();
    environment.begin(6, 7, 5);
    environment.step(5);
}

#[test]
#[should_panic(expected = "begins on the target")]
fn beginning_on_the_target_panics() {
    task([5], Reward::Graded).environment().begin(7, 7, 5);
}
