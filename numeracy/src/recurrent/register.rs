//! A register that each word adds to, or multiplies.

use crate::cells::Cell;
use crate::engine::{BATCH, Random, Real, Row, vectorized};

/// `y′ = g (y + v) + (1 − g) y e^c` with `v = 10 a` and `g = σ(s + 1)`: takes `[a, c, s, y]`, gives y′. It has no
/// parameters: what is read says everything.
///
/// This project's own, out of the NALU: sum and product with a gate between them, the product by logarithms. But the
/// gate and the operand come from the word that is read, not from the size of what is in the register, and the register
/// itself is taken as it is, not by a weight. The factor 10 lets addends of up to 90 be learned with one step size.
#[derive(Clone, Copy, Debug, Default)]
pub struct Register;

/// Count of numbers that a word needs.
pub const OPERANDS: usize = 3;
/// Unit of the addend.
const UNIT: f64 = 10.0;
/// Bias of the gate: it begins at σ(1) = 0.73, rather adding than multiplying.
const BIAS: f64 = 1.0;
/// Input at which the logistic function is 0 or 1 as far as an `f32` can tell.
const DECIDED: f64 = 30.0;

impl Register {
    /// Decides the gates of words, given as rows of a, c, s: whichever of the two they are nearer.
    pub fn decide<T: Real>(operands: &mut [T]) {
        for row in operands.chunks_exact_mut(OPERANDS) {
            row[2] = T::from_f64(if row[2].to_f64() + BIAS > 0.0 { DECIDED } else { -DECIDED });
        }
    }

    /// Gives addend, factor and gate of a row.
    fn operands<T: Real>(x: &[Row<T>], lane: usize) -> (T, T, T) {
        (x[0][lane] * T::from_f64(UNIT), x[1][lane].exp(), (x[2][lane] + T::from_f64(BIAS)).sigmoid())
    }
}

impl<T: Real> Cell<T> for Register {
    fn inputs(&self) -> usize {
        OPERANDS + 1
    }

    fn outputs(&self) -> usize {
        1
    }

    fn parameters(&self) -> usize {
        0
    }

    fn initialize(&self, _parameters: &mut [T], _random: &mut Random) {}

    fn forward(&mut self, _parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        vectorized(
            #[inline(always)]
            || {
                for lane in 0..BATCH {
                    let (v, factor, g) = Register::operands(x, lane);
                    let before = x[OPERANDS][lane];
                    y[0][lane] = g * (before + v) + (T::ONE - g) * before * factor;
                }
            },
        );
    }

    fn backward(
        &mut self,
        _parameters: &[T],
        x: &[Row<T>],
        _y: &[Row<T>],
        dy: &[Row<T>],
        dx: Option<&mut [Row<T>]>,
        _gradient: &mut [T],
    ) {
        let Some(dx) = dx else { return };
        vectorized(
            #[inline(always)]
            || {
                for lane in 0..BATCH {
                    let (v, factor, g) = Register::operands(x, lane);
                    let (before, dy) = (x[OPERANDS][lane], dy[0][lane]);
                    let product = before * factor;
                    dx[0][lane] += dy * g * T::from_f64(UNIT);
                    dx[1][lane] += dy * (T::ONE - g) * product;
                    dx[2][lane] += dy * (before + v - product) * g * (T::ONE - g);
                    dx[OPERANDS][lane] += dy * (g + (T::ONE - g) * factor);
                }
            },
        );
    }

    fn weights(&self, _parameters: &[T]) -> Vec<T> {
        Vec::new()
    }
}
