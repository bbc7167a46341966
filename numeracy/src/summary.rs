//! Statistics over all seeds of an experiment.

use gridworld_statistics::ordered::{self, ascending};
use gridworld_statistics::wilson95;
use serde::{Deserialize, Serialize};

use crate::diverged;

/// Number and share of seeds that are solved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rate {
    /// Number of solved seeds.
    pub solved: u64,
    /// Number of all seeds.
    pub seeds: u64,
    /// Share of solved seeds, from 0 to 1.
    pub rate: f64,
    /// 95 % interval of the share (Wilson 1927).
    pub ci95: (f64, f64),
}

impl Rate {
    /// Makes the rate of `solved` of so many seeds.
    #[must_use]
    pub fn new(solved: u64, seeds: u64) -> Rate {
        Rate { solved, seeds, rate: solved as f64 / seeds as f64, ci95: wilson95(solved, seeds) }
    }
}

/// Median of some numbers, with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Median {
    /// Median: half of the numbers are no greater, half no less.
    #[serde(deserialize_with = "diverged::read")]
    pub median: f64,
    /// 95 % interval of the median: the two numbers in the ordered list between which it lies with that probability,
    /// whatever the distribution (the sign test's interval); nothing where there are too few.
    #[serde(deserialize_with = "diverged::read")]
    pub ci95: Option<(f64, f64)>,
}

impl Median {
    /// Makes the median of these numbers, of which those that are not finite count as infinite; nothing where there are
    /// none.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Median> {
        let sorted = ascending(numbers.into_iter().map(diverged::infinite));
        let (median, n) = (ordered::median(&sorted)?, sorted.len());
        let ci95 = tail(n).map(|below| (sorted[below], sorted[n - 1 - below]));
        Some(Median { median, ci95 })
    }
}

/// Writes the median, and its interval in brackets: `{:.2}` gives two digits after the point.
impl std::fmt::Display for Median {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = formatter.precision().unwrap_or(3);
        write!(formatter, "{:.digits$}", self.median)?;
        self.ci95.map_or(Ok(()), |(low, high)| write!(formatter, " ({low:.digits$}–{high:.digits$})"))
    }
}

/// Gives the most numbers that can be left out at each end so that the rest covers the median with at least 95 %: with
/// k left out, the chance that it lies beyond is P(X ≤ k) on each side, X of the binomial distribution of n fair coins.
fn tail(n: usize) -> Option<usize> {
    let mut term = 0.5_f64.powi(n as i32);
    let (mut sum, mut left_out) = (0.0, None);
    for k in 0..n / 2 {
        sum += term;
        if sum > 0.025 {
            break;
        }
        left_out = Some(k);
        term *= (n - k) as f64 / (k + 1) as f64;
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_have_the_sign_tests_interval() {
        let hundred = Median::of((1..=100).rev().map(f64::from)).unwrap();
        // The table of the sign test for n = 100: ranks 40 and 61.
        assert_eq!(hundred, Median { median: 50.5, ci95: Some((40.0, 61.0)) });
        assert_eq!(format!("{hundred:.1}"), "50.5 (40.0–61.0)");
        // For n = 6 the range itself covers the median with 1 − 2/64 = 96.9 %, for n = 5 with 93.8 % only.
        assert_eq!(Median::of((1..=6).map(f64::from)).unwrap().ci95, Some((1.0, 6.0)));
        assert_eq!(Median::of((1..=5).map(f64::from)).unwrap(), Median { median: 3.0, ci95: None });
        assert_eq!(Median::of([]), None);
        // What is not a number is no small one, whatever its sign.
        assert_eq!(Median::of([f64::NAN, -f64::NAN, 1.0, 2.0, 3.0]), Some(Median { median: 3.0, ci95: None }));
        assert_eq!(Median::of([f64::NAN, 1.0]).map(|middle| middle.median), Some(f64::INFINITY));
    }
}
