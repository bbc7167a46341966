//! The policies in batches: the ceiling and the floors of every table.

use gridworld_envs::board::always_pass;
use gridworld_envs::{Batch, Domain, Outcome, Policy, RandomPolicy, Reward, StreamId, TimedArrivalOracle};

use crate::{task, training};

#[derive(Debug, Default, PartialEq)]
struct Played {
    episodes: u32,
    successes: u32,
    feasible: u32,
    truncated: u32,
    reward: f64,
}

/// Plays T from 5 to 12 on 256 lanes for `steps` steps, and counts the episodes that end.
fn play(policy: &mut dyn Policy, steps: usize) -> Played {
    let lanes = 256;
    let mut batch = task(5..=12, Reward::Graded).environments(lanes, training(5));
    let (mut first, mut actions) = (vec![true; lanes], vec![0; lanes]);
    let mut played = Played::default();
    for _ in 0..steps {
        policy.act(batch.observe(), &first, &mut actions);
        let transitions = batch.step(&actions);
        for (lane, first) in first.iter_mut().enumerate() {
            let (outcome, info) = (transitions.outcomes[lane], transitions.infos[lane]);
            *first = outcome.ends();
            played.reward += f64::from(transitions.rewards[lane]);
            played.episodes += u32::from(outcome.ends());
            played.truncated += u32::from(outcome == Outcome::Truncated);
            played.successes += u32::from(outcome.ends() && info.success);
            played.feasible += u32::from(outcome.ends() && info.feasible);
        }
    }
    played
}

#[test]
fn the_oracle_succeeds_wherever_it_can() {
    let played = play(&mut TimedArrivalOracle::new(256), 400);
    assert!(played.episodes > 10_000 && played.feasible < played.episodes, "{played:?}");
    assert_eq!((played.successes, played.truncated), (played.feasible, 0));
    // Late by at most 3 steps, where it is late.
    let least = f64::from(played.feasible) + 0.7 * f64::from(played.episodes - played.feasible);
    assert!(played.reward > least - 1e-3 && played.reward < f64::from(played.episodes), "{played:?}");
}

#[test]
fn always_passing_never_arrives() {
    let played = play(&mut always_pass(), 400);
    // 20 steps an episode.
    assert_eq!((played.episodes, played.truncated, played.successes), (256 * 20, 256 * 20, 0));
    assert_eq!(played.reward, 0.0);
}

#[test]
fn chance_arrives_at_times_and_seldom_on_time() {
    let played = play(&mut random(1), 400);
    assert!(played.truncated > 0 && played.truncated < played.episodes, "{played:?}");
    assert!(played.successes > 0 && 10 * played.successes < played.episodes, "{played:?}");
}

fn random(seed: u64) -> RandomPolicy {
    RandomPolicy::new(5, StreamId { seed, domain: Domain::Actions, index: 0 })
}

/// `rows` rows of actions for `lanes` lanes.
fn drawn(mut policy: RandomPolicy, lanes: usize, rows: usize) -> Vec<Vec<u8>> {
    let batch = task([5], Reward::Graded).environments(lanes, training(1));
    let mut row = || {
        let mut actions = vec![0; lanes];
        policy.act(batch.observe(), &vec![false; lanes], &mut actions);
        actions
    };
    (0..rows).map(|_| row()).collect()
}

#[test]
fn random_actions_are_even_and_repeatable() {
    let rows = drawn(random(1), 100, 500);
    let mut counts = [0_u32; 5];
    rows.iter().flatten().for_each(|&action| counts[usize::from(action)] += 1);
    // 10,000 each expected, with a standard deviation of 89.
    assert!(counts.iter().all(|count| count.abs_diff(10_000) < 360), "{counts:?}");
    assert_eq!(rows, drawn(random(1), 100, 500));
    assert_ne!(rows, drawn(random(2), 100, 500));
    // A lane's actions do not depend on how many lanes there are.
    let few = drawn(random(1), 3, 500);
    assert!(rows.iter().zip(&few).all(|(row, few)| row[..3] == few[..]));
}
