//! The neural multiplication unit (Madsen & Johansen 2020, arXiv:2001.05016, equation 9).

use super::Cell;
use crate::engine::{BATCH, Random, Real, Row, dot, vectorized, zeros};

/// Multiplication unit `y_o = Π_i (W_oi x_i + 1 − W_oi)` with W `[out, in]` (Madsen & Johansen 2020, equation 9): a
/// weight of 1 takes a factor, one of 0 leaves it out. Weights are clamped to [0, 1] after each update and drawn to 0
/// and 1 by the regularizer `mean(min(W, 1 − W))`.
#[derive(Clone, Debug)]
pub struct Nmu<T> {
    inputs: usize,
    outputs: usize,
    choice: Choice,
    /// Product of the factors before each, for one output.
    before: Vec<Row<T>>,
}

/// Choice of the factors that an [`Nmu`] begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// No factor is chosen: weights from U[¼, ¾], as published.
    Open,
    /// Nearly all factors are chosen: weights from U[¾, 1]. A factor `W (x − 1) + 1` of a negative x is 0 at W = 1 / (1
    /// − x), and a weight below that does not get past it; this begins beyond it for x below −1/3.
    All,
}

impl<T: Real> Nmu<T> {
    /// Makes a unit of this size.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize, choice: Choice) -> Nmu<T> {
        Nmu { inputs, outputs, choice, before: vec![zeros(); inputs] }
    }
}

/// Draws the initial weights.
pub(super) fn initialize<T: Real>(choice: Choice, w: &mut [T], random: &mut Random) {
    let (low, high) = match choice {
        Choice::Open => (0.25, 0.75),
        Choice::All => (0.75, 1.0),
    };
    w.fill_with(|| T::from_f64(random.uniform(low, high)));
}

/// Computes `y_o = Π_i (W_oi (x_i − 1) + 1)`.
pub(super) fn multiply<T: Real>(w: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
    vectorized(
        #[inline(always)]
        || {
            for (y, w) in y.iter_mut().zip(w.chunks_exact(x.len())) {
                y.fill(T::ONE);
                for (x, &w) in x.iter().zip(w) {
                    for lane in 0..BATCH {
                        y[lane] = y[lane] * w.fma(x[lane] - T::ONE, T::ONE);
                    }
                }
            }
        },
    );
}

/// Computes the derivatives of [`multiply`], from the products before and after each factor, so that a factor of 0 does
/// no harm.
pub(super) fn multiply_back<T: Real>(
    w: &[T],
    x: &[Row<T>],
    dy: &[Row<T>],
    mut dx: Option<&mut [Row<T>]>,
    dw: &mut [T],
    before: &mut [Row<T>],
) {
    let inputs = x.len();
    vectorized(
        #[inline(always)]
        || {
            for ((dy, w), dw) in dy.iter().zip(w.chunks_exact(inputs)).zip(dw.chunks_exact_mut(inputs)) {
                let mut product = [T::ONE; BATCH];
                for i in 0..inputs {
                    before[i] = product;
                    for lane in 0..BATCH {
                        product[lane] = product[lane] * w[i].fma(x[i][lane] - T::ONE, T::ONE);
                    }
                }
                // The loss's derivative by each factor, from the last to the first.
                let mut after = *dy;
                for i in (0..inputs).rev() {
                    let mut by_factor = zeros();
                    let mut less_one = zeros();
                    for lane in 0..BATCH {
                        by_factor[lane] = before[i][lane] * after[lane];
                        less_one[lane] = x[i][lane] - T::ONE;
                        after[lane] = after[lane] * w[i].fma(less_one[lane], T::ONE);
                    }
                    dw[i] = dot(&by_factor, &less_one);
                    if let Some(dx) = dx.as_deref_mut() {
                        for lane in 0..BATCH {
                            dx[i][lane] = w[i].fma(by_factor[lane], dx[i][lane]);
                        }
                    }
                }
            }
        },
    );
}

/// Adds the gradient of `weight · mean(min(W, 1 − W))`.
pub(super) fn add_sparsity<T: Real>(w: &[T], weight: T, dw: &mut [T]) {
    let scale = weight / T::from_f64(w.len() as f64);
    for (dw, &w) in dw.iter_mut().zip(w) {
        // A weight of 0 or 1 is where it should be.
        if w > T::ZERO && w < T::ONE {
            *dw += if w < T::from_f64(0.5) { scale } else { -scale };
        }
    }
}

impl<T: Real> Cell<T> for Nmu<T> {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        self.inputs * self.outputs
    }

    fn initialize(&self, w: &mut [T], random: &mut Random) {
        initialize(self.choice, w, random);
    }

    fn forward(&mut self, w: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        multiply(w, x, y);
    }

    fn backward(
        &mut self,
        w: &[T],
        x: &[Row<T>],
        _y: &[Row<T>],
        dy: &[Row<T>],
        dx: Option<&mut [Row<T>]>,
        dw: &mut [T],
    ) {
        multiply_back(w, x, dy, dx, dw, &mut self.before);
    }

    fn add_sparsity(&self, w: &[T], weight: T, dw: &mut [T]) {
        add_sparsity(w, weight, dw);
    }

    fn constrain(&self, w: &mut [T]) {
        w.iter_mut().for_each(|w| *w = w.clamp(T::ZERO, T::ONE));
    }

    fn weights(&self, w: &[T]) -> Vec<T> {
        w.to_vec()
    }
}
