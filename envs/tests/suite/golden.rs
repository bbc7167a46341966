//! Values that must never change unseen: they were computed once from the documented layout of the
//! counters, with another implementation of the generator. If one has to change, so has the
//! version in the environment's name.

use gridworld_envs::{Batch, Domain, Environment, FrameKey, Reward, Stream, StreamId};
use rand::Rng;

use crate::{task, training};

#[test]
fn words_of_a_stream() {
    let mut first = Stream::new(training(1), 0, 0);
    let words: [u32; 6] = std::array::from_fn(|_| first.next_u32());
    assert_eq!(words, [0xe3e8_0670, 0xe50a_0ebc, 0x95f2_22c0, 0xb615_aa27, 0xac08_141b, 0xdfc5_ccbe]);
    // Every field with more than its lowest byte in use.
    let id = StreamId { seed: 0x0123_4567_89ab_cdef, domain: Domain::Validation, index: 7 };
    let mut other = Stream::new(id, 0x00ab_cdef, 0x12_3456_7890);
    let words: [u32; 6] = std::array::from_fn(|_| other.next_u32());
    assert_eq!(words, [0xe6d8_382f, 0x684f_511a, 0x41cd_b233, 0xf12e_9bf2, 0x7923_4407, 0x68ff_ea93]);
}

#[test]
fn first_episodes_of_seed_1() {
    let expected = [
        [(22, 21, 9), (12, 3, 6), (22, 2, 5), (22, 14, 8)],
        [(0, 7, 6), (0, 16, 7), (4, 13, 11), (6, 22, 7)],
        [(22, 13, 6), (14, 4, 5), (22, 12, 5), (22, 9, 5)],
        [(13, 21, 12), (9, 23, 7), (13, 2, 10), (22, 3, 9)],
    ];
    let mut environment = task(5..=12, Reward::Graded).environment();
    for (lane, episodes) in (0..).zip(expected) {
        for (episode, (agent, target, instruction)) in (0..).zip(episodes) {
            let begun = environment.reset(&mut Stream::new(training(1), lane, episode));
            assert_eq!(begun.frame, FrameKey(25 * agent + target), "lane {lane}, episode {episode}");
            assert_eq!(begun.instruction, instruction as f32, "lane {lane}, episode {episode}");
        }
    }
}

#[test]
fn first_episodes_of_evaluation_under_seed_1() {
    let stream = StreamId { domain: Domain::Evaluation, ..training(1) };
    let batch = task(5..=12, Reward::Graded).environments(4, stream);
    let keys: Vec<u64> = batch.observe().frames.iter().map(|key| key.0).collect();
    assert_eq!(keys, [15 * 25 + 1, 11 * 25 + 14, 22 * 25 + 2, 11 * 25 + 19]);
    assert_eq!(batch.observe().instructions, [10.0, 11.0, 10.0, 12.0]);
}
