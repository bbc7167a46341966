//! The real neural power unit (Heim et al. 2020, arXiv:2006.01681, §3.2, definition 2), and its restraint by Mistry et
//! al. 2022b (arXiv:2110.05177, §4).

use super::Cell;
use crate::engine::{
    BATCH, Random, Real, Row, add, add_input_gradient, glorot, product, vectorized, weight_gradient, zeros,
};

/// ε: keeps the logarithm of nothing finite; the spacing of 32-bit numbers at 1.
const EPSILON: f64 = f32::EPSILON as f64;

/// `y = exp(W log r) ⊙ cos(W k)` with `r = ĝ ⊙ (|x| + ε) + 1 − ĝ`, ε = 2⁻²³, and `k_i = π ĝ_i` where x_i < 0, else 0:
/// powers of numbers with a sign (Heim et al. 2020). The gates `ĝ = min(max(g, 0), 1)` leave inputs out. The parameters
/// are W `[out, in]` and g `[in]`.
///
/// W begins at Glorot's U[−r, r] with r = √(6 / (in + out)), at most ½ where the unit is restrained, and g at ½. In the
/// restrained unit W is clamped to [−1, 1] and g to [0, 1] after each update, and a regularizer draws W to −1 and 1 and
/// g to 0 and 1. A unit that begins as a quotient has W = 1, −1, 1, … from input to input and g = 1; one that begins as
/// a root has W = ½ and g = 1 for its first input, 0 for the others, and its W has no regularizer. These two are not
/// published; with them every seed learns to divide and to take a root.
#[derive(Clone, Debug)]
pub struct RealNpu<T> {
    outputs: usize,
    restraint: Variant,
    /// The logarithms log r and the angles k of the inputs.
    logarithms: Vec<Row<T>>,
    angles: Vec<Row<T>>,
    /// The factors exp(W log r), cos(W k) and sin(W k).
    sizes: Vec<Row<T>>,
    cosines: Vec<Row<T>>,
    sines: Vec<Row<T>>,
    d_exponents: Vec<Row<T>>,
    d_turns: Vec<Row<T>>,
    d_logarithms: Vec<Row<T>>,
    d_angles: Vec<Row<T>>,
    by_angle: Vec<T>,
}

/// Restraint on the weights of a [`RealNpu`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// No restraint, as Heim et al. have it.
    None,
    /// Weights are kept within bounds and made whole, as Mistry et al. have it.
    Whole,
    /// Weights are kept within bounds and made whole, and begin at whole numbers: a quotient.
    Quotient,
    /// Weights are kept within bounds, gates are made whole, and they begin as the root of the first input.
    Root,
}

impl<T: Real> RealNpu<T> {
    /// Makes a unit of this size.
    pub fn new(inputs: usize, outputs: usize, restraint: Variant) -> RealNpu<T> {
        let (ins, outs) = (|| vec![zeros(); inputs], || vec![zeros(); outputs]);
        RealNpu {
            outputs,
            restraint,
            logarithms: ins(),
            angles: ins(),
            sizes: outs(),
            cosines: outs(),
            sines: outs(),
            d_exponents: outs(),
            d_turns: outs(),
            d_logarithms: ins(),
            d_angles: ins(),
            by_angle: vec![T::ZERO; inputs * outputs],
        }
    }
}

impl<T: Real> Cell<T> for RealNpu<T> {
    fn inputs(&self) -> usize {
        self.logarithms.len()
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn parameters(&self) -> usize {
        self.logarithms.len() * (self.outputs + 1)
    }

    fn initialize(&self, parameters: &mut [T], random: &mut Random) {
        let inputs = self.logarithms.len();
        let (w, g) = parameters.split_at_mut(inputs * self.outputs);
        let mut begin = |exponent: &dyn Fn(usize) -> T, gate: &dyn Fn(usize) -> T| {
            w.iter_mut().enumerate().for_each(|(i, w)| *w = exponent(i % inputs));
            g.iter_mut().enumerate().for_each(|(i, g)| *g = gate(i));
        };
        let first = |value: f64| move |i| if i == 0 { T::from_f64(value) } else { T::ZERO };
        match self.restraint {
            Variant::Quotient => begin(&|i| if i % 2 == 0 { T::ONE } else { -T::ONE }, &|_| T::ONE),
            Variant::Root => begin(&first(0.5), &first(1.0)),
            Variant::None | Variant::Whole => {
                let glorot = glorot(inputs, self.outputs);
                let r = if self.restraint == Variant::Whole { glorot.min(0.5) } else { glorot };
                w.fill_with(|| T::from_f64(random.uniform(-r, r)));
                g.fill(T::from_f64(0.5));
            }
        }
    }

    fn forward(&mut self, parameters: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
        let (w, g) = parameters.split_at(x.len() * self.outputs);
        let (logarithms, angles) = (&mut self.logarithms, &mut self.angles);
        vectorized(
            #[inline(always)]
            || {
                for i in 0..x.len() {
                    let g = g[i].clamp(T::ZERO, T::ONE);
                    for lane in 0..BATCH {
                        let x = x[i][lane];
                        logarithms[i][lane] = (g * (x.abs() + T::from_f64(EPSILON)) + (T::ONE - g)).ln();
                        angles[i][lane] = if x < T::ZERO { g * T::from_f64(std::f64::consts::PI) } else { T::ZERO };
                    }
                }
            },
        );
        product(w, &self.logarithms, &mut self.sizes);
        product(w, &self.angles, &mut self.cosines);
        let (sizes, cosines, sines) = (&mut self.sizes, &mut self.cosines, &mut self.sines);
        vectorized(
            #[inline(always)]
            || {
                for o in 0..y.len() {
                    for lane in 0..BATCH {
                        let turn = cosines[o][lane];
                        let size = sizes[o][lane].exp();
                        (sizes[o][lane], cosines[o][lane], sines[o][lane]) = (size, turn.cos(), turn.sin());
                        y[o][lane] = size * cosines[o][lane];
                    }
                }
            },
        );
    }

    fn backward(
        &mut self,
        parameters: &[T],
        x: &[Row<T>],
        y: &[Row<T>],
        dy: &[Row<T>],
        mut dx: Option<&mut [Row<T>]>,
        gradient: &mut [T],
    ) {
        let inputs = x.len();
        let (w, g) = parameters.split_at(inputs * self.outputs);
        let (by_w, by_g) = gradient.split_at_mut(w.len());
        let RealNpu { sizes, sines, d_exponents, d_turns, .. } = self;
        vectorized(
            #[inline(always)]
            || {
                for o in 0..dy.len() {
                    for lane in 0..BATCH {
                        d_exponents[o][lane] = dy[o][lane] * y[o][lane];
                        d_turns[o][lane] = -dy[o][lane] * sizes[o][lane] * sines[o][lane];
                    }
                }
            },
        );
        weight_gradient(&self.logarithms, &self.d_exponents, by_w);
        weight_gradient(&self.angles, &self.d_turns, &mut self.by_angle);
        add(by_w, &self.by_angle);
        self.d_logarithms.fill(zeros());
        self.d_angles.fill(zeros());
        add_input_gradient(w, &self.d_exponents, &mut self.d_logarithms);
        add_input_gradient(w, &self.d_turns, &mut self.d_angles);
        for i in 0..inputs {
            let gate = g[i].clamp(T::ZERO, T::ONE);
            let mut sum = T::ZERO;
            for lane in 0..BATCH {
                let size = x[i][lane].abs() + T::from_f64(EPSILON);
                // log r by r, where r = exp(log r).
                let by_r = self.d_logarithms[i][lane] / (gate * size + (T::ONE - gate));
                let turned = if x[i][lane] < T::ZERO { T::from_f64(std::f64::consts::PI) } else { T::ZERO };
                sum += by_r * (size - T::ONE) + self.d_angles[i][lane] * turned;
                if let Some(dx) = dx.as_deref_mut() {
                    dx[i][lane] += by_r * gate * x[i][lane].sign();
                }
            }
            // A gate at 0 or beyond has no gradient inwards of its own kind, as min and max have none.
            by_g[i] = if g[i] >= T::ZERO && g[i] <= T::ONE { sum } else { T::ZERO };
        }
    }

    fn add_sparsity(&self, parameters: &[T], weight: T, gradient: &mut [T]) {
        if self.restraint == Variant::None {
            return;
        }
        let (w, g) = parameters.split_at(self.logarithms.len() * self.outputs);
        let (by_w, by_g) = gradient.split_at_mut(w.len());
        // A root's exponents are not whole.
        if self.restraint != Variant::Root {
            let scale = weight / T::from_f64(w.len() as f64);
            by_w.iter_mut().zip(w).filter(|(_, w)| w.abs() < T::ONE).for_each(|(by_w, w)| *by_w -= scale * w.sign());
        }
        super::nmu::add_sparsity(g, weight, by_g);
    }

    fn constrain(&self, parameters: &mut [T]) {
        if self.restraint != Variant::None {
            let (w, g) = parameters.split_at_mut(self.logarithms.len() * self.outputs);
            w.iter_mut().for_each(|w| *w = w.clamp(-T::ONE, T::ONE));
            g.iter_mut().for_each(|g| *g = g.clamp(T::ZERO, T::ONE));
        }
    }

    fn weights(&self, parameters: &[T]) -> Vec<T> {
        let (w, g) = parameters.split_at(self.logarithms.len() * self.outputs);
        let gates = g.iter().map(|g| g.clamp(T::ZERO, T::ONE));
        w.iter().copied().chain(gates).collect()
    }
}
