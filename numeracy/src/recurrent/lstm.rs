//! A step of long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).

use crate::cells::Cell;
use crate::engine::{
    BATCH, Random, Real, Row, add_input_gradient, glorot, product, sum, vectorized, weight_gradient, zeros,
};

/// `i, f, g, o = σ(a_i), σ(a_f), tanh(a_g), σ(a_o)` with `a = W [x, h] + b`, `c′ = f ⊙ c + i ⊙ g`, `h′ = o ⊙ tanh c′`.
///
/// Takes `[x, h, c]`, gives `[h′, c′]`. The parameters are W `[4 hidden, in + hidden]`, gates in the order i, f, g, o, and
/// b `[4 hidden]`. Weights begin at Glorot's U[−r, r], r = √(6 / (in + 2 hidden)), biases at 0, the forget gates' at 1
/// (Jozefowicz et al. 2015).
pub struct Lstm<T> {
    inputs: usize,
    hidden: usize,
    /// The gates i, f, g, o, and the derivatives of the loss with respect to their preactivations.
    gates: Vec<Row<T>>,
    d_before: Vec<Row<T>>,
    /// The squashed memory, tanh c′.
    squashed: Vec<Row<T>>,
}

impl<T: Real> Lstm<T> {
    /// Makes a memory of `hidden` units that reads `inputs` features.
    #[must_use]
    pub fn new(inputs: usize, hidden: usize) -> Lstm<T> {
        let rows = |n| vec![zeros(); n];
        Lstm { inputs, hidden, gates: rows(4 * hidden), d_before: rows(4 * hidden), squashed: rows(hidden) }
    }

    /// Gives the number of inputs of the gates: x and h.
    fn read(&self) -> usize {
        self.inputs + self.hidden
    }
}

impl<T: Real> Cell<T> for Lstm<T> {
    fn inputs(&self) -> usize {
        self.inputs + 2 * self.hidden
    }

    fn outputs(&self) -> usize {
        2 * self.hidden
    }

    fn parameters(&self) -> usize {
        4 * self.hidden * (self.read() + 1)
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let (w, b) = parameters.split_at_mut(4 * self.hidden * self.read());
        let r = glorot(self.read(), self.hidden);
        w.fill_with(|| T::from_f64(random.uniform(-r, r)));
        b.fill(T::ZERO);
        b[self.hidden..2 * self.hidden].fill(T::ONE);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (n, read) = (self.hidden, self.read());
        let (w, b) = parameters.split_at(4 * n * read);
        product(w, &x[..read], &mut self.gates);
        let (c, (h_next, c_next)) = (&x[read..], y.split_at_mut(n));
        for j in 0..n {
            let (biases, gates, squashed) =
                ([0, 1, 2, 3].map(|k| b[k * n + j]), &mut self.gates, &mut self.squashed[j]);
            let (h_next, c_next, c) = (&mut h_next[j], &mut c_next[j], &c[j]);
            vectorized(
                #[inline(always)]
                || {
                    for lane in 0..BATCH {
                        let i = (gates[j][lane] + biases[0]).sigmoid();
                        let f = (gates[n + j][lane] + biases[1]).sigmoid();
                        let g = (gates[2 * n + j][lane] + biases[2]).tanh();
                        let o = (gates[3 * n + j][lane] + biases[3]).sigmoid();
                        (gates[j][lane], gates[n + j][lane], gates[2 * n + j][lane], gates[3 * n + j][lane]) =
                            (i, f, g, o);
                        c_next[lane] = f.fma(c[lane], i * g);
                        squashed[lane] = c_next[lane].tanh();
                        h_next[lane] = o * squashed[lane];
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
        let (n, read) = (self.hidden, self.read());
        let (w, _) = parameters.split_at(4 * n * read);
        let (dw, db) = gradient.split_at_mut(4 * n * read);
        let (c, (dh, dc)) = (&x[read..], dy.split_at(n));
        let mut dx = dx;
        for j in 0..n {
            let (gates, d_before, squashed) = (&self.gates, &mut self.d_before, &self.squashed[j]);
            let mut to_c = zeros();
            vectorized(
                #[inline(always)]
                || {
                    for lane in 0..BATCH {
                        let (i, f) = (gates[j][lane], gates[n + j][lane]);
                        let (g, o) = (gates[2 * n + j][lane], gates[3 * n + j][lane]);
                        let dc = dh[j][lane] * o * (T::ONE - squashed[lane] * squashed[lane]) + dc[j][lane];
                        d_before[j][lane] = dc * g * i * (T::ONE - i);
                        d_before[n + j][lane] = dc * c[j][lane] * f * (T::ONE - f);
                        d_before[2 * n + j][lane] = dc * i * (T::ONE - g * g);
                        d_before[3 * n + j][lane] = dh[j][lane] * squashed[lane] * o * (T::ONE - o);
                        to_c[lane] = dc * f;
                    }
                },
            );
            if let Some(dx) = dx.as_deref_mut() {
                dx[read + j].iter_mut().zip(to_c).for_each(|(dx, by)| *dx += by);
            }
        }
        vectorized(
            #[inline(always)]
            || db.iter_mut().zip(&self.d_before).for_each(|(db, row)| *db = sum(row)),
        );
        weight_gradient(&x[..read], &self.d_before, dw);
        if let Some(dx) = dx {
            add_input_gradient(w, &self.d_before, &mut dx[..read]);
        }
    }

    fn weights(&self, _parameters: &[T]) -> Vec<T> {
        Vec::new()
    }
}
