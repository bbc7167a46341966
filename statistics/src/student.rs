//! Student's t distribution.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// The `level` quantile with whole `freedom` degrees of freedom, for a level of ½ or more.
///
/// Found by halving: with t = √ν tan θ, P(|T| ≤ t) is a finite sum of powers of cos θ (Abramowitz & Stegun 1964, 26.7.3
/// and 26.7.4).
#[must_use]
pub fn quantile(level: f64, freedom: usize) -> f64 {
    let wanted = 2.0 * level - 1.0;
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if within(middle, freedom) < wanted { low = middle } else { high = middle }
    }
    (freedom as f64).sqrt() * low.tan()
}

/// Gives P(|T| ≤ √ν tan θ).
fn within(theta: f64, freedom: usize) -> f64 {
    let (sine, cosine) = theta.sin_cos();
    let odd = freedom % 2 == 1;
    // The first term's power and the factors that lead from each term to the next.
    let mut term = if odd { cosine } else { 1.0 };
    let mut sum = 0.0;
    let mut power = freedom % 2;
    while power + 2 <= freedom {
        sum += term;
        power += 2;
        term *= cosine * cosine * (power - 1) as f64 / power as f64;
    }
    if odd { FRAC_2_PI * (theta + sine * sum) } else { sine * sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        let table = [
            (0.99, 1, 31.8205),
            (0.99, 2, 6.9646),
            (0.99, 3, 4.5407),
            (0.99, 4, 3.7469),
            (0.99, 8, 2.8965),
            (0.99, 9, 2.8214),
            (0.975, 5, 2.5706),
            (0.975, 30, 2.0423),
            (0.95, 19, 1.7291),
        ];
        for (level, freedom, expected) in table {
            let found = quantile(level, freedom);
            assert!((found - expected).abs() < 6e-5, "t({level}, {freedom}) is {found}, not {expected}");
        }
        assert!(quantile(0.5, 7).abs() < 1e-12);
    }
}
