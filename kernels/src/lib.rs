//! Kernels of hand-written forward and backward passes: matrix products, convolutions, cells of recurrent networks, and
//! an index of the distinct patches of a set of images.
//!
//! This crate computes small recurrent networks on the processor, without libtorch and its cost of 3 to 13 µs for each
//! operation. All numbers are 32-bit floats in slices, row after row; lengths are checked on entry.
//!
//! ```
//! use gridworld_kernels::{Matrix, Write, multiply};
//!
//! let (left, right) = ([1.0, 2.0, 3.0, 4.0], [1.0, 1.0]);
//! let mut product = [0.0; 2];
//! multiply(&mut product, Write::Overwrite, Matrix::new(&left, 2, 2), Matrix::new(&right, 2, 1));
//! assert_eq!(product, [3.0, 7.0]);
//! ```
//!
//! # Safety
//!
//! `src/lib.rs` is the only file of the workspace with `unsafe`. Its invariants:
//! - [`multiply`] hands pointers to the matrix product only after `Matrix::checked` has compared
//!   the last element that each view can reach with the length of its slice; the destination is
//!   borrowed mutably and so overlaps no operand.
//! - A function compiled for AVX2 or AVX-512 is called only where the processor has said that it has them. All versions
//!   are the same Rust source without fused multiply-add, so they give the same bits. Convolutions and matrix products
//!   are the exception: they use fused multiply-add where the processor has it, and may differ in the last bits between
//!   processors.
#![allow(unsafe_code)]

mod convolution;
mod frame_list;
mod frame_table;
mod patch_index;
mod stage;

pub use convolution::{BLOCK, Block, Fields, Square};
use convolution::{convolve_backward_body, convolve_body};
pub use frame_list::FrameList;
pub use frame_table::FrameTable;
pub use patch_index::PatchIndex;
pub use stage::{CHUNK, Extent, Stage};

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
    #[must_use]
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Matrix<'a> {
        Matrix { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The columns from column `first` on, over the same numbers.
    ///
    /// # Panics
    /// If there are not so many.
    #[must_use]
    pub fn columns_from(self, first: usize) -> Matrix<'a> {
        assert!(first < self.columns, "column {first} of {}", self.columns);
        Matrix { data: &self.data[first * self.column_stride..], columns: self.columns - first, ..self }
    }

    /// The transpose, over the same numbers.
    #[must_use]
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

/// Treatment of the numbers that the destination holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// It is overwritten.
    Overwrite,
    /// The product is added to it.
    Accumulate,
}

/// `destination = left · right`, or `+=`; the destination lies row after row.
///
/// # Panics
/// If the sizes do not fit together, or a matrix is larger than its slice.
pub fn multiply(destination: &mut [f32], onto: Write, left: Matrix<'_>, right: Matrix<'_>) {
    let (left, right) = (left.checked(), right.checked());
    assert_eq!(left.columns, right.rows, "inner sizes");
    let (m, k, n) = (left.rows, left.columns, right.columns);
    assert_eq!(destination.len(), m * n, "the destination's size");
    let alpha = match onto {
        Write::Overwrite => 0.0,
        Write::Accumulate => 1.0,
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
            onto == Write::Accumulate,
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

/// Defines a function that runs the version of a body for the widest vectors that the processor has. A body may have two
/// constants: whether it fuses multiplication and addition, and how many vectors of 16 numbers it keeps in registers.
macro_rules! dispatched {
    ($(#[$meta:meta])* $name:ident, fused $body:ident, $arguments:tt) => {
        dispatched!(@ $(#[$meta])* $name, $arguments, "avx2,fma", (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")), $body::<true, 8>, $body::<true, 4>, $body::<false, 2>);
    };
    ($(#[$meta:meta])* $name:ident, $body:ident, $arguments:tt) => {
        dispatched!(@ $(#[$meta])* $name, $arguments, "avx2", (is_x86_feature_detected!("avx2")), $body, $body, $body);
    };
    (@ $(#[$meta:meta])* $name:ident, ($($argument:ident: $type:ty),* $(,)?), $avx2:literal, $has_avx2:tt, $widest:expr, $wide:expr, $plain:expr) => {
        $(#[$meta])*
        pub fn $name($($argument: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f")]
                fn avx512($($argument: $type),*) {
                    $widest($($argument),*);
                }
                #[target_feature(enable = $avx2)]
                fn avx2($($argument: $type),*) {
                    $wide($($argument),*);
                }
                if is_x86_feature_detected!("avx512f") {
                    // SAFETY: the processor has just said that it has AVX-512.
                    return unsafe { avx512($($argument),*) };
                }
                if $has_avx2 {
                    // SAFETY: the processor has just said that it has AVX2, and FMA where that is enabled.
                    return unsafe { avx2($($argument),*) };
                }
            }
            $plain($($argument),*);
        }
    };
}

dispatched!(
    /// `relu(field · weight + bias)` for each receptive field of `image`: `output` is
    /// `[fields, 16 · blocks]`, `weight` is `[blocks, inputs]` and `bias` is `[blocks]`, both of blocks
    /// of 16 channels.
    ///
    /// # Panics
    /// If a field lies outside of `image`, or the sizes do not fit.
    convolve, fused convolve_body, (image: &[f32], fields: Fields<'_>, weight: &[Block], bias: &[Block], output: &mut [f32])
);

dispatched!(
    /// Backward pass of [`convolve`], for its weights: `d`, `[fields, 16 · blocks]`, is the derivative of the loss with
    /// respect to the sums before the ReLU. Adds the derivative with respect to `weight` to `d_weight`, of the same
    /// shape as `weight`.
    ///
    /// # Panics
    /// If a field lies outside of `image`, or the sizes do not fit.
    convolve_backward, fused convolve_backward_body, (image: &[f32], fields: Fields<'_>, d: &[f32], d_weight: &mut [Block])
);

dispatched!(
    /// One step of an LSTM's cell. `gates`, `[lanes, 4 · hidden]`, holds the preactivations of i, f, g and o and
    /// receives the gates; `c_tm1` is read, and `c_t`, `tanh_c_t` (which is tanh(c_t)) and `h_t` are overwritten, all
    /// `[lanes, hidden]`.
    lstm_forward, lstm_forward_body, (hidden: usize, gates: &mut [f32], c_tm1: &[f32], c_t: &mut [f32], tanh_c_t: &mut [f32], h_t: &mut [f32])
);

dispatched!(
    /// Backward pass of one step of an LSTM's cell. `gates`, `[lanes, 4 · hidden]`, holds the gates that
    /// [`lstm_forward`] left and receives the gradient on the preactivations. The others are `[lanes, hidden]`: `dh` is
    /// the gradient on `h_t`; `dc` holds the gradient on `c_t` from later steps and receives that on `c_tm1`.
    lstm_backward, lstm_backward_body, (hidden: usize, gates: &mut [f32], c_tm1: &[f32], tanh_c_t: &[f32], dh: &[f32], dc: &mut [f32])
);

dispatched!(
    /// One step of a GRU's cell. `gates`, `[lanes, 4 · hidden]`, holds the preactivations of r, z and n and the part m
    /// of n that is multiplied by r: `n = tanh(x_n + r · m)`. It receives r, z and n in the place of the first three. A
    /// row of `states`, `[lanes, columns]`, begins with `h_tm1`, `hidden` numbers; `h_t`, `[lanes, hidden]`, is
    /// overwritten.
    gru_forward, gru_forward_body, (hidden: usize, columns: usize, gates: &mut [f32], states: &[f32], h_t: &mut [f32])
);

dispatched!(
    /// Backward pass of one step of a GRU's cell. `gates`, `[lanes, 4 · hidden]`, holds what [`gru_forward`] left and
    /// receives the gradient on the preactivations and on m. `states` is as there. `dh`, `[lanes, hidden]`, holds the
    /// gradient on `h_t` and receives the part of the gradient on `h_tm1` that does not come through the
    /// preactivations.
    gru_backward, gru_backward_body, (hidden: usize, columns: usize, gates: &mut [f32], states: &[f32], dh: &mut [f32])
);

dispatched!(
    /// One step of a gated interpolation, `h_t = (1 − z) h_tm1 + z · candidate`. `gates`, `[lanes, 2 · hidden]`, holds
    /// the preactivation of z and the candidate, and receives z in the place of the first. `states` and `h_t` are as
    /// for [`gru_forward`].
    interpolate, interpolate_body, (hidden: usize, columns: usize, gates: &mut [f32], states: &[f32], h_t: &mut [f32])
);

dispatched!(
    /// Backward pass of one step of a gated interpolation. `gates`, `[lanes, 2 · hidden]`, holds what [`interpolate`]
    /// left and receives the gradient on z's preactivation and on the candidate. `states` and `dh` are as for
    /// [`gru_backward`].
    interpolate_backward, interpolate_backward_body, (hidden: usize, columns: usize, gates: &mut [f32], states: &[f32], dh: &mut [f32])
);

dispatched!(
    /// Replaces each of `numbers` by its tanh, and copies it to `into`, which is as long.
    squash, squash_body, (numbers: &mut [f32], into: &mut [f32])
);

dispatched!(
    /// Backward pass of [`squash`]: `tanhs` holds what it left and receives the gradient on its input; `d`, as long, is
    /// the gradient on its output.
    squash_backward, squash_backward_body, (tanhs: &mut [f32], d: &[f32])
);

dispatched!(
    /// Computes `h = σ(g) ⊙ tanh(u)` for each lane from its preactivations `[g, u]`, `[lanes, 2 · hidden]`, which it replaces by
    /// σ(g) and tanh(u); `h_t`, `[lanes, hidden]`, is overwritten.
    gate, gate_body, (hidden: usize, gates: &mut [f32], h_t: &mut [f32])
);

dispatched!(
    /// Backward pass of [`gate`]: `gates` holds what it left and receives the gradient on its preactivations; `dh`,
    /// `[lanes, hidden]`, is the gradient on its output.
    gate_backward, gate_backward_body, (hidden: usize, gates: &mut [f32], dh: &[f32])
);

dispatched!(
    /// Computes `into[l] = table[rows[l]] + instructions[l] · weight` for each lane l: `table` is
    /// `[rows of the table, width]`, `rows` and `instructions` are `[lanes]`, `weight` is `[width]`, and `into`,
    /// `[lanes, width]`, is overwritten.
    preactivate, preactivate_body, (width: usize, table: &[f32], rows: &[u32], weight: &[f32], instructions: &[f32], into: &mut [f32])
);

dispatched!(
    /// Backward pass of [`preactivate`]: `d`, `[lanes, width]`, is the gradient on its `into`. Adds the gradients on
    /// `table` and `weight` to `d_table` and `d_weight`, of the same shapes.
    preactivate_backward, preactivate_backward_body, (width: usize, d: &[f32], rows: &[u32], instructions: &[f32], d_table: &mut [f32], d_weight: &mut [f32])
);

dispatched!(
    /// `into = bytes / 255`, element by element, to a unit in the last place.
    ///
    /// # Panics
    /// If there are not as many of one as of the other.
    scale_bytes, scale_bytes_body, (bytes: &[u8], into: &mut [f32])
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
fn scale_bytes_body(bytes: &[u8], into: &mut [f32]) {
    assert_eq!(bytes.len(), into.len(), "numbers for bytes");
    into.iter_mut().zip(bytes).for_each(|(into, &byte)| *into = f32::from(byte) * (1.0 / 255.0));
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

#[inline(always)]
fn gru_forward_body(hidden: usize, columns: usize, gates: &mut [f32], states: &[f32], h_t: &mut [f32]) {
    let lanes = gates.chunks_exact_mut(4 * hidden).zip(states.chunks_exact(columns));
    for ((gates, h_tm1), h_t) in lanes.zip(h_t.chunks_exact_mut(hidden)) {
        let (r_z, n_m) = gates.split_at_mut(2 * hidden);
        r_z.iter_mut().for_each(|x| *x = sigmoid(*x));
        let (r, z) = r_z.split_at(hidden);
        let (n, m) = n_m.split_at_mut(hidden);
        let (r, z, m, h_tm1) = (&r[..hidden], &z[..hidden], &m[..hidden], &h_tm1[..hidden]);
        let (n, h_t) = (&mut n[..hidden], &mut h_t[..hidden]);
        for j in 0..hidden {
            n[j] = tanh(n[j] + r[j] * m[j]);
            h_t[j] = n[j] + z[j] * (h_tm1[j] - n[j]);
        }
    }
}

#[inline(always)]
fn gru_backward_body(hidden: usize, columns: usize, gates: &mut [f32], states: &[f32], dh: &mut [f32]) {
    let lanes = gates.chunks_exact_mut(4 * hidden).zip(states.chunks_exact(columns));
    for ((gates, h_tm1), dh) in lanes.zip(dh.chunks_exact_mut(hidden)) {
        let (r, rest) = gates.split_at_mut(hidden);
        let (z, rest) = rest.split_at_mut(hidden);
        let (n, m) = rest.split_at_mut(hidden);
        let (r, z, n, m) = (&mut r[..hidden], &mut z[..hidden], &mut n[..hidden], &mut m[..hidden]);
        let (h_tm1, dh) = (&h_tm1[..hidden], &mut dh[..hidden]);
        for j in 0..hidden {
            let before = dh[j] * (1.0 - z[j]) * (1.0 - n[j] * n[j]);
            let dz = dh[j] * (h_tm1[j] - n[j]) * z[j] * (1.0 - z[j]);
            dh[j] *= z[j];
            let dr = before * m[j] * r[j] * (1.0 - r[j]);
            m[j] = before * r[j];
            (r[j], z[j], n[j]) = (dr, dz, before);
        }
    }
}

#[inline(always)]
fn interpolate_body(hidden: usize, columns: usize, gates: &mut [f32], states: &[f32], h_t: &mut [f32]) {
    let lanes = gates.chunks_exact_mut(2 * hidden).zip(states.chunks_exact(columns));
    for ((gates, h_tm1), h_t) in lanes.zip(h_t.chunks_exact_mut(hidden)) {
        let (z, candidate) = gates.split_at_mut(hidden);
        let (candidate, h_tm1) = (&candidate[..hidden], &h_tm1[..hidden]);
        let (z, h_t) = (&mut z[..hidden], &mut h_t[..hidden]);
        for j in 0..hidden {
            z[j] = sigmoid(z[j]);
            h_t[j] = h_tm1[j] + z[j] * (candidate[j] - h_tm1[j]);
        }
    }
}

#[inline(always)]
fn interpolate_backward_body(hidden: usize, columns: usize, gates: &mut [f32], states: &[f32], dh: &mut [f32]) {
    let lanes = gates.chunks_exact_mut(2 * hidden).zip(states.chunks_exact(columns));
    for ((gates, h_tm1), dh) in lanes.zip(dh.chunks_exact_mut(hidden)) {
        let (z, candidate) = gates.split_at_mut(hidden);
        let (z, candidate) = (&mut z[..hidden], &mut candidate[..hidden]);
        let (h_tm1, dh) = (&h_tm1[..hidden], &mut dh[..hidden]);
        for j in 0..hidden {
            let dz = dh[j] * (candidate[j] - h_tm1[j]) * z[j] * (1.0 - z[j]);
            candidate[j] = dh[j] * z[j];
            dh[j] *= 1.0 - z[j];
            z[j] = dz;
        }
    }
}

#[inline(always)]
fn squash_body(numbers: &mut [f32], into: &mut [f32]) {
    for (number, into) in numbers.iter_mut().zip(into) {
        *number = tanh(*number);
        *into = *number;
    }
}

#[inline(always)]
fn squash_backward_body(tanhs: &mut [f32], d: &[f32]) {
    tanhs.iter_mut().zip(d).for_each(|(y, d)| *y = d * (1.0 - *y * *y));
}

#[inline(always)]
fn gate_body(hidden: usize, gates: &mut [f32], h_t: &mut [f32]) {
    for (gates, h_t) in gates.chunks_exact_mut(2 * hidden).zip(h_t.chunks_exact_mut(hidden)) {
        let (g, u) = gates.split_at_mut(hidden);
        let (g, u, h_t) = (&mut g[..hidden], &mut u[..hidden], &mut h_t[..hidden]);
        for j in 0..hidden {
            g[j] = sigmoid(g[j]);
            u[j] = tanh(u[j]);
            h_t[j] = g[j] * u[j];
        }
    }
}

#[inline(always)]
fn gate_backward_body(hidden: usize, gates: &mut [f32], dh: &[f32]) {
    for (gates, dh) in gates.chunks_exact_mut(2 * hidden).zip(dh.chunks_exact(hidden)) {
        let (g, u) = gates.split_at_mut(hidden);
        let (g, u, dh) = (&mut g[..hidden], &mut u[..hidden], &dh[..hidden]);
        for j in 0..hidden {
            let dg = dh[j] * u[j] * g[j] * (1.0 - g[j]);
            u[j] = dh[j] * g[j] * (1.0 - u[j] * u[j]);
            g[j] = dg;
        }
    }
}

/// `σ(x) = 1 / (1 + e^−x)`.
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `tanh(x) = 2σ(2x) − 1`: accurate to 1.2·10⁻⁷ absolutely, which is what sums of gates need.
#[inline(always)]
#[must_use]
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

/// Each kernel against the same in plain loops over f64, for sizes around those of the vectors. The
/// slices are as long as they must be and no longer: under valgrind (`make memcheck`) a read or a write
/// beyond one is seen.
#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [usize; 9] = [1, 2, 3, 7, 8, 15, 16, 17, 33];

    /// Numbers within ±2, different for each `seed`.
    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
        let draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 22) as f32 - 2.0
        };
        std::iter::repeat_with(draw).take(count).collect()
    }

    #[track_caller]
    fn assert_near(found: &[f32], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
            assert!(
                (f64::from(*found) - expected).abs() < 2e-5 * (1.0 + expected.abs()),
                "{place}: {found}, {expected}"
            );
        }
    }

    fn wide(numbers: &[f32]) -> Vec<f64> {
        numbers.iter().copied().map(f64::from).collect()
    }

    #[test]
    fn products_are_those_of_plain_loops() {
        let mut seen = 0;
        for (m, k, n) in SIZES.iter().flat_map(|&m| SIZES.iter().flat_map(move |&k| SIZES.map(|n| (m, k, n)))) {
            let (a, b, before) = (numbers(m * k, 1), numbers(k * n, 2), numbers(m * n, 3));
            for transposed in [false, true] {
                for onto in [Write::Overwrite, Write::Accumulate] {
                    let left = if transposed { Matrix::new(&a, k, m).transposed() } else { Matrix::new(&a, m, k) };
                    let right = if transposed { Matrix::new(&b, n, k).transposed() } else { Matrix::new(&b, k, n) };
                    let at = |row: usize, column: usize| {
                        let term = |i: usize| {
                            let (x, y) =
                                if transposed { (i * m + row, column * k + i) } else { (row * k + i, i * n + column) };
                            f64::from(a[x]) * f64::from(b[y])
                        };
                        let sum = if onto == Write::Accumulate { f64::from(before[row * n + column]) } else { 0.0 };
                        (0..k).map(term).sum::<f64>() + sum
                    };
                    let expected: Vec<f64> = (0..m * n).map(|place| at(place / n, place % n)).collect();
                    let mut found = before.clone();
                    multiply(&mut found, onto, left, right);
                    assert_near(&found, &expected);
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 4 * 729);
    }

    #[test]
    fn columns_are_left_out_in_either_form() {
        let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut product = [0.0; 4];
        let last = Matrix::new(&a, 2, 3).columns_from(1);
        multiply(&mut product, Write::Overwrite, last, last.transposed());
        assert_eq!(product, [13.0, 28.0, 28.0, 61.0]);
        // The columns of the transpose are the rows: 4, 5, 6.
        let mut product = [0.0];
        let last = Matrix::new(&a, 2, 3).transposed().columns_from(1);
        multiply(&mut product, Write::Overwrite, last.transposed(), last);
        assert_eq!(product, [77.0]);
    }

    #[test]
    #[should_panic(expected = "a 3×4 matrix in 11 numbers")]
    fn a_matrix_beyond_its_numbers_is_refused() {
        let (short, right) = (numbers(11, 1), numbers(8, 2));
        multiply(&mut [0.0; 6], Write::Overwrite, Matrix::new(&short, 3, 4), Matrix::new(&right, 4, 2));
    }

    #[test]
    fn the_cell_is_that_of_the_equations() {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        for (lanes, hidden) in SIZES.iter().flat_map(|&lanes| SIZES.map(|hidden| (lanes.min(5), hidden))) {
            let count = lanes * hidden;
            let (before, c_tm1) = (numbers(4 * count, 4), numbers(count, 5));
            let (dh, dc_before) = (numbers(count, 6), numbers(count, 7));
            let (mut gates, mut c_t, mut tanh_c_t, mut h_t) =
                (before.clone(), vec![0.0; count], vec![0.0; count], vec![0.0; count]);
            lstm_forward(hidden, &mut gates, &c_tm1, &mut c_t, &mut tanh_c_t, &mut h_t);
            let mut dc = dc_before.clone();
            let mut d = gates.clone();
            lstm_backward(hidden, &mut d, &c_tm1, &tanh_c_t, &dh, &mut dc);
            let (mut cs, mut hs, mut ds, mut dcs) = (vec![], vec![], vec![0.0; 4 * count], vec![]);
            for place in 0..count {
                let (lane, unit) = (place / hidden, place % hidden);
                let index = |gate: usize| lane * 4 * hidden + gate * hidden + unit;
                let x = |gate| f64::from(before[index(gate)]);
                let (i, f, g, o) = (sigmoid(x(0)), sigmoid(x(1)), x(2).tanh(), sigmoid(x(3)));
                let (memory, dh) = (f64::from(c_tm1[place]), f64::from(dh[place]));
                let c = f * memory + i * g;
                let through = f64::from(dc_before[place]) + dh * o * (1.0 - c.tanh().powi(2));
                let slopes = [i * (1.0 - i) * g, f * (1.0 - f) * memory, (1.0 - g * g) * i];
                slopes.into_iter().enumerate().for_each(|(gate, slope)| ds[index(gate)] = through * slope);
                ds[index(3)] = dh * c.tanh() * o * (1.0 - o);
                cs.push(c);
                hs.push(o * c.tanh());
                dcs.push(through * f);
            }
            assert_near(&c_t, &cs);
            assert_near(&h_t, &hs);
            assert_near(&d, &ds);
            assert_near(&dc, &dcs);
        }
    }

    #[test]
    fn the_gated_cells_are_those_of_the_equations() {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        for (lanes, hidden) in SIZES.iter().flat_map(|&lanes| SIZES.map(|hidden| (lanes.min(5), hidden))) {
            let (count, columns) = (lanes * hidden, hidden + 3);
            let (before, states, dh) = (numbers(4 * count, 17), numbers(lanes * columns, 18), numbers(count, 19));
            let (mut gates, mut h_t, mut d_state) = (before.clone(), vec![0.0; count], dh.clone());
            gru_forward(hidden, columns, &mut gates, &states, &mut h_t);
            gru_backward(hidden, columns, &mut gates, &states, &mut d_state);
            let (mut hs, mut ds, mut kept) = (vec![], vec![0.0; 4 * count], vec![]);
            let (mut pair, mut mixed, mut d_mixed) = (before[..2 * count].to_vec(), vec![0.0; count], dh.clone());
            interpolate(hidden, columns, &mut pair, &states, &mut mixed);
            interpolate_backward(hidden, columns, &mut pair, &states, &mut d_mixed);
            let (mut mixes, mut d_pair, mut mixed_kept) = (vec![], vec![0.0; 2 * count], vec![]);
            let (mut gated, mut d_gated) = (vec![], vec![0.0; 2 * count]);
            for place in 0..count {
                let (lane, unit) = (place / hidden, place % hidden);
                let index = |gates: usize, gate: usize| lane * gates * hidden + gate * hidden + unit;
                let x = |gate| f64::from(before[index(4, gate)]);
                let (h, dh) = (f64::from(states[lane * columns + unit]), f64::from(dh[place]));
                let (r, z, m) = (sigmoid(x(0)), sigmoid(x(1)), x(3));
                let n = (x(2) + r * m).tanh();
                let d_n = dh * (1.0 - z) * (1.0 - n * n);
                hs.push((1.0 - z) * n + z * h);
                let slopes = [d_n * m * r * (1.0 - r), dh * (h - n) * z * (1.0 - z), d_n, d_n * r];
                slopes.into_iter().enumerate().for_each(|(gate, slope)| ds[index(4, gate)] = slope);
                kept.push(dh * z);
                let (z, candidate) = (sigmoid(f64::from(before[index(2, 0)])), f64::from(before[index(2, 1)]));
                mixes.push((1.0 - z) * h + z * candidate);
                (d_pair[index(2, 0)], d_pair[index(2, 1)]) = (dh * (candidate - h) * z * (1.0 - z), dh * z);
                mixed_kept.push(dh * (1.0 - z));
                let u = candidate.tanh();
                gated.push(z * u);
                (d_gated[index(2, 0)], d_gated[index(2, 1)]) = (dh * u * z * (1.0 - z), dh * z * (1.0 - u * u));
            }
            let (mut layer, mut layer_h) = (before[..2 * count].to_vec(), vec![0.0; count]);
            gate(hidden, &mut layer, &mut layer_h);
            assert_near(&layer_h, &gated);
            gate_backward(hidden, &mut layer, &dh);
            assert_near(&layer, &d_gated);
            for (found, expected) in [(&h_t, hs), (&gates, ds), (&d_state, kept), (&mixed, mixes)] {
                assert_near(found, &expected);
            }
            for (found, expected) in [(&pair, d_pair), (&d_mixed, mixed_kept)] {
                assert_near(found, &expected);
            }
            let (mut tanhs, mut copy) = (dh.clone(), vec![0.0; count]);
            squash(&mut tanhs, &mut copy);
            assert_near(&copy, &wide(&dh).into_iter().map(f64::tanh).collect::<Vec<_>>());
            squash_backward(&mut tanhs, &dh);
            assert_near(&tanhs, &wide(&dh).into_iter().map(|x| x * (1.0 - x.tanh().powi(2))).collect::<Vec<_>>());
        }
    }

    #[test]
    fn preactivations_and_sums_are_those_of_plain_loops() {
        for (lanes, width) in SIZES.iter().flat_map(|&lanes| SIZES.map(|width| (lanes, width))) {
            let rows: Vec<u32> = (0..lanes as u32).map(|lane| lane * 5 % 3).collect();
            let (table, weight, told) = (numbers(3 * width, 8), numbers(width, 9), numbers(lanes, 10));
            let mut found = vec![f32::NAN; lanes * width];
            preactivate(width, &table, &rows, &weight, &told, &mut found);
            let at = |place: usize| {
                let (lane, j) = (place / width, place % width);
                f64::from(table[rows[lane] as usize * width + j]) + f64::from(told[lane]) * f64::from(weight[j])
            };
            assert_near(&found, &(0..lanes * width).map(at).collect::<Vec<_>>());

            let (d, mut d_table, mut d_weight) = (numbers(lanes * width, 11), table.clone(), weight.clone());
            preactivate_backward(width, &d, &rows, &told, &mut d_table, &mut d_weight);
            let (mut tables, mut weights) = (wide(&table), wide(&weight));
            for (place, &d) in d.iter().enumerate() {
                let (lane, j) = (place / width, place % width);
                tables[rows[lane] as usize * width + j] += f64::from(d);
                weights[j] += f64::from(told[lane]) * f64::from(d);
            }
            assert_near(&d_table, &tables);
            assert_near(&d_weight, &weights);

            let bytes: Vec<u8> = (0..lanes * width).map(|place| (place * 37) as u8).collect();
            let mut scaled = vec![f32::NAN; bytes.len()];
            scale_bytes(&bytes, &mut scaled);
            assert_near(&scaled, &bytes.iter().map(|&byte| f64::from(byte) / 255.0).collect::<Vec<_>>());

            let mut sum = d.clone();
            add(&mut sum, &found);
            let both = wide(&d).into_iter().zip(wide(&found)).map(|(a, b)| a + b);
            assert_near(&sum, &both.collect::<Vec<_>>());
        }
    }

    #[test]
    fn convolutions_are_those_of_plain_loops() {
        // Fields on a grid with gaps, in numbers below, at and beyond those of a tile.
        for (count, length, blocks) in SIZES.iter().flat_map(|&count| [(count, 5, 1), (count, 9, 3), (count, 24, 2)]) {
            let starts: Vec<u32> = (0..count as u32).map(|field| field * 3).collect();
            let segments = [0, 31, 40];
            let fields = Fields { starts: &starts, segments: &segments, length };
            let (inputs, width) = (fields.inputs(), blocks * BLOCK);
            let image = numbers(3 * (count - 1) + 40 + length, 12);
            let weight = numbers(blocks * inputs * BLOCK, 13);
            let bias = numbers(width, 14);
            let x = |field: usize, input: usize| {
                f64::from(image[3 * field + segments[input / length] as usize + input % length])
            };
            let at = |input: usize, channel: usize| ((channel / BLOCK) * inputs + input) * BLOCK + channel % BLOCK;
            let mut found = vec![f32::NAN; count * width];
            let expected = |place: usize| {
                let (field, channel) = (place / width, place % width);
                let term = |input| x(field, input) * f64::from(weight[at(input, channel)]);
                ((0..inputs).map(term).sum::<f64>() + f64::from(bias[channel])).max(0.0)
            };
            let expected: Vec<f64> = (0..count * width).map(expected).collect();
            // Those for other processors too.
            for convolve in [convolve, convolve_body::<true, 8>, convolve_body::<true, 4>, convolve_body::<false, 2>] {
                found.fill(f32::NAN);
                convolve(&image, fields, weight.as_chunks().0, bias.as_chunks().0, &mut found);
                assert_near(&found, &expected);
            }

            let d = numbers(count * width, 15);
            let mut expected = wide(&weight);
            for (place, &d) in d.iter().enumerate() {
                let (field, channel) = (place / width, place % width);
                (0..inputs).for_each(|input| expected[at(input, channel)] += x(field, input) * f64::from(d));
            }
            let (fused, plain) = (convolve_backward_body::<true, 4>, convolve_backward_body::<false, 2>);
            for convolve_backward in [convolve_backward, convolve_backward_body::<true, 8>, fused, plain] {
                let mut d_weight = weight.clone();
                convolve_backward(&image, fields, &d, d_weight.as_chunks_mut().0);
                assert_near(&d_weight, &expected);
            }
        }
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn a_field_outside_of_its_image_is_refused() {
        let fields = Fields { starts: &[0, 4], segments: &[0, 8], length: 4 };
        convolve(&[1.0; 15], fields, &[[0.0; BLOCK]; 8], &[[0.0; BLOCK]], &mut [0.0; 2 * BLOCK]);
    }

    /// Whatever vectors the processor has: valgrind has no AVX-512, and this is the same there.
    #[test]
    fn the_cells_bits_are_the_same_on_every_processor() {
        let (lanes, hidden) = (3, 37);
        let count = lanes * hidden;
        let (mut gates, c_tm1) = (numbers(4 * count, 4), numbers(count, 5));
        let (mut c_t, mut tanh_c_t, mut h_t) = (vec![0.0; count], vec![0.0; count], vec![0.0; count]);
        lstm_forward(hidden, &mut gates, &c_tm1, &mut c_t, &mut tanh_c_t, &mut h_t);
        let mut dc = numbers(count, 7);
        lstm_backward(hidden, &mut gates, &c_tm1, &tanh_c_t, &numbers(count, 6), &mut dc);
        let all = h_t.iter().chain(&gates).chain(&dc);
        // FNV-1a over the bits.
        let hash = all.fold(0xcbf2_9ce4_8422_2325_u64, |hash, number| {
            (hash ^ u64::from(number.to_bits())).wrapping_mul(0x100_0000_01b3)
        });
        assert_eq!(hash, 0xb135_6475_7901_c45f, "{hash:#x}");
    }
}
