//! The multiplying neural accumulator, NAC• (Trask et al. 2018, arXiv:1808.00508, §3; named by Madsen & Johansen 2020).

use super::nac::{initialize, nac_weight, nac_weight_backward};
use super::{Cell, logarithm};
use crate::engine::{BATCH, Random, Real, Row, add_input_gradient, product, vectorized, weight_gradient, zeros};

/// Multiplying accumulator `y = exp(W log(|x| + ε))` with a [NAC](super::Nac)'s weights and ε = 10⁻⁷: products and
/// quotients of numbers without their signs.
#[derive(Clone, Debug)]
pub struct NacMul<T> {
    weights: Vec<T>,
    outputs: usize,
    logarithms: Vec<Row<T>>,
    /// Derivatives of the loss with respect to `W log(|x| + ε)` and to the logarithms.
    d_exponents: Vec<Row<T>>,
    d_logarithms: Vec<Row<T>>,
}

impl<T: Real> NacMul<T> {
    /// Makes a cell of this size.
    pub fn new(inputs: usize, outputs: usize) -> NacMul<T> {
        NacMul {
            weights: vec![T::ZERO; inputs * outputs],
            outputs,
            logarithms: vec![zeros(); inputs],
            d_exponents: vec![zeros(); outputs],
            d_logarithms: vec![zeros(); inputs],
        }
    }
}

impl<T: Real> Cell<T> for NacMul<T> {
    fn inputs(&self) -> usize {
        self.logarithms.len()
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        2 * self.weights.len()
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        initialize(self.logarithms.len(), self.outputs, parameters, random);
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        nac_weight(parameters, &mut self.weights);
        logarithm::forward(x, &mut self.logarithms);
        product(&self.weights, &self.logarithms, y);
        vectorized(
            #[inline(always)]
            || y.as_flattened_mut().iter_mut().for_each(|y| *y = y.exp()),
        );
    }

    fn backward(
        &mut self,
        parameters: &[T],
        x: &[Row<T>],
        y: &[Row<T>],
        dy: &[Row<T>],
        dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    ) {
        let d_exponents = &mut self.d_exponents;
        vectorized(
            #[inline(always)]
            || {
                for ((d, y), dy) in d_exponents.iter_mut().zip(y).zip(dy) {
                    for lane in 0..BATCH {
                        d[lane] = dy[lane] * y[lane];
                    }
                }
            },
        );
        weight_gradient(&self.logarithms, &self.d_exponents, &mut gradient[..self.weights.len()]);
        nac_weight_backward(parameters, gradient);
        if let Some(dx) = dx {
            self.d_logarithms.fill(zeros());
            add_input_gradient(&self.weights, &self.d_exponents, &mut self.d_logarithms);
            logarithm::add_backward(x, &self.d_logarithms, dx);
        }
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        let mut weights = self.weights.clone();
        nac_weight(parameters, &mut weights);
        weights
    }
}
