//! Streams: their layout, their limits, and the generator that they are.

use std::collections::HashSet;

use gridworld_envs::{Domain, Stream, StreamId, philox4x32_10};
use rand::{Rng, RngExt};

use crate::training;

fn words<const N: usize>(mut stream: Stream) -> [u32; N] {
    std::array::from_fn(|_| stream.next_u32())
}

#[test]
fn words_are_the_blocks_of_the_documented_counters() {
    let id = StreamId { seed: 0x0123_4567_89ab_cdef, domain: Domain::Actions, index: 9 };
    let words: [u32; 12] = words(Stream::new(id, 5, (3 << 32) | 77));
    for (block, words) in (0..).zip(words.chunks_exact(4)) {
        let counter = [(3 << 24) | block, 77, (3 << 24) | 5, 9];
        assert_eq!(words, philox4x32_10(counter, [0x89ab_cdef, 0x0123_4567]), "block {block}");
    }
}

#[test]
fn no_two_places_share_a_block() {
    let mut blocks = HashSet::new();
    let mut count = 0;
    let far = [0, 1, 2, (1 << 24) - 1];
    for domain in [Domain::Training, Domain::Evaluation, Domain::Validation, Domain::Actions] {
        for index in [0, 1, 2, 1 << 24, u32::MAX] {
            for lane in far {
                for episode in [0, 1, 2, 1 << 24, 1 << 32, (1 << 40) - 1] {
                    let words: [u32; 8] = words(Stream::new(StreamId { seed: 4, domain, index }, lane, episode));
                    blocks.extend([words[..4].to_vec(), words[4..].to_vec()]);
                    count += 2;
                }
            }
        }
    }
    assert_eq!((blocks.len(), count), (960, 960));
}

#[test]
fn below_stays_below_and_reaches_all() {
    let mut stream = Stream::new(training(2), 0, 0);
    for n in [1, 2, 3, 24, 25] {
        let drawn: HashSet<u32> = (0..1000).map(|_| stream.below(n)).collect();
        assert_eq!(drawn, (0..n).collect(), "below {n}");
    }
    assert!((0..1000).map(|_| stream.below(u32::MAX)).any(|drawn| drawn > u32::MAX / 2));
}

#[test]
#[should_panic(expected = "no number below 0")]
fn below_zero_panics() {
    Stream::new(training(2), 0, 0).below(0);
}

#[test]
#[should_panic(expected = "lane 16777216")]
fn a_lane_beyond_the_counter_panics() {
    let _ = Stream::new(training(2), 1 << 24, 0);
}

#[test]
#[should_panic(expected = "episode 1099511627776")]
fn an_episode_beyond_the_counter_panics() {
    let _ = Stream::new(training(2), 0, 1 << 40);
}

#[test]
fn is_a_generator_of_the_rand_crate() {
    let new = || Stream::new(training(3), 1, 2);
    let [a, b, ..]: [u32; 4] = words(new());
    assert_eq!(new().next_u64(), u64::from(b) << 32 | u64::from(a));
    let mut bytes = [0; 7];
    new().fill_bytes(&mut bytes);
    assert_eq!(bytes[..4], a.to_le_bytes());
    assert_eq!(bytes[4..], b.to_le_bytes()[..3]);
    assert!((0.0..1.0).contains(&new().random::<f64>()));
}
