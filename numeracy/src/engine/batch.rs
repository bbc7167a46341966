//! A batch of examples, feature by feature.

use super::Real;

/// Number of examples that a network computes together: the mini-batch of every published experiment here.
pub const BATCH: usize = 128;

/// One feature of all examples of a batch.
pub type Row<T> = [T; BATCH];

/// Makes a row of zeros.
#[must_use]
pub fn zeros<T: Real>() -> Row<T> {
    [T::ZERO; BATCH]
}

/// Computes the sum of a row, by halves: the order is fixed, and with it the rounding.
#[inline(always)]
pub fn sum<T: Real>(row: &Row<T>) -> T {
    let mut half = [T::ZERO; BATCH / 2];
    for lane in 0..BATCH / 2 {
        half[lane] = row[lane] + row[lane + BATCH / 2];
    }
    fold(half)
}

/// Computes the scalar product of two rows, in the same order.
#[inline(always)]
pub fn dot<T: Real>(left: &Row<T>, right: &Row<T>) -> T {
    let mut half = [T::ZERO; BATCH / 2];
    for lane in 0..BATCH / 2 {
        let other = lane + BATCH / 2;
        half[lane] = left[lane].fma(right[lane], left[other] * right[other]);
    }
    fold(half)
}

#[inline(always)]
fn fold<T: Real>(half: [T; BATCH / 2]) -> T {
    let eighth = halve::<T, 32, 16>(halve::<T, 64, 32>(half));
    let [a, b, c, d] = halve::<T, 8, 4>(halve::<T, 16, 8>(eighth));
    (a + c) + (b + d)
}

#[inline(always)]
fn halve<T: Real, const N: usize, const HALF: usize>(values: [T; N]) -> [T; HALF] {
    let mut sums = [T::ZERO; HALF];
    for lane in 0..HALF {
        sums[lane] = values[lane] + values[lane + HALF];
    }
    sums
}
