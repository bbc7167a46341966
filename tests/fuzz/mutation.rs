//! Changes of inputs that are nearly what a reader expects.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// Numbers at which arithmetic goes wrong.
const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "255",
    "256",
    "10000",
    "10001",
    "65536",
    "2147483648",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1152921504606846976",
    "99999999999999999999999999",
    "1e308",
    "1e400",
    "-1e400",
    "1e-400",
    "0.5",
    "null",
    "true",
    "\"a\"",
    "[]",
    "{}",
];

/// Pieces that mean something to one reader or another.
const PIECES: &[&str] =
    &["..", "..=", ",", "-", " ", "\n", "\0", "\"", "{", "}", "[", "]", ":", "\\", "é", "\u{202e}", "e9", "5..12", "1"];

/// A source of changes; the same number gives the same changes.
pub struct Mutator(ChaCha8Rng);

impl Mutator {
    /// Makes the changes of this number.
    pub fn new(number: u64) -> Mutator {
        Mutator(ChaCha8Rng::seed_from_u64(number))
    }

    /// Draws a number below `n`, which is at least 1.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n)
    }

    /// Draws any 64-bit number.
    pub fn word(&mut self) -> u64 {
        self.0.random()
    }

    /// Chooses one of `all`.
    pub fn one<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// Chooses one of `corpus`, changes it a few times, and keeps it no longer than `most`.
    pub fn changed(&mut self, corpus: &[&[u8]], most: usize) -> Vec<u8> {
        let mut bytes = self.one(corpus).to_vec();
        for _ in 0..1 + self.below(4) {
            self.change(&mut bytes, corpus);
            bytes.truncate(most);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, corpus: &[&[u8]]) {
        let (from, to) = self.range(bytes.len());
        match self.below(12) {
            0 if !bytes.is_empty() => {
                let at = self.below(bytes.len());
                bytes[at] ^= 1 << self.below(8);
            }
            1 if !bytes.is_empty() => {
                let at = self.below(bytes.len());
                bytes[at] = self.word() as u8;
            }
            2 => bytes.truncate(from),
            3 => drop(bytes.drain(from..to)),
            4 => {
                let copy = bytes[from..to].to_vec();
                bytes.splice(to..to, copy);
            }
            5 => {
                let other = self.one(corpus);
                let (start, end) = self.range(other.len());
                bytes.splice(from..to, other[start..end].iter().copied());
            }
            6 => {
                let piece = self.one(PIECES);
                bytes.splice(from..from, piece.bytes());
            }
            _ => self.renumber(bytes),
        }
    }

    /// A part of `length` things; short ones are likelier.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let from = self.below(length + 1);
        let most = if self.below(2) == 0 { 8 } else { length };
        (from, (from + self.below(most + 1)).min(length))
    }

    /// Puts another number in the place of one that is written in digits.
    fn renumber(&mut self, bytes: &mut Vec<u8>) {
        let digit = |byte: &u8| byte.is_ascii_digit() || b".-+eE".contains(byte);
        let from = self.below(bytes.len() + 1);
        let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit).map(|place| from + place) else { return };
        let end = bytes[start..].iter().position(|byte| !digit(byte)).map_or(bytes.len(), |place| start + place);
        let number = self.one(NUMBERS);
        bytes.splice(start..end, number.bytes());
    }
}
