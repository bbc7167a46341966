//! The oracle against the most reward there is, from every start, and against its own clock set wrong.

use gridworld_envs::board::Action;
use gridworld_envs::{
    Batch, Environment, EpisodeInfo, IntervalReproduction, IntervalReproductionOracle, IntervalReproductionTask,
    Outcome, Policy, Reward,
};

use super::{task, tight};
use crate::induction::most_reward;
use crate::{playing, training};

/// Agent, target, T and wait.
type Start = (u8, u8, u32, u32);

/// Every start with these intervals, 600 placements and 4 waits each.
fn starts(intervals: &[u32]) -> impl Iterator<Item = Start> {
    intervals.iter().flat_map(|&interval| {
        let placements = (0..25).flat_map(|agent| (0..25).map(move |target| (agent, target)));
        let different = placements.filter(|(agent, target)| agent != target);
        different.flat_map(move |(agent, target)| (1..=4).map(move |wait| (agent, target, interval, wait)))
    })
}

/// Plays an episode with the oracle: its reward, length and verdict.
fn play(environment: &mut IntervalReproduction, start: Start) -> (f64, u32, EpisodeInfo) {
    let (agent, target, interval, wait) = start;
    let observation = environment.begin(agent, target, interval, wait);
    playing::play(environment, &mut IntervalReproductionOracle::new(1), observation, |observation| {
        observation.instruction
    })
}

/// Compares every start under `task`, whose reward and success are computed anew; gives how many
/// episodes were feasible.
fn check_optimal(task: &IntervalReproductionTask) -> usize {
    let mut environment = task.environment();
    let (limit, tolerance) = (task.time_limit() as usize, task.tolerance() as usize);
    let (mut feasible, mut looked_at) = (0, 0);
    for target in 0..25 {
        for wait in 1..=4 {
            let interval = task.intervals()[0];
            let on_time = (wait + 2 * interval) as usize;
            let most = most_reward(target, limit, |t| match task.reward() {
                Reward::Graded => (1.0 - 0.1 * t.abs_diff(on_time) as f64).max(0.0),
                Reward::Exact => f64::from(u8::from(t == on_time)),
            });
            let possible = most_reward(target, limit, |t| f64::from(u8::from(t.abs_diff(on_time) <= tolerance)));
            for agent in (0..25).filter(|&agent| agent != target) {
                let start = (agent as u8, target as u8, interval, wait);
                let (reward, length, info) = play(&mut environment, start);
                assert!((reward - most[agent]).abs() < 1e-6, "{start:?}: {reward} of {}, {task:?}", most[agent]);
                assert_eq!(info.feasible, possible[agent] == 1.0, "{start:?}, {task:?}");
                assert_eq!(info.success, info.feasible, "{start:?}, {task:?}");
                if reward == 1.0 {
                    assert_eq!((length as usize, info.timing), (on_time, Some(interval as i32)), "{start:?}");
                }
                feasible += usize::from(info.feasible);
                looked_at += 1;
            }
        }
    }
    assert_eq!(looked_at, 2400);
    feasible
}

#[test]
fn gets_the_most_reward_from_every_start() {
    for interval in 1..=20 {
        for reward in [Reward::Graded, Reward::Exact] {
            for tolerance in [0, 1, 3] {
                let feasible = check_optimal(&task([interval], reward, tolerance));
                // Placements at most 1, 2, …, 8 steps apart; a wait of w leaves w + 2T + tolerance.
                let within = [80, 204, 340, 460, 540, 580, 596, 600];
                let reach = |wait: u32| within[(wait + 2 * interval + tolerance).min(8) as usize - 1];
                assert_eq!(feasible, (1..=4).map(reach).sum::<usize>(), "T = {interval}, tolerance {tolerance}");
            }
        }
    }
}

#[test]
fn gets_the_most_reward_under_the_shortest_time_limit() {
    for interval in 1..=20 {
        for (reward, tolerance) in [(Reward::Graded, 1), (Reward::Exact, 0), (Reward::Graded, 5)] {
            assert!(check_optimal(&tight(interval, reward, tolerance)) >= 4 * 340);
        }
    }
}

/// Goes beside the target, and enters at step `t` or as soon after as it can: its reward, length and
/// verdict.
fn enter_at(t: u32, environment: &mut IntervalReproduction, start: Start) -> (f64, u32, EpisodeInfo) {
    let (agent, target, interval, wait) = start;
    environment.begin(agent, target, interval, wait);
    let (mut row, mut column) = (agent / 5, agent % 5);
    for step in 1.. {
        let distance = row.abs_diff(target / 5) + column.abs_diff(target % 5);
        let action = if distance == 1 && step < t {
            Action::Pass
        } else if row != target / 5 {
            let down = row < target / 5;
            row = if down { row + 1 } else { row - 1 };
            if down { Action::Down } else { Action::Up }
        } else {
            let right = column < target % 5;
            column = if right { column + 1 } else { column - 1 };
            if right { Action::Right } else { Action::Left }
        };
        let taken = environment.step(action as usize);
        if taken.outcome.ends() {
            return (f64::from(taken.reward), step, environment.info());
        }
    }
    unreachable!("the time limit ends every episode")
}

#[test]
fn one_step_early_or_late_gets_less() {
    let mut compared = 0;
    for (reward, missed) in [(Reward::Graded, [0.9, 0.8]), (Reward::Exact, [0.0, 0.0])] {
        for start in starts(&(1..=20).collect::<Vec<_>>()) {
            let (agent, target, interval, wait) = start;
            let distance = (agent / 5).abs_diff(target / 5) + (agent % 5).abs_diff(target % 5);
            let on_time = wait + 2 * interval;
            let mut environment = task([interval], reward, 1).environment();
            for t in [on_time - 2, on_time - 1, on_time, on_time + 1, on_time + 2] {
                if u32::from(distance) > t {
                    continue;
                }
                let (got, length, info) = enter_at(t, &mut environment, start);
                let off = t.abs_diff(on_time) as usize;
                let expected = if off == 0 { 1.0 } else { missed[off - 1] };
                assert!((got - expected).abs() < 1e-6 && length == t, "{start:?}, step {t}: {got}");
                assert_eq!(info.success, off <= 1, "{start:?}, step {t}");
                assert_eq!(info.timing, Some(t as i32 - (wait + interval) as i32), "{start:?}, step {t}");
                compared += 1;
            }
        }
    }
    assert!(compared > 2 * 20 * 2400 * 9 / 2, "{compared}");
}

#[test]
fn each_lane_counts_for_itself() {
    let lanes = 256;
    let mut batch = task(5..=12, Reward::Exact, 0).environments(lanes, training(5));
    let mut oracle = IntervalReproductionOracle::new(lanes);
    let (mut first, mut actions) = (vec![true; lanes], vec![0; lanes]);
    let (mut episodes, mut reward) = (0, 0.0);
    for _ in 0..400 {
        oracle.act(batch.observe(), &first, &mut actions);
        let transitions = batch.step(&actions);
        for (lane, first) in first.iter_mut().enumerate() {
            *first = transitions.outcomes[lane].ends();
            episodes += u32::from(*first);
            reward += transitions.rewards[lane];
            assert_eq!(*first, transitions.outcomes[lane] == Outcome::Terminated, "lane {lane} runs out of time");
            assert!(!*first || (transitions.infos[lane].success && transitions.rewards[lane] == 1.0), "lane {lane}");
        }
    }
    // 19.5 steps an episode: 2.5 of waiting and twice 8.5.
    assert!((4900..=5300).contains(&episodes) && reward == episodes as f32, "{episodes} episodes, {reward}");
}
