//! Words, each with the one after it.

use crate::cells::Cell;
use crate::engine::{BATCH, Random, Real, Row, add, add_rows, sum, zeros};

/// `y = Σ_t m_t · cell([x_t, x_{t+1}])`: a cell over each word and the one after it, without a state. After the last word
/// comes an end, which is learned.
///
/// Takes what an [`Embedding`](super::Embedding) gives: for each place of the sequence m_t, 0 where there is no word, and
/// the word's vector. The parameters are the end's vector and the cell's.
///
/// So the public reproduction of Trask et al. 2018 (§4.3) by N. Karasov
/// (github.com/nkarasovd/Neural_Arithmetic_Logic_Units) reads number words with a NALU.
pub struct Pairs<T> {
    /// One instance for each place, each of which keeps what its backward pass needs.
    cells: Vec<Box<dyn Cell<T>>>,
    size: usize,
    /// Inputs and outputs of each instance.
    read: Vec<Vec<Row<T>>>,
    given: Vec<Vec<Row<T>>>,
    d_read: Vec<Row<T>>,
    d_given: Vec<Row<T>>,
    d_cell: Vec<T>,
}

impl<T: Real> Pairs<T> {
    /// Makes a reader of sequences of this length, with the cells that `cell` makes, which read two vectors.
    ///
    /// # Panics
    /// If `length` is 0, or a cell reads an odd number of features.
    pub fn new(length: usize, cell: impl Fn() -> Box<dyn Cell<T>>) -> Pairs<T> {
        let cells: Vec<_> = (0..length).map(|_| cell()).collect();
        let (inputs, outputs) = (cells[0].inputs(), cells[0].outputs());
        assert!(inputs.is_multiple_of(2), "a cell reads two vectors of one size");
        Pairs {
            size: inputs / 2,
            read: vec![vec![zeros(); inputs]; length],
            given: vec![vec![zeros(); outputs]; length],
            d_read: vec![zeros(); inputs],
            d_given: vec![zeros(); outputs],
            d_cell: vec![T::ZERO; cells[0].parameters()],
            cells,
        }
    }
}

impl<T: Real> Cell<T> for Pairs<T> {
    fn inputs(&self) -> usize {
        self.cells.len() * (1 + self.size)
    }

    fn outputs(&self) -> usize {
        self.d_given.len()
    }

    fn parameters(&self) -> usize {
        self.size + self.d_cell.len()
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let (end, own) = parameters.split_at_mut(self.size);
        end.fill_with(|| T::from_f64(random.normal(0.0, 1.0)));
        self.cells[0].initialize(own, random);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (end, own) = parameters.split_at(self.size);
        let words: Vec<&[Row<T>]> = x.chunks_exact(1 + self.size).collect();
        y.fill(zeros());
        for (t, cell) in self.cells.iter_mut().enumerate() {
            let (read, given) = (&mut self.read[t], &mut self.given[t]);
            let (word, next) = read.split_at_mut(self.size);
            word.copy_from_slice(&words[t][1..]);
            match words.get(t + 1) {
                Some(after) => next.copy_from_slice(&after[1..]),
                None => next.iter_mut().zip(end).for_each(|(next, &end)| next.fill(end)),
            }
            let mask = &words[t][0];
            for lane in (0..BATCH).filter(|&lane| mask[lane] == T::ZERO) {
                // Not the zeros of no word, whose logarithms could make a product infinite, and its derivative no number.
                read.iter_mut().for_each(|row| row[lane] = T::ONE);
            }
            cell.forward(own, read, given);
            for (y, given) in y.iter_mut().zip(given) {
                for lane in (0..BATCH).filter(|&lane| mask[lane] != T::ZERO) {
                    y[lane] += given[lane];
                }
            }
        }
    }

    fn backward(
        &mut self,
        parameters: &[T],
        x: &[Row<T>],
        _y: &[Row<T>],
        dy: &[Row<T>],
        mut dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    ) {
        let own = &parameters[self.size..];
        let (by_end, by_own) = gradient.split_at_mut(self.size);
        by_own.fill(T::ZERO);
        let place = 1 + self.size;
        for (t, cell) in self.cells.iter_mut().enumerate() {
            let mask = &x[t * place];
            for (d_given, dy) in self.d_given.iter_mut().zip(dy) {
                for lane in 0..BATCH {
                    d_given[lane] = if mask[lane] == T::ZERO { T::ZERO } else { dy[lane] };
                }
            }
            self.d_read.fill(zeros());
            let d_read = Some(&mut self.d_read[..]);
            cell.backward(own, &self.read[t], &self.given[t], &self.d_given, d_read, &mut self.d_cell);
            add(by_own, &self.d_cell);
            let (d_word, d_next) = self.d_read.split_at(self.size);
            if let Some(dx) = dx.as_deref_mut() {
                // The last word's next is the end, and has no place among the inputs.
                let places = dx[t * place..].chunks_exact_mut(place);
                for (dx, d) in places.zip([d_word, d_next]) {
                    add_rows(&mut dx[1..], d);
                }
            }
            if (t + 1) * place == x.len() {
                by_end.iter_mut().zip(d_next).for_each(|(by, row)| *by = sum(row));
            }
        }
    }

    fn add_sparsity(&self, parameters: &[T], weight: T, gradient: &mut [T]) {
        self.cells[0].add_sparsity(&parameters[self.size..], weight, &mut gradient[self.size..]);
    }

    fn constrain(&self, parameters: &mut [T]) {
        self.cells[0].constrain(&mut parameters[self.size..]);
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        self.cells[0].weights(&parameters[self.size..])
    }
}
