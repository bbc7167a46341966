//! The arithmetic of the hand-written passes: matrix products, and the LSTM's cell forward and
//! backward in one pass over the gates.
//!
//! The only file with `unsafe`. Its invariants:
//! - [`multiply`] hands pointers to the matrix product only after `Matrix::checked` has compared
//!   the last element that each view can reach with the length of its slice; the destination is
//!   borrowed mutably and so overlaps no operand.
//! - A function compiled for AVX2 or AVX-512 is called only where the processor has said that it has
//!   them. All versions are the same Rust source without fused multiply-add, so they give the same bits.
#![allow(unsafe_code)]

/// A view of a slice as a matrix.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Row after row, without gaps.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Matrix<'a> {
        Matrix { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The transpose, over the same numbers.
    pub fn transposed(self) -> Matrix<'a> {
        Matrix {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }

    fn checked(self) -> Matrix<'a> {
        assert!(self.rows > 0 && self.columns > 0, "an empty matrix");
        let last = (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride;
        assert!(last < self.data.len(), "a {}×{} matrix in {} numbers", self.rows, self.columns, self.data.len());
        self
    }
}

/// What becomes of what the destination holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    /// It is overwritten.
    Nothing,
    /// The product is added to it.
    Sum,
}

/// `destination = left · right`, or `+=`; the destination lies row after row.
pub fn multiply(destination: &mut [f32], onto: Onto, left: Matrix<'_>, right: Matrix<'_>) {
    let (left, right) = (left.checked(), right.checked());
    assert_eq!(left.columns, right.rows, "inner sizes");
    let (m, k, n) = (left.rows, left.columns, right.columns);
    assert_eq!(destination.len(), m * n, "the destination's size");
    let alpha = match onto {
        Onto::Nothing => 0.0,
        Onto::Sum => 1.0,
    };
    // SAFETY: `checked` and the assertion above bound every index that the product uses, and
    // `destination` is borrowed mutably, so it aliases neither operand.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            destination.as_mut_ptr(),
            1,
            n as isize,
            onto == Onto::Sum,
            left.data.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.data.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            alpha,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// Defines a function that runs the version of `$body` for the widest vectors that the processor has.
macro_rules! dispatched {
    ($(#[$meta:meta])* $name:ident, $body:ident, ($($argument:ident: $type:ty),* $(,)?)) => {
        $(#[$meta])*
        pub fn $name($($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f")]
                fn avx512($($argument: $type),*) {
                    $body($($argument),*);
                }
                #[target_feature(enable = "avx2")]
                fn avx2($($argument: $type),*) {
                    $body($($argument),*);
                }
                if is_x86_feature_detected!("avx512f") {
                    // SAFETY: the processor has just said that it has AVX-512.
                    return unsafe { avx512($($argument),*) };
                }
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: the processor has just said that it has AVX2.
                    return unsafe { avx2($($argument),*) };
                }
            }
            $body($($argument),*);
        }
    };
}

dispatched!(
    /// The cell forward. `gates` holds each lane's preactivations i, f, g, o and receives what they
    /// become; `c_t`, `tanh(c_t)` and `h_t` are written, all `[lanes, hidden]`.
    lstm_forward, lstm_forward_body, (hidden: usize, gates: &mut [f32], c_tm1: &[f32], c_t: &mut [f32], tanh_c_t: &mut [f32], h_t: &mut [f32])
);

dispatched!(
    /// The cell backward. `gates` holds what [`lstm_forward`] left and receives the gradient on the
    /// preactivations; `dc` holds the gradient on `c_t` from later steps and receives that on
    /// `c_tm1`; `dh` is the gradient on `h_t`.
    lstm_backward, lstm_backward_body, (hidden: usize, gates: &mut [f32], c_tm1: &[f32], tanh_c_t: &[f32], dh: &[f32], dc: &mut [f32])
);

dispatched!(
    /// `into[l] = table[rows[l]] + instructions[l] · weight` for each lane l, `width` numbers a lane.
    preactivate, preactivate_body, (width: usize, table: &[f32], rows: &[u32], weight: &[f32], instructions: &[f32], into: &mut [f32])
);

dispatched!(
    /// Backward from `d`, the gradient on what [`preactivate`] gave: adds to `d_table` and `d_weight`.
    preactivate_backward, preactivate_backward_body, (width: usize, d: &[f32], rows: &[u32], instructions: &[f32], d_table: &mut [f32], d_weight: &mut [f32])
);

dispatched!(
    /// `sum += term`, element by element.
    add, add_body, (sum: &mut [f32], term: &[f32])
);

// Each loop below runs over few slices of one stated length: the compiler then drops the bounds
// checks, needs no check for overlap at run time, and vectorizes.

#[inline(always)]
fn add_body(sum: &mut [f32], term: &[f32]) {
    sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += term);
}

#[inline(always)]
fn preactivate_body(width: usize, table: &[f32], rows: &[u32], weight: &[f32], instructions: &[f32], into: &mut [f32]) {
    let weight = &weight[..width];
    for ((into, &row), &instruction) in into.chunks_exact_mut(width).zip(rows).zip(instructions) {
        let part = &table[row as usize * width..][..width];
        for j in 0..width {
            into[j] = part[j] + instruction * weight[j];
        }
    }
}

#[inline(always)]
fn preactivate_backward_body(
    width: usize,
    d: &[f32],
    rows: &[u32],
    instructions: &[f32],
    d_table: &mut [f32],
    d_weight: &mut [f32],
) {
    let d_weight = &mut d_weight[..width];
    for ((d, &row), &instruction) in d.chunks_exact(width).zip(rows).zip(instructions) {
        let part = &mut d_table[row as usize * width..][..width];
        for j in 0..width {
            part[j] += d[j];
            d_weight[j] += instruction * d[j];
        }
    }
}

#[inline(always)]
fn lstm_forward_body(
    hidden: usize,
    gates: &mut [f32],
    c_tm1: &[f32],
    c_t: &mut [f32],
    tanh_c_t: &mut [f32],
    h_t: &mut [f32],
) {
    let lanes = gates.chunks_exact_mut(4 * hidden);
    let memories = c_tm1.chunks_exact(hidden).zip(c_t.chunks_exact_mut(hidden));
    let outputs = tanh_c_t.chunks_exact_mut(hidden).zip(h_t.chunks_exact_mut(hidden));
    for ((gates, (c_tm1, c_t)), (tanh_c_t, h_t)) in lanes.zip(memories).zip(outputs) {
        let (i_f, g_o) = gates.split_at_mut(2 * hidden);
        let (g, o) = g_o.split_at_mut(hidden);
        i_f.iter_mut().for_each(|x| *x = sigmoid(*x));
        g.iter_mut().for_each(|x| *x = tanh(*x));
        o.iter_mut().for_each(|x| *x = sigmoid(*x));
        let (i, f) = i_f.split_at(hidden);
        remember(hidden, (i, f, g), c_tm1, c_t);
        emit(hidden, o, c_t, tanh_c_t, h_t);
    }
}

#[inline(always)]
fn remember(hidden: usize, (i, f, g): (&[f32], &[f32], &[f32]), c_tm1: &[f32], c_t: &mut [f32]) {
    let (i, f, g) = (&i[..hidden], &f[..hidden], &g[..hidden]);
    let (c_tm1, c_t) = (&c_tm1[..hidden], &mut c_t[..hidden]);
    for j in 0..hidden {
        c_t[j] = f[j] * c_tm1[j] + i[j] * g[j];
    }
}

#[inline(always)]
fn emit(hidden: usize, o: &[f32], c_t: &[f32], tanh_c_t: &mut [f32], h_t: &mut [f32]) {
    let (o, c_t) = (&o[..hidden], &c_t[..hidden]);
    let (tanh_c_t, h_t) = (&mut tanh_c_t[..hidden], &mut h_t[..hidden]);
    for j in 0..hidden {
        tanh_c_t[j] = tanh(c_t[j]);
        h_t[j] = o[j] * tanh_c_t[j];
    }
}

#[inline(always)]
fn lstm_backward_body(hidden: usize, gates: &mut [f32], c_tm1: &[f32], tanh_c_t: &[f32], dh: &[f32], dc: &mut [f32]) {
    let lanes = gates.chunks_exact_mut(4 * hidden);
    let saved = c_tm1.chunks_exact(hidden).zip(tanh_c_t.chunks_exact(hidden));
    let gradients = dh.chunks_exact(hidden).zip(dc.chunks_exact_mut(hidden));
    for ((gates, (c_tm1, tanh_c_t)), (dh, dc)) in lanes.zip(saved).zip(gradients) {
        let (i, rest) = gates.split_at_mut(hidden);
        let (f, rest) = rest.split_at_mut(hidden);
        let (g, o) = rest.split_at_mut(hidden);
        through_output(hidden, o, tanh_c_t, dh, dc);
        through_gates(hidden, (i, f, g), c_tm1, dc);
    }
}

/// From `h_t = o ⊙ tanh(c_t)`: the gradient on `c_t` is added to `dc`, that on the output gate's
/// preactivation takes its place.
#[inline(always)]
fn through_output(hidden: usize, o: &mut [f32], tanh_c_t: &[f32], dh: &[f32], dc: &mut [f32]) {
    let (o, dc) = (&mut o[..hidden], &mut dc[..hidden]);
    let (tanh_c_t, dh) = (&tanh_c_t[..hidden], &dh[..hidden]);
    for j in 0..hidden {
        dc[j] += dh[j] * o[j] * (1.0 - tanh_c_t[j] * tanh_c_t[j]);
        o[j] = dh[j] * tanh_c_t[j] * o[j] * (1.0 - o[j]);
    }
}

/// From `c_t = f ⊙ c_tm1 + i ⊙ g`: `dc` becomes the gradient on `c_tm1`, the gates that on their
/// preactivations.
#[inline(always)]
fn through_gates(hidden: usize, (i, f, g): (&mut [f32], &mut [f32], &mut [f32]), c_tm1: &[f32], dc: &mut [f32]) {
    let (i, f, g) = (&mut i[..hidden], &mut f[..hidden], &mut g[..hidden]);
    let (c_tm1, dc) = (&c_tm1[..hidden], &mut dc[..hidden]);
    for j in 0..hidden {
        let (di, df, dg) = (dc[j] * g[j], dc[j] * c_tm1[j], dc[j] * i[j]);
        dc[j] *= f[j];
        i[j] = di * i[j] * (1.0 - i[j]);
        f[j] = df * f[j] * (1.0 - f[j]);
        g[j] = dg * (1.0 - g[j] * g[j]);
    }
}

/// `σ(x) = 1 / (1 + e^−x)`.
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `tanh(x) = 2σ(2x) − 1`: accurate to 1.2·10⁻⁷ absolutely, which is what sums of gates need.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    2.0 / (1.0 + exp(-2.0 * x)) - 1.0
}

/// `e^x` for `x` within ±87, to about 2 units in the last place: `2^k · e^r` with `|r| ≤ ln 2 / 2`
/// and the polynomial of Cephes' `expf`. Without a branch or a call, so that loops vectorize.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding and taking away 1.5·2²³ rounds to the nearest integer; the sum's low bits are it.
    const ROUND: f32 = 12_582_912.0;
    // ln 2 in two parts, so that k·ln 2 loses nothing.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = x - k * LN_2_HIGH - k * LN_2_LOW;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let scale = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    (p * r * r + r + 1.0) * scale
}
