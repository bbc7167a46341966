//! Distribution of all scores instead of one number.

use rand::Rng;

use super::{Bootstrap, Estimate, Scores};

/// The run-score distribution (Agarwal et al. 2021, §4.2): for each threshold τ the share of all
/// runs and tasks that scored more, `[threshold]`.
///
/// `F(τ) = 1/(N·M) · Σ_i Σ_m 1[x_im > τ]`, over N runs and M tasks. It never rises with τ.
#[must_use]
pub fn profile(scores: &Scores, thresholds: &[f64]) -> Vec<f64> {
    let values = scores.values();
    let above = |tau: &f64| values.iter().filter(|&score| score > tau).count() as f64 / values.len() as f64;
    thresholds.iter().map(above).collect()
}

impl Bootstrap {
    /// [`profile`] with its band: an interval for each threshold by itself. All are of the same
    /// resamples.
    pub fn profile(&self, scores: &Scores, thresholds: &[f64], rng: &mut impl Rng) -> Vec<Estimate> {
        self.estimates([scores], |[scores]| profile(scores, thresholds), rng)
    }
}
