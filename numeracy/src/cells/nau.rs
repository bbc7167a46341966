//! The neural addition unit (Madsen & Johansen 2020, arXiv:2001.05016, §2.4).

use super::Cell;
use crate::engine::{Random, Real, Row, add_input_gradient, product, weight_gradient};

/// `y_o = Σ_i W_oi x_i` with W in [−1, 1]ᵒˣⁱ (equations 7 and 8), kept there after each update and drawn to −1, 0 and 1
/// by `mean(min(|W|, 1 − |W|))`. It begins at U[−r, r] with r = min(½, √(6 / (in + out))).
#[derive(Clone, Debug)]
pub struct Nau {
    inputs: usize,
    outputs: usize,
}

impl Nau {
    /// A unit of this size.
    pub fn new(inputs: usize, outputs: usize) -> Nau {
        Nau { inputs, outputs }
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
        let r = (6.0 / (self.inputs + self.outputs) as f64).sqrt().min(0.5);
        parameters.fill_with(|| T::of(random.uniform(-r, r)));
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
        let scale = weight / T::of(w.len() as f64);
        for (dw, &w) in dw.iter_mut().zip(w) {
            let size = w.abs();
            // A weight of −1, 0 or 1 is where it should be.
            if size < T::ONE {
                let outwards = if size < T::of(0.5) { scale } else { -scale };
                *dw += outwards * w.sign();
            }
        }
    }

    fn constrain(&self, w: &mut [T]) {
        w.iter_mut().for_each(|w| *w = w.within(-T::ONE, T::ONE));
    }

    fn weights(&self, w: &[T]) -> Vec<T> {
        w.to_vec()
    }
}
