//! Products of a layer: forward, and backward by weights and by inputs.

use super::batch::{BATCH, Row, dot};
use super::{Real, vectorized};

/// Number of examples whose sums stay in registers together.
const BLOCK: usize = 64;

/// Adds numbers to as many others.
///
/// # Panics
/// If the lengths differ.
pub fn add<T: Real>(sums: &mut [T], numbers: &[T]) {
    assert_eq!(sums.len(), numbers.len(), "a number for each sum");
    sums.iter_mut().zip(numbers).for_each(|(sum, &number)| *sum += number);
}

/// Adds rows to as many others.
pub fn add_rows<T: Real>(sums: &mut [Row<T>], rows: &[Row<T>]) {
    add(sums.as_flattened_mut(), rows.as_flattened());
}

/// Computes `y_o = Σ_i w_oi x_i` for every example: `w` is `[out, in]` row by row, `x` has `in` rows and `y` has `out`.
///
/// # Panics
/// If there is not one weight for each input of each output.
pub fn product<T: Real>(w: &[T], x: &[Row<T>], y: &mut [Row<T>]) {
    assert_eq!(w.len(), x.len() * y.len(), "a weight for each input of each output");
    vectorized(
        #[inline(always)]
        || {
            let mut outputs = y.chunks_exact_mut(2);
            let mut weights = w.chunks_exact(2 * x.len());
            for (pair, w) in outputs.by_ref().zip(weights.by_ref()) {
                let (w_0, w_1) = w.split_at(x.len());
                for block in 0..BATCH / BLOCK {
                    let mut sums = [[T::ZERO; BLOCK]; 2];
                    for ((x, &w_0), &w_1) in x.iter().zip(w_0).zip(w_1) {
                        let x: &[T; BLOCK] = x[block * BLOCK..][..BLOCK].try_into().expect("a block");
                        for lane in 0..BLOCK {
                            sums[0][lane] = w_0.fma(x[lane], sums[0][lane]);
                        }
                        for lane in 0..BLOCK {
                            sums[1][lane] = w_1.fma(x[lane], sums[1][lane]);
                        }
                    }
                    pair[0][block * BLOCK..][..BLOCK].copy_from_slice(&sums[0]);
                    pair[1][block * BLOCK..][..BLOCK].copy_from_slice(&sums[1]);
                }
            }
            for (y, w) in outputs.into_remainder().iter_mut().zip(weights.remainder().chunks_exact(x.len())) {
                for block in 0..BATCH / BLOCK {
                    let mut sums = [T::ZERO; BLOCK];
                    for (x, &w) in x.iter().zip(w) {
                        let x: &[T; BLOCK] = x[block * BLOCK..][..BLOCK].try_into().expect("a block");
                        for lane in 0..BLOCK {
                            sums[lane] = w.fma(x[lane], sums[lane]);
                        }
                    }
                    y[block * BLOCK..][..BLOCK].copy_from_slice(&sums);
                }
            }
        },
    );
}

/// Computes `dw_oi = Σ_examples dy_o x_i`, which overwrites `dw`.
///
/// # Panics
/// If `dw` has not one place for each input of each output.
pub fn weight_gradient<T: Real>(x: &[Row<T>], dy: &[Row<T>], dw: &mut [T]) {
    assert_eq!(dw.len(), x.len() * dy.len(), "a gradient for each weight");
    vectorized(
        #[inline(always)]
        || {
            for (dy, dw) in dy.iter().zip(dw.chunks_exact_mut(x.len())) {
                for (x, dw) in x.iter().zip(dw) {
                    *dw = dot(dy, x);
                }
            }
        },
    );
}

/// Adds `Σ_o w_oi dy_o` to `dx_i` for every example.
///
/// # Panics
/// If there is not one weight for each input of each output.
pub fn add_input_gradient<T: Real>(w: &[T], dy: &[Row<T>], dx: &mut [Row<T>]) {
    assert_eq!(w.len(), dx.len() * dy.len(), "a weight for each input of each output");
    vectorized(
        #[inline(always)]
        || {
            for (dy, w) in dy.iter().zip(w.chunks_exact(dx.len())) {
                for (dx, &w) in dx.iter_mut().zip(w) {
                    for lane in 0..BATCH {
                        dx[lane] = w.fma(dy[lane], dx[lane]);
                    }
                }
            }
        },
    );
}
