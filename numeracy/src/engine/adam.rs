//! The optimizer Adam.

use super::{Real, vectorized};

/// Adam (Kingma & Ba 2015, algorithm 1) with its default constants, on one flat vector of parameters.
#[derive(Clone, Debug)]
pub struct Adam<T> {
    first: Vec<T>,
    second: Vec<T>,
    /// The powers β₁ᵗ and β₂ᵗ.
    powers: (f64, f64),
}

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

impl<T: Real> Adam<T> {
    /// Makes an optimizer of so many parameters.
    pub fn new(parameters: usize) -> Adam<T> {
        Adam { first: vec![T::ZERO; parameters], second: vec![T::ZERO; parameters], powers: (1.0, 1.0) }
    }

    /// Makes one update, with the step size `rate`.
    pub fn step(&mut self, parameters: &mut [T], gradient: &[T], rate: f64) {
        self.powers = (self.powers.0 * BETA_1, self.powers.1 * BETA_2);
        let rate = T::from_f64(-rate / (1.0 - self.powers.0));
        let scale = T::from_f64(1.0 / (1.0 - self.powers.1).sqrt());
        let (beta_1, beta_2, epsilon) = (T::from_f64(BETA_1), T::from_f64(BETA_2), T::from_f64(EPSILON));
        let (new_1, new_2) = (T::from_f64(1.0 - BETA_1), T::from_f64(1.0 - BETA_2));
        let moments = self.first.iter_mut().zip(&mut self.second);
        vectorized(
            #[inline(always)]
            || {
                for ((parameter, &g), (m, v)) in parameters.iter_mut().zip(gradient).zip(moments) {
                    *m = beta_1.fma(*m, new_1 * g);
                    *v = beta_2.fma(*v, new_2 * g * g);
                    *parameter = (rate * *m / v.sqrt().fma(scale, epsilon)) + *parameter;
                }
            },
        );
    }
}
