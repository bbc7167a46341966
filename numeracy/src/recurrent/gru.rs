//! A step of the gated recurrent unit (Cho et al. 2014, arXiv:1406.1078).

use crate::cells::Cell;
use crate::engine::{
    BATCH, Random, Real, Row, add_input_gradient, add_rows, glorot, product, sum, vectorized, weight_gradient, zeros,
};

/// `r, z = σ(a_r), σ(a_z)` with `a = W [x, h] + b`, `n = tanh(V [x, r ⊙ h] + d)`, `h′ = (1 − z) ⊙ n + z ⊙ h`.
///
/// Takes `[x, h]`, gives `h′`. The parameters are W `[2 hidden, in + hidden]`, V `[hidden, in + hidden]`, b `[2 hidden]`
/// and d `[hidden]`. Weights begin at Glorot's U[−r, r], r = √(6 / (in + 2 hidden)), biases at 0. The reset gate acts
/// before the product, as in the article; cuDNN's acts after it.
pub struct Gru<T> {
    inputs: usize,
    hidden: usize,
    /// The gates r and z and the candidate n, and the derivatives of the loss with respect to their preactivations.
    gates: Vec<Row<T>>,
    d_before: Vec<Row<T>>,
    /// Inputs `[x, r ⊙ h]` of the candidate, and the derivative of the loss with respect to them.
    reset: Vec<Row<T>>,
    d_reset: Vec<Row<T>>,
}

impl<T: Real> Gru<T> {
    /// Makes a memory of `hidden` units that reads `inputs` features.
    #[must_use]
    pub fn new(inputs: usize, hidden: usize) -> Gru<T> {
        let rows = |n| vec![zeros(); n];
        let read = inputs + hidden;
        Gru {
            inputs,
            hidden,
            gates: rows(3 * hidden),
            d_before: rows(3 * hidden),
            reset: rows(read),
            d_reset: rows(read),
        }
    }

    fn read(&self) -> usize {
        self.inputs + self.hidden
    }
}

impl<T: Real> Cell<T> for Gru<T> {
    fn inputs(&self) -> usize {
        self.read()
    }

    fn outputs(&self) -> usize {
        self.hidden
    }

    fn parameters(&self) -> usize {
        3 * self.hidden * (self.read() + 1)
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let (w, b) = parameters.split_at_mut(3 * self.hidden * self.read());
        let r = glorot(self.read(), self.hidden);
        w.fill_with(|| T::from_f64(random.uniform(-r, r)));
        b.fill(T::ZERO);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (n, read, inputs) = (self.hidden, self.read(), self.inputs);
        let (w, b) = parameters.split_at(3 * n * read);
        let (w, v) = w.split_at(2 * n * read);
        let h = &x[inputs..];
        product(w, x, &mut self.gates[..2 * n]);
        self.reset[..inputs].copy_from_slice(&x[..inputs]);
        for (gate, &bias) in self.gates[..2 * n].iter_mut().zip(b) {
            vectorized(
                #[inline(always)]
                || gate.iter_mut().for_each(|a| *a = (*a + bias).sigmoid()),
            );
        }
        for j in 0..n {
            let (reset, r) = (&mut self.reset[inputs + j], &self.gates[j]);
            reset.iter_mut().zip(r.iter().zip(&h[j])).for_each(|(reset, (&r, &h))| *reset = r * h);
        }
        product(v, &self.reset, &mut self.gates[2 * n..]);
        for j in 0..n {
            let (gates, bias, y, h) = (&mut self.gates, b[2 * n + j], &mut y[j], &h[j]);
            vectorized(
                #[inline(always)]
                || {
                    for lane in 0..BATCH {
                        let candidate = (gates[2 * n + j][lane] + bias).tanh();
                        gates[2 * n + j][lane] = candidate;
                        y[lane] = gates[n + j][lane].fma(h[lane] - candidate, candidate);
                    }
                },
            );
        }
    }

    fn backward(
        &mut self,
        parameters: &[T],
        x: &[Row<T>],
        _y: &[Row<T>],
        dy: &[Row<T>],
        dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    ) {
        let (n, read, inputs) = (self.hidden, self.read(), self.inputs);
        let (w, v) = parameters[..3 * n * read].split_at(2 * n * read);
        let (dw, db) = gradient.split_at_mut(3 * n * read);
        let (dw, dv) = dw.split_at_mut(2 * n * read);
        let h = &x[inputs..];
        for j in 0..n {
            let (gates, d_before, h, dy) = (&self.gates, &mut self.d_before, &h[j], &dy[j]);
            vectorized(
                #[inline(always)]
                || {
                    for lane in 0..BATCH {
                        let (z, candidate) = (gates[n + j][lane], gates[2 * n + j][lane]);
                        d_before[n + j][lane] = dy[lane] * (h[lane] - candidate) * z * (T::ONE - z);
                        d_before[2 * n + j][lane] = dy[lane] * (T::ONE - z) * (T::ONE - candidate * candidate);
                    }
                },
            );
        }
        self.d_reset.fill(zeros());
        add_input_gradient(v, &self.d_before[2 * n..], &mut self.d_reset);
        weight_gradient(&self.reset, &self.d_before[2 * n..], dv);
        for j in 0..n {
            let (r, d_reset, h) = (&self.gates[j], &self.d_reset[inputs + j], &h[j]);
            let d_before = &mut self.d_before[j];
            vectorized(
                #[inline(always)]
                || {
                    for lane in 0..BATCH {
                        d_before[lane] = d_reset[lane] * h[lane] * r[lane] * (T::ONE - r[lane]);
                    }
                },
            );
        }
        vectorized(
            #[inline(always)]
            || db.iter_mut().zip(&self.d_before).for_each(|(db, row)| *db = sum(row)),
        );
        weight_gradient(x, &self.d_before[..2 * n], dw);
        if let Some(dx) = dx {
            add_input_gradient(w, &self.d_before[..2 * n], dx);
            add_rows(&mut dx[..inputs], &self.d_reset[..inputs]);
            for j in 0..n {
                let (r, z, by, dy) = (&self.gates[j], &self.gates[n + j], &self.d_reset[inputs + j], &dy[j]);
                for lane in 0..BATCH {
                    dx[inputs + j][lane] += by[lane] * r[lane] + dy[lane] * z[lane];
                }
            }
        }
    }

    fn weights(&self, _parameters: &[T]) -> Vec<T> {
        Vec::new()
    }
}
