//! The neural accumulator (Trask et al. 2018, arXiv:1808.00508, §3, equations 1 and 2), and its weights.

use super::Cell;
use crate::engine::{Random, Real, Row, add_input_gradient, product, vectorized, weight_gradient};

/// Neural accumulator `y = W x` with `W = tanh(Ŵ) ⊙ σ(M̂)`: the parameters are Ŵ, then M̂, each `[out, in]`.
#[derive(Clone, Debug)]
pub struct Nac<T> {
    inputs: usize,
    outputs: usize,
    weights: Vec<T>,
}

impl<T: Real> Nac<T> {
    /// Makes an accumulator of this size.
    pub fn new(inputs: usize, outputs: usize) -> Nac<T> {
        Nac { inputs, outputs, weights: vec![T::ZERO; inputs * outputs] }
    }
}

/// Computes `W = tanh(Ŵ) ⊙ σ(M̂)` of the parameters Ŵ, M̂.
pub(super) fn nac_weight<T: Real>(parameters: &[T], weights: &mut [T]) {
    let (w_hat, m_hat) = parameters.split_at(weights.len());
    vectorized(
        #[inline(always)]
        || {
            for ((w, &w_hat), &m_hat) in weights.iter_mut().zip(w_hat).zip(m_hat) {
                *w = w_hat.tanh() * m_hat.sigmoid();
            }
        },
    );
}

/// Turns the gradient with respect to W, which is the first half of `gradient`, into that with respect to Ŵ and M̂.
pub(super) fn nac_weight_backward<T: Real>(parameters: &[T], gradient: &mut [T]) {
    let (w_hat, m_hat) = parameters.split_at(parameters.len() / 2);
    let (by_w_hat, by_m_hat) = gradient.split_at_mut(w_hat.len());
    vectorized(
        #[inline(always)]
        || {
            let hats = w_hat.iter().zip(m_hat);
            for (((&w_hat, &m_hat), by_w_hat), by_m_hat) in hats.zip(by_w_hat).zip(by_m_hat) {
                let (t, s, by_w) = (w_hat.tanh(), m_hat.sigmoid(), *by_w_hat);
                *by_w_hat = by_w * s * (T::ONE - t * t);
                *by_m_hat = by_w * t * s * (T::ONE - s);
            }
        },
    );
}

/// Draws Ŵ, M̂ ~ U[−r, r] with the r for which W has Glorot's variance 2 / (in + out), at least 5 in the denominator:
/// what Madsen & Johansen (2020, appendix B.3) give NAC and NALU, as Trask et al. say nothing. The agents' loop has a
/// rule of its own for small cells: it repeats nobody's experiment.
pub(super) fn initialize<T: Real>(inputs: usize, outputs: usize, parameters: &mut [T], random: &mut Random) {
    let range = range_of(2.0 / (inputs + outputs).max(5) as f64);
    parameters.fill_with(|| T::from_f64(random.uniform(-range, range)));
}

/// Finds the r at which the variance of `tanh(u) σ(v)`, u, v ~ U[−r, r], passes `variance`, up to r = 10.
///
/// As u is symmetric, it is `E[tanh²u] E[σ²v] = (1 − tanh(r)/r) (1 − tanh(r/2)/r)/2`, which rises with r.
fn range_of(variance: f64) -> f64 {
    let of = |r: f64| (1.0 - r.tanh() / r) * (1.0 - (r / 2.0).tanh() / r) / 2.0;
    let (mut low, mut high) = (1e-3, 10.0);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if of(middle) < variance { low = middle } else { high = middle }
    }
    low
}

impl<T: Real> Cell<T> for Nac<T> {
    fn inputs(&self) -> usize {
        self.inputs
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        2 * self.inputs * self.outputs
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        initialize(self.inputs, self.outputs, parameters, random);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        nac_weight(parameters, &mut self.weights);
        product(&self.weights, x, y);
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
        weight_gradient(x, dy, &mut gradient[..self.weights.len()]);
        nac_weight_backward(parameters, gradient);
        if let Some(dx) = dx {
            add_input_gradient(&self.weights, dy, dx);
        }
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        let mut weights = self.weights.clone();
        nac_weight(parameters, &mut weights);
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_the_published_variance() {
        // r for which Var[tanh(u) σ(v)] = 2 / (in + out), solved to six digits elsewhere.
        for (units, expected) in [(16, 1.610_43), (32, 0.983_82), (64, 0.651_24), (128, 0.446_30)] {
            let found = range_of(2.0 / f64::from(units));
            assert!((found - expected).abs() < 1e-5, "{units}: {found}");
        }
        // The variance itself, of a million draws.
        let mut random = Random::new(1, crate::engine::Purpose::Test);
        let range = range_of(0.1);
        let draws = (0..1_000_000).map(|_| {
            let (u, v) = (random.uniform(-range, range), random.uniform(-range, range));
            (u.tanh() / (1.0 + (-v).exp())).powi(2)
        });
        let variance = draws.sum::<f64>() / 1e6;
        assert!((variance - 0.1).abs() < 5e-4, "{variance}");
    }
}
