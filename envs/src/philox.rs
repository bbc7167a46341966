//! Philox4x32-10: a random function of a counter and a key.
//!
//! Salmon, Moraes, Dror & Shaw 2011, *Parallel random numbers: as easy as 1, 2, 3*, §3.3 (SC'11,
//! doi:10.1145/2063384.2063405). It keeps no state, so any number of any stream is had at once:
//! that is what makes an environment the same whatever else runs.

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
/// Weyl increments: the golden ratio and √3 − 1, as fractions of 2³².
const KEY_INCREMENTS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// Four random words for `counter` under `key`: Philox4x32 with 10 rounds, words in the paper's
/// order. For a fixed key it is a bijection, so different counters never give the same block.
#[inline]
#[must_use]
pub fn philox4x32_10(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let (mut x, mut k) = (counter, key);
    for _ in 0..ROUNDS {
        let (high_0, low_0) = wide_product(MULTIPLIERS[0], x[0]);
        let (high_1, low_1) = wide_product(MULTIPLIERS[1], x[2]);
        x = [high_1 ^ x[1] ^ k[0], low_1, high_0 ^ x[3] ^ k[1], low_0];
        k = [k[0].wrapping_add(KEY_INCREMENTS[0]), k[1].wrapping_add(KEY_INCREMENTS[1])];
    }
    x
}

/// The upper and the lower half of a product.
#[inline]
fn wide_product(a: u32, b: u32) -> (u32, u32) {
    let product = u64::from(a) * u64::from(b);
    ((product >> 32) as u32, product as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `kat_vectors` of the authors' Random123 library, the lines `philox4x32 10`.
    #[test]
    fn gives_the_published_answers() {
        let cases = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([u32::MAX; 4], [u32::MAX; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, answer) in cases {
            assert_eq!(philox4x32_10(counter, key), answer, "counter {counter:x?}, key {key:x?}");
        }
    }
}
