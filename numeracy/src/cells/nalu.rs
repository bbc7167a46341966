//! The neural arithmetic logic unit (Trask et al. 2018, arXiv:1808.00508, §3, equations 2 to 4).

use super::nac::{self, nac_weight, nac_weight_backward};
use super::{Cell, logarithm};
use crate::engine::{
    BATCH, Random, Real, Row, add, add_input_gradient, glorot, product, vectorized, weight_gradient, zeros,
};

/// Choice between shared and separate weights for the sum and the product of a NALU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Both have the same weights, as published.
    Shared,
    /// Each has its own, as Madsen & Johansen (2020, appendix C.5) tried.
    Separate,
}

/// `y = g ⊙ a + (1 − g) ⊙ m` with `a = W x`, `m = exp(W′ log(|x| + ε))`, `g = σ(G x)` and ε = 10⁻⁷ (Trask et al. 2018).
/// `W = tanh(Ŵ) ⊙ σ(M̂)` as in a [`Nac`](super::Nac); W′ is W or has parameters of its own. The parameters are those of
/// W, those of W′ if it has any, and G `[out, in]`, which begins at Glorot's U[−r, r], r = √(6 / (in + out)).
#[derive(Clone, Debug)]
pub struct Nalu<T> {
    sharing: Sharing,
    outputs: usize,
    /// The weights W and W′.
    weights: [Vec<T>; 2],
    logarithms: Vec<Row<T>>,
    sums: Vec<Row<T>>,
    products: Vec<Row<T>>,
    gates: Vec<Row<T>>,
    /// Derivatives of the loss with respect to the sums, the exponents, the gates' preactivations, and the logarithms.
    d_sums: Vec<Row<T>>,
    d_exponents: Vec<Row<T>>,
    d_gates: Vec<Row<T>>,
    d_logarithms: Vec<Row<T>>,
    /// The gradient with respect to W′, where it is W.
    shared: Vec<T>,
}

impl<T: Real> Nalu<T> {
    /// Makes a unit of this size.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize, sharing: Sharing) -> Nalu<T> {
        let rows = || vec![zeros(); outputs];
        let weights = || vec![T::ZERO; inputs * outputs];
        Nalu {
            sharing,
            outputs,
            weights: [weights(), weights()],
            logarithms: vec![zeros(); inputs],
            sums: rows(),
            products: rows(),
            gates: rows(),
            d_sums: rows(),
            d_exponents: rows(),
            d_gates: rows(),
            d_logarithms: vec![zeros(); inputs],
            shared: weights(),
        }
    }

    fn size(&self) -> usize {
        self.logarithms.len() * self.outputs
    }

    /// Gives the parameters of W, of W′, and G.
    fn split<'a>(&self, parameters: &'a [T]) -> (&'a [T], &'a [T], &'a [T]) {
        let (hats, g) = parameters.split_at(parameters.len() - self.size());
        let (own, other) = hats.split_at(2 * self.size());
        (own, if self.sharing == Sharing::Shared { own } else { other }, g)
    }

    fn d_gate(&mut self, dy: &[Row<T>]) {
        let Nalu { sums, products, gates, d_sums, d_exponents, d_gates, .. } = self;
        vectorized(
            #[inline(always)]
            || {
                for o in 0..dy.len() {
                    for lane in 0..BATCH {
                        let (dy, g, a, m) = (dy[o][lane], gates[o][lane], sums[o][lane], products[o][lane]);
                        d_sums[o][lane] = dy * g;
                        d_exponents[o][lane] = dy * (T::ONE - g) * m;
                        d_gates[o][lane] = dy * (a - m) * g * (T::ONE - g);
                    }
                }
            },
        );
    }
}

impl<T: Real> Cell<T> for Nalu<T> {
    fn inputs(&self) -> usize {
        self.logarithms.len()
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        match self.sharing {
            Sharing::Shared => 3 * self.size(),
            Sharing::Separate => 5 * self.size(),
        }
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let (hats, g) = parameters.split_at_mut(parameters.len() - self.size());
        nac::initialize(self.logarithms.len(), self.outputs, hats, random);
        let r = glorot(self.logarithms.len(), self.outputs);
        g.fill_with(|| T::from_f64(random.uniform(-r, r)));
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (own, other, g) = self.split(parameters);
        let [w, w_prime] = &mut self.weights;
        nac_weight(own, w);
        nac_weight(other, w_prime);
        logarithm::forward(x, &mut self.logarithms);
        product(w, x, &mut self.sums);
        product(w_prime, &self.logarithms, &mut self.products);
        product(g, x, &mut self.gates);
        let (sums, products, gates) = (&self.sums, &mut self.products, &mut self.gates);
        vectorized(
            #[inline(always)]
            || {
                for o in 0..y.len() {
                    for lane in 0..BATCH {
                        let (g, m) = (gates[o][lane].sigmoid(), products[o][lane].exp());
                        (gates[o][lane], products[o][lane]) = (g, m);
                        y[o][lane] = g * sums[o][lane] + (T::ONE - g) * m;
                    }
                }
            },
        );
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
        self.d_gate(dy);
        let size = self.size();
        let (own, other, g) = self.split(parameters);
        let (hats, by_g) = gradient.split_at_mut(gradient.len() - size);
        weight_gradient(x, &self.d_gates, by_g);
        weight_gradient(x, &self.d_sums, &mut hats[..size]);
        match self.sharing {
            Sharing::Shared => {
                weight_gradient(&self.logarithms, &self.d_exponents, &mut self.shared);
                add(&mut hats[..self.shared.len()], &self.shared);
                nac_weight_backward(own, hats);
            }
            Sharing::Separate => {
                weight_gradient(&self.logarithms, &self.d_exponents, &mut hats[2 * size..3 * size]);
                nac_weight_backward(own, &mut hats[..2 * size]);
                nac_weight_backward(other, &mut hats[2 * size..]);
            }
        }
        if let Some(dx) = dx {
            add_input_gradient(&self.weights[0], &self.d_sums, dx);
            add_input_gradient(g, &self.d_gates, dx);
            self.d_logarithms.fill(zeros());
            add_input_gradient(&self.weights[1], &self.d_exponents, &mut self.d_logarithms);
            logarithm::add_backward(x, &self.d_logarithms, dx);
        }
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        let (own, other, _) = self.split(parameters);
        let mut weights = self.weights.clone();
        nac_weight(own, &mut weights[0]);
        nac_weight(other, &mut weights[1]);
        weights.concat()
    }
}
