//! The functions of each kind of number, against those of the standard library in f64.

use gridworld_numeracy::engine::{BATCH, Real, Row, vectorized, zeros};

/// Gives numbers of both signs from `low` to `high`, each a little greater in size than the one before it.
fn spread(low: f64, high: f64) -> impl Iterator<Item = f64> {
    let steps = ((high / low).ln() / 0.003) as i32;
    (0..=steps).flat_map(move |step| {
        let size = low * (0.003 * f64::from(step)).exp();
        [size, -size]
    })
}

/// Compares the functions of numbers with this spacing at 1 with those of the standard library; gives the number of
/// comparisons.
fn compare<T: Real>(epsilon: f64) -> usize {
    let mut looked_at = 0;
    for wanted in spread(1e-12, 80.0) {
        let x = T::from_f64(wanted);
        let exact = x.to_f64();
        // e^(−2|x|) is off by two units at 1, and so is each of 1 ± e; of their quotient it is half as much.
        let tanh = x.tanh().to_f64();
        assert!((tanh - exact.tanh()).abs() <= 2.0 * epsilon, "tanh {exact}: {tanh}");
        // Relative: two units for the exponential, and a half each for the sum and the quotient.
        let (sigmoid, right) = (x.sigmoid().to_f64(), 1.0 / (1.0 + (-exact).exp()));
        assert!((sigmoid / right - 1.0).abs() <= 3.5 * epsilon, "sigmoid {exact}: {sigmoid}");
        let exp = x.exp().to_f64();
        assert!((exp / exact.exp() - 1.0).abs() <= 2.0 * epsilon, "exp {exact}: {exp}");
        // A factor that is off by two units adds them to the logarithm, which has rounding of its own size.
        let back = x.exp().ln().to_f64();
        assert!((back - exact).abs() <= epsilon * (2.5 + 1.5 * exact.abs()), "ln exp {exact}: {back}");
        assert_eq!((-x).tanh(), -x.tanh(), "{exact}");
        looked_at += 1;
    }
    looked_at
}

#[test]
fn functions_are_exact_to_a_few_units_in_the_last_place() {
    assert!(compare::<f32>(f64::from(f32::EPSILON)) > 20_000);
    assert!(compare::<f64>(f64::EPSILON) > 20_000);
}

#[test]
fn angles_lose_what_their_size_costs_and_no_more() {
    // Turns are a product of two rounded factors: half a unit each, of the angle's size; the series adds a few.
    let epsilon = f64::from(f32::EPSILON);
    let mut looked_at = 0;
    for wanted in spread(1e-6, 6e6) {
        let angle = wanted as f32;
        let (exact, bound) = (f64::from(angle), epsilon * (f64::from(angle.abs()) + 4.0));
        let (sin, cos) = (f64::from(Real::sin(angle)), f64::from(Real::cos(angle)));
        assert!((sin - exact.sin()).abs() <= bound, "sin {angle}: {sin}");
        assert!((cos - exact.cos()).abs() <= bound, "cos {angle}: {cos}");
        // Whatever the angle has lost, both are of one and the same.
        assert!((sin * sin + cos * cos - 1.0).abs() <= 6.0 * epsilon, "{angle}: {sin} {cos}");
        assert_eq!((Real::sin(-angle), Real::cos(-angle)), (-Real::sin(angle), Real::cos(angle)));
        looked_at += 1;
    }
    assert!(looked_at > 15_000);
}

#[test]
fn the_ends_of_the_functions_are_what_they_approach() {
    fn ends<T: Real>() {
        let [zero, one, huge] = [0.0, 1.0, 1e30].map(T::from_f64);
        assert_eq!([zero.exp(), zero.tanh(), zero.sigmoid(), one.ln()], [one, zero, T::from_f64(0.5), zero]);
        assert_eq!([huge.tanh(), (-huge).tanh(), huge.sigmoid()], [one, -one, one]);
        let least = (-huge).sigmoid();
        assert!(least >= zero && least.to_f64() < 1e-37, "{least:?}");
        assert!(T::from_f64(f64::NAN).tanh().to_f64().is_nan() && T::from_f64(f64::NAN).sigmoid().to_f64().is_nan());
    }
    ends::<f32>();
    ends::<f64>();
    // Exponentials of `f32` end at e⁻⁸⁷ and e⁸⁸, both normal numbers, with no step before the end.
    for (inside, end, beyond) in [(-86.999, -87.0, -87.001), (87.999, 88.0, 88.001), (80.0, 88.0, f32::INFINITY)] {
        let [inside, end, beyond] = [inside, end, beyond].map(|x: f32| Real::exp(x));
        assert_eq!(end, beyond);
        assert!(end.is_normal() && inside != end);
    }
}

#[test]
fn order_and_sign_are_those_of_the_numbers() {
    fn order<T: Real>() {
        let of = T::from_f64;
        for (a, b, least, greatest) in [(1.0, 2.0, 1.0, 2.0), (-0.5, -3.0, -3.0, -0.5), (7.0, 7.0, 7.0, 7.0)] {
            assert_eq!([of(a).min(of(b)), of(a).max(of(b))], [least, greatest].map(of));
        }
        for (x, clamped, sign) in [(-9.0, -1.0, -1.0), (-0.5, -0.5, -1.0), (0.0, 0.0, 0.0), (3.0, 2.0, 1.0)] {
            assert_eq!([of(x).clamp(of(-1.0), of(2.0)), of(x).sign()], [clamped, sign].map(of));
        }
        // Of two, the first is kept where one of them is not a number: clamping does not make up a number.
        let nan = of(f64::NAN);
        assert_eq!([of(1.0).min(nan), of(1.0).max(nan)], [of(1.0); 2]);
        assert!([nan.min(of(1.0)), nan.max(of(1.0)), nan.clamp(of(-1.0), of(1.0))].iter().all(|x| x.to_f64().is_nan()));
    }
    order::<f32>();
    order::<f64>();
}

#[test]
fn products_are_fused_and_integers_exact() {
    // (1 + δ)² − (1 + 2δ) = δ², which a product that is rounded first loses.
    fn fused<T: Real>(delta: f64) {
        let factor = T::from_f64(1.0 + delta);
        assert_eq!(factor.fma(factor, -T::from_f64(1.0 + 2.0 * delta)), T::from_f64(delta * delta));
        assert_eq!(factor * factor - T::from_f64(1.0 + 2.0 * delta), T::ZERO);
        for integer in [0, 1, 1 << 23, (1 << 24) - 1] {
            assert_eq!(T::from_u32(integer).to_f64(), f64::from(integer));
        }
    }
    fused::<f32>(2_f64.powi(-12));
    fused::<f64>(2_f64.powi(-27));
}

#[test]
fn wide_vectors_change_no_bit() {
    let mut x: Row<f32> = zeros();
    for block in 0..200 {
        x.iter_mut().enumerate().for_each(|(lane, x)| *x = ((block * BATCH + lane) as f32 - 12_800.0) * 0.0071);
        let functions: [fn(f32) -> f32; 6] = [
            |x| Real::exp(x),
            |x| Real::ln(Real::abs(x) + 0.25),
            |x| Real::tanh(x),
            |x| x.sigmoid(),
            |x| Real::sin(x).fma(x, 0.5),
            |x| Real::cos(x) / Real::sqrt(Real::abs(x) + 1.0),
        ];
        let mut wide = [zeros::<f32>(); 6];
        vectorized(
            #[inline(always)]
            || {
                for lane in 0..BATCH {
                    wide[0][lane] = Real::exp(x[lane]);
                    wide[1][lane] = Real::ln(Real::abs(x[lane]) + 0.25);
                    wide[2][lane] = Real::tanh(x[lane]);
                    wide[3][lane] = x[lane].sigmoid();
                    wide[4][lane] = Real::sin(x[lane]).fma(x[lane], 0.5);
                    wide[5][lane] = Real::cos(x[lane]) / Real::sqrt(Real::abs(x[lane]) + 1.0);
                }
            },
        );
        for (function, found) in functions.iter().zip(&wide) {
            assert_eq!(found.map(f32::to_bits), x.map(|x| function(x).to_bits()));
        }
    }
}
