//! A recurrent cell of a sum, an operand in the making, and a sign.

use crate::cells::Cell;
use crate::engine::{BATCH, Random, Real, Row, vectorized};

/// Pocket calculator whose symbols each either go on with the operand, `q = e^c r + v (1 + u)`, or close it, with a
/// gate `g = σ(s − 1)` between the two. With k = 1 − g:
///
/// ```text
/// r′ = k q             the operand: a symbol that closes it leaves none
/// y′ = y + k (q − r)   the sum of all operands, the open one included
/// u′ = u + h (t − u)   the sign of the next operand, less 1: t = −2 σ(p − 3) is nearly 0, or down to −2
/// ```
///
/// with h = g⁸: a symbol that does not surely close an operand has nearly no say in the sign, or else digits use it to
/// say how great they are.
///
/// Takes `[v, c, s, p, y, r, u]`, gives `[y′, r′, u′]`. It has no parameters: the symbol that is read says everything,
/// with a value v, the logarithm c of what the operand is multiplied by, a gate s and a sign p.
///
/// This project's own, like the [register](super::Register). That there are sums of operands, and operands that grow by
/// factor and addend, is built in; that digits multiply by ten and add themselves, which symbols close an operand and
/// which of them turn the sign, is learned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Calculator;

/// Count of numbers that a symbol needs.
pub const SYMBOL: usize = 4;
/// Bias of the sign: it begins at −2 σ(−3) = −0.09, rather left as it is than turned.
const SIGN_BIAS: f64 = -3.0;
/// Bias of the gate: it begins at σ(−1) = 0.27, rather going on than closing.
const BIAS: f64 = -1.0;
/// Input at which the logistic function is 0 or 1 as far as an `f32` can tell.
const DECIDED: f64 = 30.0;
/// Count of numbers in the state.
const STATE: usize = 3;

impl Calculator {
    /// Decides the gates of symbols, given as rows of v, c, s, p: whichever of the two they are nearer.
    pub fn decide<T: Real>(symbols: &mut [T]) {
        for row in symbols.chunks_exact_mut(SYMBOL) {
            row[2] = T::from_f64(if row[2].to_f64() + BIAS > 0.0 { DECIDED } else { -DECIDED });
        }
    }

    /// Makes values and factors whole numbers, and decides the signs; gates have to be decided.
    pub fn round<T: Real>(symbols: &mut [T]) {
        for row in symbols.chunks_exact_mut(SYMBOL) {
            row[0] = T::from_f64(row[0].to_f64().round());
            row[1] = T::from_f64(row[1].to_f64().exp().round().max(1.0).ln());
            row[3] = T::from_f64(if row[3].to_f64() + SIGN_BIAS > 0.0 { DECIDED } else { -DECIDED });
        }
    }

    /// Computes h and t, which turn the sign.
    fn turn<T: Real>(x: &[Row<T>], lane: usize, k: T) -> (T, T) {
        let squared = (T::ONE - k) * (T::ONE - k);
        let h = squared * squared * squared * squared;
        (h, T::from_f64(-2.0) * (x[3][lane] + T::from_f64(SIGN_BIAS)).sigmoid())
    }

    /// Computes k, e^c and q.
    fn parts<T: Real>(x: &[Row<T>], lane: usize) -> (T, T, T) {
        let gate = (x[2][lane] + T::from_f64(BIAS)).sigmoid();
        let factor = x[1][lane].exp();
        let (r, u) = (x[SYMBOL + 1][lane], x[SYMBOL + 2][lane]);
        (T::ONE - gate, factor, factor * r + x[0][lane] * (T::ONE + u))
    }
}

impl<T: Real> Cell<T> for Calculator {
    fn inputs(&self) -> usize {
        SYMBOL + STATE
    }

    fn outputs(&self) -> usize {
        STATE
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
                    let (k, _, q) = Calculator::parts(x, lane);
                    let [sum, r, u] = [0, 1, 2].map(|i| x[SYMBOL + i][lane]);
                    y[0][lane] = sum + k * (q - r);
                    y[1][lane] = k * q;
                    let (h, t) = Calculator::turn(x, lane, k);
                    y[2][lane] = u + h * (t - u);
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
                    let (k, factor, q) = Calculator::parts(x, lane);
                    let [_, r, u] = [0, 1, 2].map(|i| x[SYMBOL + i][lane]);
                    let [d_sum, d_r, d_u] = [0, 1, 2].map(|i| dy[i][lane]);
                    let d_q = (d_sum + d_r) * k;
                    let d_k = d_sum * (q - r) + d_r * q;
                    let (h, t) = Calculator::turn(x, lane, k);
                    dx[0][lane] += d_q * (T::ONE + u);
                    dx[1][lane] += d_q * factor * r;
                    // k falls as the gate opens, and h rises: g⁸ by s is 8 g⁸ (1 − g).
                    dx[2][lane] += k * (T::from_f64(8.0) * h * (t - u) * d_u - d_k * (T::ONE - k));
                    dx[3][lane] += d_u * h * t * (T::ONE + t * T::from_f64(0.5));
                    dx[SYMBOL][lane] += d_sum;
                    dx[SYMBOL + 1][lane] += d_q * factor - d_sum * k;
                    dx[SYMBOL + 2][lane] += d_q * x[0][lane] + d_u * (T::ONE - h);
                }
            },
        );
    }

    fn weights(&self, _parameters: &[T]) -> Vec<T> {
        Vec::new()
    }
}
