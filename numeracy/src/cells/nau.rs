//! The neural addition unit (Madsen & Johansen 2020, arXiv:2001.05016, §2.4).

use super::Cell;
use crate::engine::{Random, Real, Row, add_input_gradient, glorot, product, weight_gradient};

/// `y_o = Σ_i W_oi x_i` with W `[out, in]` (Madsen & Johansen 2020, equations 7 and 8), clamped to [−1, 1] after each
/// update and drawn to −1, 0 and 1 by the regularizer `mean(min(|W|, 1 − |W|))`.
#[derive(Clone, Debug)]
pub struct Nau {
    inputs: usize,
    outputs: usize,
    beginning: Init,
}

/// Initial distribution of a [`Nau`]'s weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// U[−r, r] with r = min(½, √(6 / (in + out))), as published.
    Centred,
    /// U[¼, ¾]: sums of positive numbers are positive from the first update on. So a cell that divides by them or takes
    /// their logarithm never meets 0.
    Half,
}

impl Nau {
    /// Makes a unit of this size.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize, beginning: Init) -> Nau {
        Nau { inputs, outputs, beginning }
    }
}

impl<T: Real> Cell<T> for Nau {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        self.inputs * self.outputs
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let (low, high) = match self.beginning {
            Init::Half => (0.25, 0.75),
            Init::Centred => {
                let r = glorot(self.inputs, self.outputs).min(0.5);
                (-r, r)
            }
        };
        parameters.fill_with(|| T::from_f64(random.uniform(low, high)));
    }

    fn forward(&mut self, w: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        product(w, x, y);
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
        weight_gradient(x, dy, dw);
        if let Some(dx) = dx {
            add_input_gradient(w, dy, dx);
        }
    }

    fn add_sparsity(&self, w: &[T], weight: T, dw: &mut [T]) {
        let scale = weight / T::from_f64(w.len() as f64);
        for (dw, &w) in dw.iter_mut().zip(w) {
            let size = w.abs();
            // A weight of −1, 0 or 1 is where it should be.
            if size < T::ONE {
                let outwards = if size < T::from_f64(0.5) { scale } else { -scale };
                *dw += outwards * w.sign();
            }
        }
    }

    fn constrain(&self, w: &mut [T]) {
        w.iter_mut().for_each(|w| *w = w.clamp(-T::ONE, T::ONE));
    }

    fn weights(&self, w: &[T]) -> Vec<T> {
        w.to_vec()
    }
}
