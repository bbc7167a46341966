//! Errors of scores that have no statistics.

/// Reason why there are no statistics of the given scores.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatisticsError {
    /// No run is given.
    #[error("no scores: give at least one run")]
    NoRuns,
    /// The runs have no scores.
    #[error("no scores: the runs have not one task")]
    NoTasks,
    /// A run has more or fewer scores than the first.
    #[error("run {run} has {found} scores, and the first run has {expected}")]
    Ragged {
        /// Number of the run, counted from 0.
        run: usize,
        /// Scores of the run.
        found: usize,
        /// Scores of the first run.
        expected: usize,
    },
    /// A score is NaN or infinite.
    #[error("the score of run {run} on task {task} is {value}, which is no finite number")]
    NotFinite {
        /// Number of the run, counted from 0.
        run: usize,
        /// Number of the task, counted from 0.
        task: usize,
        /// Score that is not finite.
        value: f64,
    },
    /// Two matrices that are to be compared do not have the same tasks.
    #[error("cannot compare scores on {x} tasks with scores on {y}")]
    DifferentTasks {
        /// Tasks of the first matrix.
        x: usize,
        /// Tasks of the second matrix.
        y: usize,
    },
    /// A bootstrap without resamples.
    #[error("a bootstrap needs at least one repetition")]
    NoRepetitions,
    /// A confidence that does not lie between 0 and 1.
    #[error("the confidence must lie between 0 and 1, and is {confidence}")]
    Confidence {
        /// Confidence that was asked for.
        confidence: f64,
    },
    /// The rows do not ascend in T.
    #[error("rows must ascend in T, and T = {following} follows T = {instruction}")]
    NotAscending {
        /// T of the row, in steps.
        instruction: u32,
        /// T of the next row, in steps.
        following: u32,
    },
    /// A share that does not lie from 0 to 1.
    #[error("a share must lie from 0 to 1, and is {value}")]
    NotAShare {
        /// Value that is no share.
        value: f64,
    },
}
