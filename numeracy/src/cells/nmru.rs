//! The neural multiplicative reciprocal unit (Mistry et al. 2022b, arXiv:2110.05177, §3.2).

use super::{Cell, nmu};
use crate::engine::{BATCH, Random, Real, Row, add, product, vectorized, weight_gradient, zeros};

/// ε: keeps the reciprocal of nothing finite; the spacing of 32-bit numbers at 1.
const EPSILON: f64 = f32::EPSILON as f64;

/// The neural multiplicative reciprocal unit (Mistry et al. 2022b): a [multiplication unit](super::Nmu) over the inputs
/// and their reciprocals, with ε = 2⁻²³, magnitude and sign apart:
/// `y_o = Π_i (W_oi |z_i| + 1 − W_oi) · cos(Σ_i W_oi k_i)` with `z = [x, 1 / (x + ε)]` and `k_i = π` where z_i < 0,
/// else
/// 0. W `[out, 2 in]` begins at U[¼, ¾], is clamped to [0, 1] after each update and drawn to 0 and 1 by a regularizer.
#[derive(Clone, Debug)]
pub struct Nmru<T> {
    outputs: usize,
    /// The sizes |z| and the angles k.
    sizes: Vec<Row<T>>,
    angles: Vec<Row<T>>,
    /// The product, and the cosine and the sine of the angles' sum.
    magnitudes: Vec<Row<T>>,
    cosines: Vec<Row<T>>,
    sines: Vec<Row<T>>,
    d_magnitudes: Vec<Row<T>>,
    d_turns: Vec<Row<T>>,
    d_sizes: Vec<Row<T>>,
    before: Vec<Row<T>>,
    by_angle: Vec<T>,
}

impl<T: Real> Nmru<T> {
    /// Makes a unit of this size.
    pub fn new(inputs: usize, outputs: usize) -> Nmru<T> {
        let (ins, outs) = (|| vec![zeros(); 2 * inputs], || vec![zeros(); outputs]);
        Nmru {
            outputs,
            sizes: ins(),
            angles: ins(),
            magnitudes: outs(),
            cosines: outs(),
            sines: outs(),
            d_magnitudes: outs(),
            d_turns: outs(),
            d_sizes: ins(),
            before: ins(),
            by_angle: vec![T::ZERO; 2 * inputs * outputs],
        }
    }
}

impl<T: Real> Cell<T> for Nmru<T> {
    fn inputs(&self) -> usize {
        self.sizes.len() / 2
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        self.sizes.len() * self.outputs
    }

    fn initialize(&self, w: &mut [T], random: &mut Random) {
        nmu::initialize(nmu::Choice::Open, w, random);
    }

    fn forward(&mut self, w: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (sizes, angles) = (&mut self.sizes, &mut self.angles);
        vectorized(
            #[inline(always)]
            || {
                for i in 0..x.len() {
                    for lane in 0..BATCH {
                        let x_i = x[i][lane];
                        let reciprocal = T::ONE / (x_i + T::from_f64(EPSILON));
                        let angle = |z: T| if z < T::ZERO { T::from_f64(std::f64::consts::PI) } else { T::ZERO };
                        (sizes[i][lane], angles[i][lane]) = (x_i.abs(), angle(x_i));
                        let (size, angle) = (reciprocal.abs(), angle(reciprocal));
                        (sizes[i + x.len()][lane], angles[i + x.len()][lane]) = (size, angle);
                    }
                }
            },
        );
        nmu::multiply(w, &self.sizes, &mut self.magnitudes);
        product(w, &self.angles, &mut self.cosines);
        let (magnitudes, cosines, sines) = (&self.magnitudes, &mut self.cosines, &mut self.sines);
        vectorized(
            #[inline(always)]
            || {
                for o in 0..y.len() {
                    for lane in 0..BATCH {
                        let turn = cosines[o][lane];
                        (cosines[o][lane], sines[o][lane]) = (turn.cos(), turn.sin());
                        y[o][lane] = magnitudes[o][lane] * cosines[o][lane];
                    }
                }
            },
        );
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
        let Nmru { magnitudes, cosines, sines, d_magnitudes, d_turns, .. } = self;
        vectorized(
            #[inline(always)]
            || {
                for o in 0..dy.len() {
                    for lane in 0..BATCH {
                        d_magnitudes[o][lane] = dy[o][lane] * cosines[o][lane];
                        d_turns[o][lane] = -dy[o][lane] * magnitudes[o][lane] * sines[o][lane];
                    }
                }
            },
        );
        self.d_sizes.fill(zeros());
        let d_sizes = Some(self.d_sizes.as_mut_slice());
        nmu::multiply_back(w, &self.sizes, &self.d_magnitudes, d_sizes, dw, &mut self.before);
        weight_gradient(&self.angles, &self.d_turns, &mut self.by_angle);
        add(dw, &self.by_angle);
        let Some(dx) = dx else { return };
        for i in 0..x.len() {
            let (d_size, d_reciprocal) = (&self.d_sizes[i], &self.d_sizes[i + x.len()]);
            for lane in 0..BATCH {
                let x_i = x[i][lane];
                let moved = x_i + T::from_f64(EPSILON);
                dx[i][lane] += d_size[lane] * x_i.sign() - d_reciprocal[lane] * moved.sign() / (moved * moved);
            }
        }
    }

    fn add_sparsity(&self, w: &[T], weight: T, dw: &mut [T]) {
        nmu::add_sparsity(w, weight, dw);
    }

    fn constrain(&self, w: &mut [T]) {
        w.iter_mut().for_each(|w| *w = w.clamp(T::ZERO, T::ONE));
    }

    fn weights(&self, w: &[T]) -> Vec<T> {
        w.to_vec()
    }
}
