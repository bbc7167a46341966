//! Random numbers from many generators side by side.

use gridworld_envs::philox4x32_10;

use super::batch::{BATCH, Row};
use super::{Real, vectorized};

const LANES: usize = 64;

/// Purpose of a stream of random numbers; streams of different purposes of one seed are independent of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// Examples to learn from.
    Training = 1,
    /// Examples from the training range, to choose by.
    Validation = 2,
    /// Examples from beyond the training range, to be judged by.
    Test = 3,
    /// Initial parameters.
    Initial = 4,
    /// Choice of the problem that is to be solved.
    Problem = 5,
    /// Samples that a threshold is estimated from.
    Threshold = 6,
}

/// Xoshiro128+ generators (Blackman & Vigna 2021) side by side.
///
/// Each starts at a Philox block of its own, a function of seed, purpose and lane: seeds can be worked on in any order
/// and by any number of threads. Only upper bits are used, the lowest of this generator are weak.
#[derive(Clone, Debug)]
pub struct Random {
    state: [[u32; LANES]; 4],
    spare: [u32; LANES],
    used: usize,
}

impl Random {
    /// Makes the stream of `seed` for `purpose`.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose) -> Random {
        let mut state = [[0; LANES]; 4];
        for lane in 0..LANES {
            let words =
                philox4x32_10([lane as u32, purpose as u32, 0, 0x6E75_6D65], [seed as u32, (seed >> 32) as u32]);
            for (state, word) in state.iter_mut().zip(words) {
                state[lane] = word;
            }
        }
        Random { state, spare: [0; LANES], used: LANES }
    }

    #[inline(always)]
    fn next(&mut self) -> [u32; LANES] {
        let [a, b, c, d] = &mut self.state;
        let mut out = [0; LANES];
        for lane in 0..LANES {
            out[lane] = a[lane].wrapping_add(d[lane]);
            let shifted = b[lane] << 9;
            c[lane] ^= a[lane];
            d[lane] ^= b[lane];
            b[lane] ^= c[lane];
            a[lane] ^= d[lane];
            c[lane] ^= shifted;
            d[lane] = d[lane].rotate_left(11);
        }
        out
    }

    /// Fills rows with numbers from `low` to `high`, uniformly.
    pub fn fill<T: Real>(&mut self, rows: &mut [Row<T>], low: f64, high: f64) {
        let (offset, scale) = (T::from_f64(low), T::from_f64((high - low) / f64::from(1 << 24)));
        vectorized(
            #[inline(always)]
            || {
                let mut random = self.clone();
                for row in rows.iter_mut() {
                    for chunk in row.chunks_exact_mut(LANES) {
                        let words = random.next();
                        for lane in 0..LANES {
                            chunk[lane] = T::from_u32(words[lane] >> 8).fma(scale, offset);
                        }
                    }
                }
                *self = random;
            },
        );
    }

    /// Gives every number of the rows a random sign.
    pub fn sign<T: Real>(&mut self, rows: &mut [Row<T>]) {
        for chunk in rows.iter_mut().flat_map(|row| row.chunks_exact_mut(LANES)) {
            let words = self.next();
            for (value, word) in chunk.iter_mut().zip(words) {
                *value = if word >> 31 == 1 { -*value } else { *value };
            }
        }
    }

    /// Draws one number from `low` to `high`, uniformly.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * f64::from(self.word() >> 8) / f64::from(1 << 24)
    }

    /// Draws one whole number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u64::from(self.word()) * bound as u64) >> 32) as usize
    }

    /// Brings a list into random order (Fisher & Yates).
    pub fn shuffle<E>(&mut self, list: &mut [E]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }

    /// Draws one number of the normal distribution (Box & Muller 1958).
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform(0.0, 1.0)).ln()).sqrt();
        mean + deviation * radius * (std::f64::consts::TAU * self.uniform(0.0, 1.0)).cos()
    }

    fn word(&mut self) -> u32 {
        if self.used == LANES {
            self.spare = self.next();
            self.used = 0;
        }
        self.used += 1;
        self.spare[self.used - 1]
    }
}

/// Gives r of the range [−r, r] from which weights are drawn so that signals keep their variance on the way through a
/// layer and back: `√(6 / (in + out))` (Glorot & Bengio 2010).
#[must_use]
pub fn glorot(inputs: usize, outputs: usize) -> f64 {
    (6.0 / (inputs + outputs) as f64).sqrt()
}

const _: () = assert!(BATCH.is_multiple_of(LANES));
