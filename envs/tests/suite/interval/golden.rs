//! Values that must never change unseen, computed with another implementation of the generator, and
//! how even the draws are.

use gridworld_envs::board::Action;
use gridworld_envs::{Domain, Environment, IntervalReproduction, Reward, Stream, StreamId};

use super::task;
use crate::placements::assert_even;
use crate::training;

/// Agent, target, T and wait of an episode: the last two from its flashes.
fn drawn(environment: &mut IntervalReproduction, mut stream: Stream) -> (u64, u64, u32, u32) {
    let begun = environment.reset(&mut stream).frame.0;
    let mut flashes = [0; 2];
    let mut t = 0;
    for flash in &mut flashes {
        while *flash == 0 {
            t += 1;
            // Who stands still at the beginning never arrives.
            let frame = environment.step(Action::Pass as usize).observation.frame.0;
            *flash = if frame >= 625 { t } else { 0 };
        }
    }
    (begun / 25, begun % 25, flashes[1] - flashes[0], flashes[0])
}

#[test]
fn first_episodes_of_seed_1() {
    let expected = [
        [(22, 21, 9, 3), (12, 3, 6, 1), (22, 2, 5, 2), (22, 14, 8, 2)],
        [(0, 7, 6, 2), (0, 16, 7, 1), (4, 13, 11, 1), (6, 22, 7, 4)],
        [(22, 13, 6, 1), (14, 4, 5, 1), (22, 12, 5, 1), (22, 9, 5, 2)],
        [(13, 21, 12, 1), (9, 23, 7, 3), (13, 2, 10, 2), (22, 3, 9, 2)],
    ];
    let mut environment = task(5..=12, Reward::Graded, 1).environment();
    for (lane, episodes) in (0..).zip(expected) {
        for (episode, expected) in (0..).zip(episodes) {
            let stream = Stream::new(training(1), lane, episode);
            assert_eq!(drawn(&mut environment, stream), expected, "lane {lane}, episode {episode}");
        }
    }
}

#[test]
fn first_episodes_of_evaluation_under_seed_1() {
    let id = StreamId { domain: Domain::Evaluation, ..training(1) };
    let mut environment = task(5..=12, Reward::Graded, 1).environment();
    let found: Vec<_> = (0..4).map(|lane| drawn(&mut environment, Stream::new(id, lane, 0))).collect();
    assert_eq!(found, [(15, 1, 10, 3), (11, 14, 11, 4), (22, 2, 10, 4), (11, 19, 12, 3)]);
}

#[test]
fn placements_intervals_and_waits_are_even() {
    let mut environment = task(5..=12, Reward::Graded, 1).environment();
    let (mut placements, mut times) = (vec![0; 625], vec![0; 32]);
    for episode in 0..60_000 {
        let (agent, target, interval, wait) = drawn(&mut environment, Stream::new(training(14), 2, episode));
        placements[(25 * agent + target) as usize] += 1;
        times[(4 * (interval - 5) + wait - 1) as usize] += 1;
    }
    let (same, different): (Vec<_>, Vec<_>) = placements.iter().enumerate().partition(|(key, _)| key / 25 == key % 25);
    assert!(same.len() == 25 && same.iter().all(|(_, count)| **count == 0));
    assert_even("seed 14, placements", &different.iter().map(|(_, count)| **count).collect::<Vec<_>>());
    assert_even("seed 14, T and wait", &times);
}
