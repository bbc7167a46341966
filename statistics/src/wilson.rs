//! Interval of a proportion (Wilson 1927).

use super::Interval;

/// The 0.975 quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % interval of a proportion (Wilson 1927): it stays within 0..1 and has width even where
/// every trial succeeded. Without a trial nothing is known: 0 to 1.
///
/// With n trials, p the share that succeeded and z the normal distribution's 0.975 quantile:
/// `(p + z²/2n ± z · √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)`.
#[must_use]
pub fn wilson95(successes: u64, trials: u64) -> Interval {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (trials as f64, successes as f64 / trials as f64);
    let shrink = 1.0 / (1.0 + Z * Z / n);
    let centre = shrink * (p + Z * Z / (2.0 * n));
    let half = shrink * Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}
