//! Counter-based random streams.
//!
//! A number is a function of where it is used, and of nothing else: the seed is the key of a
//! [Philox block](philox4x32_10), and its counter spells out the domain, the index, the lane, the
//! episode and the position. No two places share a counter, so no two share a block.
//!
//! | word of the counter | upper 8 bits | lower 24 bits |
//! |---|---|---|
//! | 0 | episode, upper | block |
//! | 1 | episode, lower | ← |
//! | 2 | domain | lane |
//! | 3 | index | ← |

use std::convert::Infallible;

use rand::TryRng;

use crate::philox::philox4x32_10;

/// Bits of the numbers that lanes and blocks are counted in.
const NARROW_BITS: u32 = 24;
const EPISODE_BITS: u32 = 40;
/// Episodes that a lane can have.
pub(crate) const EPISODES: u64 = 1 << EPISODE_BITS;

/// Purpose of a stream; streams of different domains never share a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Domain {
    /// Episodes that an agent is trained on.
    Training = 0,
    /// Episodes that an agent is evaluated on.
    Evaluation = 1,
    /// Episodes of the evaluations during a training, by which its best checkpoint is chosen.
    Validation = 2,
    /// The actions that a policy draws.
    Actions = 3,
    /// Starts that are kept out of training.
    Holdout = 4,
}

/// Names the stream of a whole batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamId {
    /// Seed that the user gives.
    pub seed: u64,
    /// Purpose of the stream.
    pub domain: Domain,
    /// Number of the batch: a worker's index, for example.
    pub index: u32,
}

/// The random numbers of one episode in one lane: 2²⁶ words of 32 bits. Drawing more panics.
///
/// It is a generator of the `rand` crate, so environments may draw what they like from it. What
/// `rand` makes of the words may change with its version; where that must not happen, use
/// [`below`](Self::below).
#[derive(Clone, Debug)]
pub struct Stream {
    key: [u32; 2],
    /// The counter of the next block.
    counter: [u32; 4],
    block: [u32; 4],
    /// Words of `block` that have been given out.
    used: u8,
    /// Number of blocks that have been begun.
    blocks: u32,
}

impl Stream {
    /// The numbers of episode `episode` in lane `lane` of the batch that `id` names.
    ///
    /// # Panics
    /// From lane 2²⁴ or episode 2⁴⁰ on.
    #[inline]
    #[must_use]
    pub fn new(id: StreamId, lane: u32, episode: u64) -> Stream {
        assert!(lane < 1 << NARROW_BITS, "lane {lane}: a stream has 2^{NARROW_BITS} lanes");
        assert!(episode < EPISODES, "episode {episode}: a lane has 2^{EPISODE_BITS} episodes");
        let upper_episode = (episode >> 32) as u32;
        Stream {
            key: [id.seed as u32, (id.seed >> 32) as u32],
            counter: [
                upper_episode << NARROW_BITS,
                episode as u32,
                lane | u32::from(id.domain as u8) << NARROW_BITS,
                id.index,
            ],
            block: [0; 4],
            used: 4,
            blocks: 0,
        }
    }

    /// A number from 0 to `n` − 1, as good as uniform: each has probability 1/n to within 1/2³².
    ///
    /// The upper half of the product of a word and `n`. Rejection would make it exact, but would
    /// also make the count of words that an episode takes depend on their values.
    ///
    /// # Panics
    /// If `n` is 0.
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        assert!(n > 0, "there is no number below 0");
        ((u64::from(self.word()) * u64::from(n)) >> 32) as u32
    }

    #[inline]
    fn word(&mut self) -> u32 {
        if self.used == 4 {
            self.begin_block();
        }
        let word = self.block[usize::from(self.used)];
        self.used += 1;
        word
    }

    #[inline]
    fn begin_block(&mut self) {
        assert!(self.blocks < 1 << NARROW_BITS, "an episode's stream has 2^26 words");
        self.block = philox4x32_10(self.counter, self.key);
        self.blocks += 1;
        self.counter[0] = self.counter[0].wrapping_add(1);
        self.used = 0;
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.word())
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let lower = u64::from(self.word());
        Ok(lower | u64::from(self.word()) << 32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
