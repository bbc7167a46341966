//! The numbers that networks compute with.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// `f32`, in which networks train, or `f64`, in which their gradients are checked.
///
/// The functions of `f32` are polynomials without branches, so that a loop over them becomes vector instructions, and
/// they give the same bits on every processor: each step is an operation that IEEE 754 defines to the last bit.
pub trait Real:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
{
    /// The number 0.
    const ZERO: Self;
    /// The number 1.
    const ONE: Self;
    /// Gives the nearest number of this kind.
    fn from_f64(value: f64) -> Self;
    /// Gives the number as an `f64`.
    fn to_f64(self) -> f64;
    /// Converts an integer below 2²⁴, exactly.
    fn from_u32(value: u32) -> Self;
    /// Computes `self · factor + term` with one rounding.
    fn fma(self, factor: Self, term: Self) -> Self;
    /// Computes the square root.
    fn sqrt(self) -> Self;
    /// Computes the absolute value.
    fn abs(self) -> Self;
    /// Computes the exponential eˣ.
    fn exp(self) -> Self;
    /// Computes the natural logarithm of a positive normal number.
    fn ln(self) -> Self;
    /// Computes the sine of an angle of no more than a million turns.
    fn sin(self) -> Self;
    /// Computes the cosine of an angle of no more than a million turns.
    fn cos(self) -> Self;

    /// Gives the lesser of two numbers; `self` where it is not a number.
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    /// Gives the greater of two numbers; `self` where it is not a number.
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }

    /// Gives the nearest number from `low` to `high`.
    #[inline(always)]
    fn clamp(self, low: Self, high: Self) -> Self {
        self.max(low).min(high)
    }

    /// Gives the sign as a number: −1, 0 or 1.
    #[inline(always)]
    fn sign(self) -> Self {
        let up = if self > Self::ZERO { Self::ONE } else { Self::ZERO };
        if self < Self::ZERO { -Self::ONE } else { up }
    }

    /// Computes the logistic function, 1 / (1 + e⁻ˣ).
    #[inline(always)]
    fn sigmoid(self) -> Self {
        Self::ONE / (Self::ONE + (-self).exp())
    }

    /// Computes the hyperbolic tangent, from e to the power of −2|x|, which cannot overflow.
    #[inline(always)]
    fn tanh(self) -> Self {
        let e = (Self::from_f64(-2.0) * self.abs()).exp();
        let size = (Self::ONE - e) / (Self::ONE + e);
        if self < Self::ZERO { -size } else { size }
    }
}

impl Real for f64 {
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;

    #[inline(always)]
    fn from_f64(value: f64) -> f64 {
        value
    }

    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }

    #[inline(always)]
    fn from_u32(value: u32) -> f64 {
        f64::from(value)
    }

    #[inline(always)]
    fn fma(self, factor: f64, term: f64) -> f64 {
        self.mul_add(factor, term)
    }

    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn abs(self) -> f64 {
        f64::abs(self)
    }

    #[inline(always)]
    fn exp(self) -> f64 {
        f64::exp(self)
    }

    #[inline(always)]
    fn ln(self) -> f64 {
        f64::ln(self)
    }

    #[inline(always)]
    fn sin(self) -> f64 {
        f64::sin(self)
    }

    #[inline(always)]
    fn cos(self) -> f64 {
        f64::cos(self)
    }
}

/// Number that, added to a small one, moves its integer part into the lowest bits.
const ROUND: f32 = 12_582_912.0;

/// Gives the difference of an angle from the nearest multiple of π, and the sign bit that an odd multiple turns.
#[inline(always)]
fn half_turns(angle: f32) -> (f32, u32) {
    let turns = angle * std::f32::consts::FRAC_1_PI;
    let shifted = turns + ROUND;
    ((turns - (shifted - ROUND)) * std::f32::consts::PI, (shifted.to_bits() & 1) << 31)
}

/// ln 2, its leading bits and the rest, so that `n · LN_2_HIGH` is exact for every exponent n.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// Bits of √½: a mantissa is taken between it and √2.
const SQRT_HALF_BITS: u32 = 0x3F35_04F3;
/// Coefficients of `g` in `ln(1 + f) = f − f²/2 + f³ g(f)`, from the lowest power: interpolated in the Chebyshev nodes
/// of [√½ − 1, √2 − 1], within 1.2e-9.
const LN_COEFFICIENTS: [f32; 9] = [
    0.333_333_3,
    -0.25,
    0.200_007_16,
    -0.166_678_02,
    0.142_490_58,
    -0.124_256_87,
    0.116_854_2,
    -0.114_797_34,
    0.069_716_11,
];

impl Real for f32 {
    const ZERO: f32 = 0.0;
    const ONE: f32 = 1.0;

    #[inline(always)]
    fn from_f64(value: f64) -> f32 {
        value as f32
    }

    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn from_u32(value: u32) -> f32 {
        // Signed integers have a vector conversion on every processor.
        value as i32 as f32
    }

    #[inline(always)]
    fn fma(self, factor: f32, term: f32) -> f32 {
        self.mul_add(factor, term)
    }

    #[inline(always)]
    fn sqrt(self) -> f32 {
        f32::sqrt(self)
    }

    #[inline(always)]
    fn abs(self) -> f32 {
        f32::abs(self)
    }

    /// Computes `e^x = 2^n e^r` with |r| ≤ ln 2 / 2 and eʳ by its series. From −87 to 88; beyond, the value at that
    /// end.
    #[inline(always)]
    fn exp(self) -> f32 {
        let x = Real::clamp(self, -87.0, 88.0);
        let shifted = x.mul_add(std::f32::consts::LOG2_E, ROUND);
        let n = shifted - ROUND;
        let r = n.mul_add(-LN_2_LOW, n.mul_add(-LN_2_HIGH, x));
        let mut series = 1.0 / 5040.0_f32;
        for factor in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
            series = series.mul_add(r, factor);
        }
        let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127);
        series * f32::from_bits(exponent << 23)
    }

    #[inline(always)]
    fn ln(self) -> f32 {
        let exponent = (self.to_bits().wrapping_sub(SQRT_HALF_BITS) as i32) >> 23;
        let f = f32::from_bits(self.to_bits().wrapping_sub((exponent as u32) << 23)) - 1.0;
        let n = exponent as f32;
        let mut g = LN_COEFFICIENTS[8];
        for i in (0..8).rev() {
            g = g.mul_add(f, LN_COEFFICIENTS[i]);
        }
        let square = f * f;
        let tail = (square * f).mul_add(g, n.mul_add(LN_2_LOW, -0.5 * square));
        n.mul_add(LN_2_HIGH, f + tail)
    }

    /// Computes the sine by its series, within ±π/2 of a multiple of π.
    #[inline(always)]
    fn sin(self) -> f32 {
        let (rest, flip) = half_turns(self);
        let square = rest * rest;
        let mut series = 1.0 / 6_227_020_800.0_f32;
        for factor in [-1.0 / 39_916_800.0, 1.0 / 362_880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0] {
            series = series.mul_add(square, factor);
        }
        f32::from_bits((series * rest).to_bits() ^ flip)
    }

    #[inline(always)]
    fn cos(self) -> f32 {
        let (rest, flip) = half_turns(self);
        let square = rest * rest;
        let mut series = -1.0 / 87_178_291_200.0_f32;
        let factors = [1.0 / 479_001_600.0, -1.0 / 3_628_800.0, 1.0 / 40_320.0, -1.0 / 720.0, 1.0 / 24.0, -0.5, 1.0];
        for factor in factors {
            series = series.mul_add(square, factor);
        }
        f32::from_bits(series.to_bits() ^ flip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_and_logarithm_are_exact_to_two_units_in_the_last_place() {
        let mut looked_at = 0;
        for i in -86_000..88_000 {
            let x = i as f32 / 1000.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(Real::exp(x)) / exact - 1.0).abs() < 2.0 * f64::from(f32::EPSILON), "exp {x}");
            looked_at += 1;
        }
        let mut x = 1.2e-38_f32;
        while x < 3e38 {
            let exact = f64::from(x).ln();
            let error = (f64::from(Real::ln(x)) - exact).abs();
            assert!(error < 1.5 * f64::from(f32::EPSILON) * exact.abs().max(0.1), "ln {x}: {error:e} of {exact}");
            x *= 1.000_37;
            looked_at += 1;
        }
        assert!(looked_at > 500_000);
    }

    #[test]
    fn squashing_functions_are_those_of_the_standard_library() {
        for i in -20_000..=20_000 {
            let x = i as f32 / 1000.0;
            let exact = f64::from(x);
            assert!((f64::from(Real::tanh(x)) - exact.tanh()).abs() < 2e-7, "tanh {x}");
            assert!((f64::from(Real::sigmoid(x)) - 1.0 / (1.0 + (-exact).exp())).abs() < 2e-7, "sigmoid {x}");
        }
        for i in -20_000..=20_000 {
            let angle = i as f32 / 1000.0;
            assert!((f64::from(Real::sin(angle)) - f64::from(angle).sin()).abs() < 2e-6, "sin {angle}");
            assert!((f64::from(Real::cos(angle)) - f64::from(angle).cos()).abs() < 2e-6, "cos {angle}");
        }
        let half_turns = [0.0, 1.0, 2.0, -1.0].map(|half| Real::cos(half * std::f32::consts::PI));
        assert_eq!(half_turns, [1.0, -1.0, 1.0, -1.0]);
        assert_eq!([-0.5_f32, 0.0, 3.0].map(Real::sign), [-1.0, 0.0, 1.0]);
    }

    #[test]
    fn the_ends_do_not_overflow() {
        assert!(Real::exp(1e30_f32).is_finite() && Real::exp(-1e30_f32) > 0.0);
        assert!(Real::exp(f32::NAN).is_nan());
    }
}
