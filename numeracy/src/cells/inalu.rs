//! The improved neural arithmetic logic unit (Schlör, Ring & Hotho 2020, arXiv:2003.07629), in the variant with
//! independent weights.

use super::nac::{nac_weight, nac_weight_backward};
use super::{Cell, logarithm, nmu};
use crate::engine::{BATCH, Random, Real, Row, add_input_gradient, product, sum, vectorized, weight_gradient, zeros};

/// Greatest exponent of a product, ω.
const GREATEST_EXPONENT: f64 = 20.0;
/// Distance from 0 to which the regularizer drives parameters, t.
const FAR: f64 = 20.0;
/// Means of the initial Ŵ, M̂ and ĝ, and their deviation: what the paper's search over initial values recommends.
const BEGINNING: [f64; 3] = [1.0, -1.0, 0.0];
const DEVIATION: f64 = 0.1;

/// `y = g ⊙ a + (1 − g) ⊙ s ⊙ m`, the improved NALU with independent weights (Schlör, Ring & Hotho 2020,
/// arXiv:2003.07629): a [NALU](super::Nalu) with
///
/// - weights of their own for the sum, `a = W x`, and the product, both of a NAC's form, tanh(Ŵ) ⊙ σ(M̂);
/// - a product with a greatest size, `m = exp(min(W′ log(|x| + ε), ω))`, ε = 10⁻⁷ and ω = 20;
/// - its sign, `s_o = Π_i (sign(x_i) |W′_oi| + 1 − |W′_oi|)`: that of every factor which is not left out;
/// - a gate that does not see the input, `g = σ(ĝ)`, one for each output.
///
/// The parameters are Ŵ, M̂, Ŵ′, M̂′ `[out, in]` and ĝ `[out]`, from normal distributions around 1, −1 and 0. The
/// regularizer, `Σ_p mean(max(t − |p|, 0))` over the five of them, t = 20, drives each away from 0, to where weights and
/// gates are whole; its weight is that of the paper's public program.
///
/// Two of the paper's improvements concern the training and are not implemented. Each number of a gradient was clipped
/// at 0.1. And a network that had stopped improving at an error above 1 was initialized again, from U[−2, 2]: that
/// would need the losses of all updates, and a bound on the error for each problem. Here such a seed counts as not
/// solved. The logarithm is of |x| + ε as in the other cells, where the program has max(|x|, ε).
#[derive(Clone, Debug)]
pub struct INalu<T> {
    outputs: usize,
    /// The weights W, W′ and the sizes |W′|.
    weights: [Vec<T>; 2],
    sizes: Vec<T>,
    logarithms: Vec<Row<T>>,
    input_signs: Vec<Row<T>>,
    /// The sums a, the exponents, the products m and the signs s.
    sums: Vec<Row<T>>,
    exponents: Vec<Row<T>>,
    products: Vec<Row<T>>,
    signs: Vec<Row<T>>,
    /// Derivatives of the loss with respect to a, the exponents, s, and the logarithms.
    d_sums: Vec<Row<T>>,
    d_exponents: Vec<Row<T>>,
    d_signs: Vec<Row<T>>,
    d_logarithms: Vec<Row<T>>,
    /// The gradient with respect to |W′|, and for one output the product of the signs before each.
    by_size: Vec<T>,
    before: Vec<Row<T>>,
}

impl<T: Real> INalu<T> {
    /// Makes a unit of this size.
    #[must_use]
    pub fn new(inputs: usize, outputs: usize) -> INalu<T> {
        let (ins, outs) = (|| vec![zeros(); inputs], || vec![zeros(); outputs]);
        let weights = || vec![T::ZERO; inputs * outputs];
        INalu {
            outputs,
            weights: [weights(), weights()],
            sizes: weights(),
            logarithms: ins(),
            input_signs: ins(),
            sums: outs(),
            exponents: outs(),
            products: outs(),
            signs: outs(),
            d_sums: outs(),
            d_exponents: outs(),
            d_signs: outs(),
            d_logarithms: ins(),
            by_size: weights(),
            before: ins(),
        }
    }

    fn size(&self) -> usize {
        self.logarithms.len() * self.outputs
    }

    /// Gives the parameters of W, of W′, and ĝ.
    fn split<'a>(&self, parameters: &'a [T]) -> (&'a [T], &'a [T], &'a [T]) {
        let (hats, g) = parameters.split_at(4 * self.size());
        let (own, other) = hats.split_at(2 * self.size());
        (own, other, g)
    }

    /// Computes the derivatives with respect to both paths and to the gates.
    fn d_paths(&mut self, g: &[T], dy: &[Row<T>], by_g: &mut [T]) {
        let INalu { sums, exponents, products, signs, d_sums, d_exponents, d_signs, .. } = self;
        vectorized(
            #[inline(always)]
            || {
                for o in 0..dy.len() {
                    let gate = g[o].sigmoid();
                    let mut by_gate = zeros();
                    for lane in 0..BATCH {
                        let (dy, m, s) = (dy[o][lane], products[o][lane], signs[o][lane]);
                        let d_product = dy * (T::ONE - gate) * m;
                        // An exponent that was cut off has no derivative.
                        let free = exponents[o][lane] < T::from_f64(GREATEST_EXPONENT);
                        d_sums[o][lane] = dy * gate;
                        d_exponents[o][lane] = if free { d_product * s } else { T::ZERO };
                        d_signs[o][lane] = d_product;
                        by_gate[lane] = dy * (sums[o][lane] - m * s);
                    }
                    by_g[o] = sum(&by_gate) * gate * (T::ONE - gate);
                }
            },
        );
    }
}

impl<T: Real> Cell<T> for INalu<T> {
    fn inputs(&self) -> usize {
        self.logarithms.len()
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        4 * self.size() + self.outputs
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let [w_hat, m_hat, g] = BEGINNING;
        let (hats, gates) = parameters.split_at_mut(4 * self.size());
        for (matrix, mean) in hats.chunks_exact_mut(self.size()).zip([w_hat, m_hat, w_hat, m_hat]) {
            matrix.fill_with(|| T::from_f64(random.normal(mean, DEVIATION)));
        }
        gates.fill_with(|| T::from_f64(random.normal(g, DEVIATION)));
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (own, other, g) = self.split(parameters);
        let [w, w_prime] = &mut self.weights;
        nac_weight(own, w);
        nac_weight(other, w_prime);
        self.sizes.iter_mut().zip(&*w_prime).for_each(|(size, w)| *size = w.abs());
        logarithm::forward(x, &mut self.logarithms);
        self.input_signs.as_flattened_mut().iter_mut().zip(x.as_flattened()).for_each(|(s, x)| *s = x.sign());
        product(w, x, &mut self.sums);
        product(w_prime, &self.logarithms, &mut self.exponents);
        nmu::multiply(&self.sizes, &self.input_signs, &mut self.signs);
        let (sums, exponents, products, signs) = (&self.sums, &self.exponents, &mut self.products, &self.signs);
        vectorized(
            #[inline(always)]
            || {
                for o in 0..y.len() {
                    let gate = g[o].sigmoid();
                    for lane in 0..BATCH {
                        let m = exponents[o][lane].min(T::from_f64(GREATEST_EXPONENT)).exp();
                        products[o][lane] = m;
                        y[o][lane] = gate * sums[o][lane] + (T::ONE - gate) * signs[o][lane] * m;
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
        let size = self.size();
        let (own, other, g) = self.split(parameters);
        let (hats, by_g) = gradient.split_at_mut(4 * size);
        let (by_own, by_other) = hats.split_at_mut(2 * size);
        self.d_paths(g, dy, by_g);
        weight_gradient(x, &self.d_sums, &mut by_own[..size]);
        nac_weight_backward(own, by_own);
        weight_gradient(&self.logarithms, &self.d_exponents, &mut by_other[..size]);
        nmu::multiply_back(&self.sizes, &self.input_signs, &self.d_signs, None, &mut self.by_size, &mut self.before);
        for ((by_w, by_size), w) in by_other.iter_mut().zip(&self.by_size).zip(&self.weights[1]) {
            *by_w += w.sign() * *by_size;
        }
        nac_weight_backward(other, by_other);
        if let Some(dx) = dx {
            add_input_gradient(&self.weights[0], &self.d_sums, dx);
            self.d_logarithms.fill(zeros());
            add_input_gradient(&self.weights[1], &self.d_exponents, &mut self.d_logarithms);
            logarithm::add_backward(x, &self.d_logarithms, dx);
        }
    }

    fn add_sparsity(&self, parameters: &[T], weight: T, gradient: &mut [T]) {
        let (hats, gates) = parameters.split_at(4 * self.size());
        let groups = hats.chunks_exact(self.size()).chain([gates]);
        let mut rest = gradient;
        for group in groups {
            let (own, others) = rest.split_at_mut(group.len());
            let scale = weight / T::from_f64(group.len() as f64);
            let near = own.iter_mut().zip(group).filter(|(_, p)| p.abs() < T::from_f64(FAR));
            near.for_each(|(by_p, p)| *by_p += -scale * p.sign());
            rest = others;
        }
    }

    /// Gives the weights of both paths, and the gates.
    fn weights(&self, parameters: &[T]) -> Vec<T> {
        let (own, other, g) = self.split(parameters);
        let mut weights = self.weights.clone();
        nac_weight(own, &mut weights[0]);
        nac_weight(other, &mut weights[1]);
        weights.concat().into_iter().chain(g.iter().map(|g| g.sigmoid())).collect()
    }
}
