//! One number for all runs and tasks (Agarwal et al. 2021, §4.3).

use super::Scores;
use super::ordered::{self, ascending};

/// The interquartile mean: the mean of the middle half of all N scores.
///
/// `IQM = 1/(N − 2k) · Σ_{i=k+1}^{N−k} x_(i)`, where x_(1) ≤ … ≤ x_(N) are the scores of all runs
/// and tasks together and k = ⌊N/4⌋. It is less moved by outliers than the mean and needs fewer
/// runs than the median.
#[must_use]
pub fn iqm(scores: &Scores) -> f64 {
    let sorted = ascending(scores.values().iter().copied());
    let cut = sorted.len() / 4;
    average(sorted[cut..sorted.len() - cut].iter().copied())
}

/// The mean over tasks of the mean over runs, which is that of all scores.
#[must_use]
pub fn mean(scores: &Scores) -> f64 {
    average(task_means(scores).into_iter())
}

/// The median over tasks of the mean over runs. Of an even number of tasks it is the mean of the
/// middle two.
#[expect(clippy::missing_panics_doc, reason = "scores are of one task at least")]
#[must_use]
pub fn median(scores: &Scores) -> f64 {
    ordered::median(&ascending(task_means(scores))).expect("there is a task")
}

/// Returns the part of the score `target` that is missing, on average: `γ − mean(min(x, γ))` with γ the target, over
/// all runs and tasks. More than the target counts as no more than it. Less is better.
#[must_use]
pub fn optimality_gap(scores: &Scores, target: f64) -> f64 {
    target - average(scores.values().iter().map(|score| score.min(target)))
}

/// Mean over runs, `[task]`.
fn task_means(scores: &Scores) -> Vec<f64> {
    (0..scores.tasks()).map(|task| average(scores.task(task))).collect()
}

fn average(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
