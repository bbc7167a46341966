//! The way into logarithmic space, and back: `log(|x| + ε)`.

use crate::engine::{BATCH, Real, Row, vectorized};

/// Small number ε that keeps the logarithm of nothing finite.
const EPSILON: f64 = 1e-7;

/// Computes the logarithms `l = log(|x| + ε)`.
pub(super) fn forward<T: Real>(x: &[Row<T>], logarithms: &mut [Row<T>]) {
    vectorized(
        #[inline(always)]
        || {
            for (l, x) in logarithms.iter_mut().zip(x) {
                for lane in 0..BATCH {
                    l[lane] = (x[lane].abs() + T::from_f64(EPSILON)).ln();
                }
            }
        },
    );
}

/// Adds to `dx` the derivative through the logarithms: `sign(x) / (|x| + ε)` times `dl`.
pub(super) fn add_backward<T: Real>(x: &[Row<T>], dl: &[Row<T>], dx: &mut [Row<T>]) {
    vectorized(
        #[inline(always)]
        || {
            for ((dx, x), dl) in dx.iter_mut().zip(x).zip(dl) {
                for lane in 0..BATCH {
                    dx[lane] += x[lane].sign() * dl[lane] / (x[lane].abs() + T::from_f64(EPSILON));
                }
            }
        },
    );
}
