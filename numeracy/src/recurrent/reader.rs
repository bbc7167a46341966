//! Networks that read words one by one.

use std::ops::Range;

use super::{Accumulated, Embedding, FirstState, Lstm, Masked, Start, Unroll};
use crate::cells::{Cell, CellName};
use crate::engine::Real;

/// Size of the sequences that a network reads: up to `length` words out of `words`.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Number of words in the vocabulary.
    pub words: usize,
    /// Greatest number of words in a sequence.
    pub length: usize,
}

impl Reader {
    /// Makes the words' vectors, of this size.
    #[must_use]
    pub fn vectors<T: Real>(self, size: usize, start: Start) -> Box<dyn Cell<T>> {
        Box::new(Embedding::new(self.words, size, self.length, start))
    }

    /// Makes a step for each word, from a state of zeros; those numbers of the last state are given that are `read`.
    pub fn steps<T: Real>(self, read: Range<usize>, step: impl Fn() -> Box<dyn Cell<T>>) -> Box<dyn Cell<T>> {
        Box::new(Unroll::new(self.length, read, FirstState::Zero, || Box::new(Masked::new(step()))))
    }

    /// Makes a memory of this many units, and `cell` over them after the last word.
    pub fn last<T: Real>(
        self,
        units: usize,
        memory: impl Fn() -> Box<dyn Cell<T>>,
        cell: CellName,
    ) -> Vec<Box<dyn Cell<T>>> {
        vec![self.vectors(units, Start::Normal), self.steps(0..units, memory), cell.cell(units, 1)]
    }

    /// Makes an LSTM of this many units, and `cell` over them after each word and what the cell gave before.
    #[must_use]
    pub fn each<T: Real>(self, units: usize, cell: CellName) -> Vec<Box<dyn Cell<T>>> {
        let step = || Accumulated::new(Box::new(Lstm::new(units, units)), units, cell.cell(units + 1, 1));
        let numbers = step().numbers();
        vec![self.vectors(units, Start::Normal), self.steps(numbers, || Box::new(step()))]
    }
}
