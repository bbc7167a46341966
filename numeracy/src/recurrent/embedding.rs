//! Embedding of words as vectors.

use crate::cells::Cell;
use crate::engine::{BATCH, Random, Real, Row};

/// Learned vector for each word of a sequence, given as a number from 1 to `words`; 0 is no word.
///
/// Takes `length` numbers; gives for each 1, or 0 where there is no word, and then `size` numbers: what a
/// [`Masked`](super::Masked) step reads. The parameters are the vectors, `[words, size]`.
pub struct Embedding {
    words: usize,
    size: usize,
    length: usize,
    start: Start,
}

/// Initial values of the vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Draws from N(0, 1).
    Normal,
    /// All vectors are zero.
    Zero,
}

impl Embedding {
    /// Makes vectors of this size, for sequences of this length.
    #[must_use]
    pub fn new(words: usize, size: usize, length: usize, start: Start) -> Embedding {
        Embedding { words, size, length, start }
    }
}

impl<T: Real> Cell<T> for Embedding {
    fn inputs(&self) -> usize {
        self.length
    }

    fn outputs(&self) -> usize {
        self.length * (1 + self.size)
    }

    fn parameters(&self) -> usize {
        self.words * self.size
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        match self.start {
            Start::Normal => parameters.fill_with(|| T::from_f64(random.normal(0.0, 1.0))),
            Start::Zero => parameters.fill(T::ZERO),
        }
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        for (x, y) in x.iter().zip(y.chunks_exact_mut(1 + self.size)) {
            for lane in 0..BATCH {
                let word = x[lane].to_f64() as usize;
                y[0][lane] = if word == 0 { T::ZERO } else { T::ONE };
                for (j, y) in y[1..].iter_mut().enumerate() {
                    y[lane] = if word == 0 { T::ZERO } else { parameters[(word - 1) * self.size + j] };
                }
            }
        }
    }

    fn backward(
        &mut self,
        _parameters: &[T],
        x: &[Row<T>],
        _y: &[Row<T>],
        dy: &[Row<T>],
        _dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    ) {
        gradient.fill(T::ZERO);
        for (x, dy) in x.iter().zip(dy.chunks_exact(1 + self.size)) {
            for lane in 0..BATCH {
                let word = x[lane].to_f64() as usize;
                if word > 0 {
                    for (j, dy) in dy[1..].iter().enumerate() {
                        gradient[(word - 1) * self.size + j] += dy[lane];
                    }
                }
            }
        }
    }

    fn weights(&self, _parameters: &[T]) -> Vec<T> {
        Vec::new()
    }
}
