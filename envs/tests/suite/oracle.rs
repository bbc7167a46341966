//! The oracle against the most reward there is, computed by backward induction.

use gridworld_envs::{EpisodeInfo, Reward, TimedArrival, TimedArrivalConfig, TimedArrivalOracle, TimedArrivalTask};

use crate::induction::most_reward;
use crate::{playing, task};

/// Gives the reward of arriving at step `t`.
fn arrival(t: usize, instruction: u32, reward: Reward) -> f64 {
    match reward {
        Reward::Graded => 1.0 - 0.1 * (t as f64 - f64::from(instruction)).abs(),
        Reward::Exact => f64::from(u8::from(t == instruction as usize)),
    }
}

/// Plays an episode with an oracle that is told `told`: its reward, length and verdict.
fn play(environment: &mut TimedArrival, start: (u8, u8, u32), told: u32) -> (f64, u32, EpisodeInfo) {
    let (agent, target, instruction) = start;
    let observation = environment.begin(agent, target, instruction);
    playing::play(environment, &mut TimedArrivalOracle::new(1), observation, |_| told as f32)
}

/// Compares every start and target under `task`; gives how many episodes were feasible.
fn check_optimal(task: &TimedArrivalTask) -> usize {
    let mut environment = task.environment();
    let instruction = task.instructions()[0];
    let mut feasible = 0;
    for target in 0..25 {
        let most = most_reward(target, task.time_limit() as usize, |t| arrival(t, instruction, task.reward()));
        for agent in (0..25).filter(|&agent| agent != target) {
            let start = (agent as u8, target as u8, instruction);
            let (reward, length, info) = play(&mut environment, start, instruction);
            assert!((reward - most[agent]).abs() < 1e-6, "{start:?}: {reward} of {}, {task:?}", most[agent]);
            assert_eq!(info.success, info.feasible, "{start:?}");
            if info.feasible {
                assert_eq!((reward, length), (1.0, instruction), "{start:?}");
            }
            feasible += usize::from(info.feasible);
        }
    }
    feasible
}

#[test]
fn gets_the_most_reward_from_every_start() {
    // Placements within T steps of each other, from the 80, 124, 136, 120, 80, 40, 16, 4 at
    // distances 1 to 8.
    let within = [80, 204, 340, 460, 540, 580, 596, 600];
    for instruction in 1..=20 {
        for reward in [Reward::Graded, Reward::Exact] {
            let feasible = check_optimal(&task([instruction], reward));
            assert_eq!(feasible, within[(instruction as usize).min(8) - 1], "T = {instruction}");
        }
    }
}

#[test]
fn gets_the_most_reward_under_the_shortest_time_limit() {
    for instruction in 1..=20 {
        let config = TimedArrivalConfig {
            instructions: vec![instruction],
            time_limit: Some(instruction),
            reward: Reward::Graded,
            ..Default::default()
        };
        assert!(check_optimal(&TimedArrivalTask::new(config).unwrap()) >= 80);
    }
}

#[test]
fn one_step_early_or_late_gets_less() {
    let mut compared = 0;
    for instruction in 1..=20 {
        for (reward, missed) in [(Reward::Graded, 0.9), (Reward::Exact, 0.0)] {
            let mut environment = task([instruction], reward).environment();
            for (agent, target) in (0..25).flat_map(|agent| (0..25).map(move |target| (agent, target))) {
                let distance = (agent / 5_u8).abs_diff(target / 5) + (agent % 5).abs_diff(target % 5);
                for told in [instruction - 1, instruction + 1] {
                    if agent == target || u32::from(distance) > told.min(instruction) {
                        continue;
                    }
                    let (got, length, info) = play(&mut environment, (agent, target, instruction), told);
                    assert_eq!(length, told);
                    assert!((got - missed).abs() < 1e-6 && !info.success, "told {told}, T = {instruction}: {got}");
                    compared += 1;
                }
            }
        }
    }
    // Σ over T of the placements within T − 1 (early) and within T (late), for both rewards.
    assert_eq!(compared, 2 * ((3400 - 600 + 12 * 600) + (3400 + 12 * 600)));
}
