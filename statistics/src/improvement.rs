//! Probability that a run of one group scores more than a run of another.

use rand::Rng;

use super::{Bootstrap, Estimate, Scores, StatisticsError};

/// The probability that a run of X scores more than one of Y, on average over the tasks (Agarwal et
/// al. 2021, §4.3).
///
/// `P(X > Y) = 1/M · Σ_m 1/(N·K) · Σ_i Σ_j S(x_im, y_jm)` with S = 1 where x > y, ½ where they are
/// equal and 0 elsewhere: on each of the M tasks the Mann-Whitney statistic U over the number of
/// pairs. `x` is `[N, M]`, `y` is `[K, M]`.
///
/// # Errors
///
/// If the numbers of tasks differ.
pub fn improvement(x: &Scores, y: &Scores) -> Result<f64, StatisticsError> {
    match (x.tasks(), y.tasks()) {
        (on_x, on_y) if on_x == on_y => Ok(probability(x, y)),
        (x, y) => Err(StatisticsError::DifferentTasks { x, y }),
    }
}

impl Bootstrap {
    /// [`improvement`] of X over Y with its interval; the runs of X and of Y are resampled
    /// independently.
    ///
    /// # Errors
    ///
    /// If the numbers of tasks differ.
    pub fn improvement(&self, x: &Scores, y: &Scores, rng: &mut impl Rng) -> Result<Estimate, StatisticsError> {
        improvement(x, y)?;
        Ok(self.estimates([x, y], |[x, y]| vec![probability(x, y)], rng)[0])
    }
}

/// Returns [`improvement`] of scores on equal tasks.
fn probability(x: &Scores, y: &Scores) -> f64 {
    let pairs = (x.runs() * y.runs()) as f64;
    let on_task = |task| {
        // 2U, a whole number: 2 for more, 1 for as much.
        let doubled = |x: f64| y.task(task).map(|y| u64::from(x > y) + u64::from(x >= y)).sum::<u64>();
        x.task(task).map(doubled).sum::<u64>() as f64 / 2.0 / pairs
    };
    (0..x.tasks()).map(on_task).sum::<f64>() / x.tasks() as f64
}
