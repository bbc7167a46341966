//! What cannot be summarised.

/// Why there are no statistics of what was given.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum StatisticsError {
    /// There is not one run.
    #[error("no scores: give at least one run")]
    NoRuns,
    /// The runs have no scores.
    #[error("no scores: the runs have not one task")]
    NoTasks,
    /// A run has more or fewer scores than the first.
    #[error("run {run} has {found} scores, and the first run has {expected}")]
    Ragged {
        /// The run, counted from 0.
        run: usize,
        /// Its number of scores.
        found: usize,
        /// The first run's.
        expected: usize,
    },
    /// A score is NaN or infinite.
    #[error("the score of run {run} on task {task} is {value}, which is no finite number")]
    NotFinite {
        /// The run, counted from 0.
        run: usize,
        /// The task, counted from 0.
        task: usize,
        /// The score.
        value: f64,
    },
    /// Two matrices that are to be compared do not have the same tasks.
    #[error("cannot compare scores on {x} tasks with scores on {y}")]
    DifferentTasks {
        /// Tasks of the first.
        x: usize,
        /// Tasks of the second.
        y: usize,
    },
    /// A bootstrap without resamples.
    #[error("a bootstrap needs at least one repetition")]
    NoRepetitions,
    /// A coverage that is none.
    #[error("the confidence must lie between 0 and 1, and is {confidence}")]
    Confidence {
        /// What was asked for.
        confidence: f64,
    },
    /// The rows do not ascend in T.
    #[error("rows must ascend in T, and T = {following} follows T = {instruction}")]
    NotAscending {
        /// The row's T.
        instruction: u32,
        /// The next row's.
        following: u32,
    },
    /// A share that is none.
    #[error("a share must lie from 0 to 1, and is {value}")]
    NotAShare {
        /// What was given.
        value: f64,
    },
}
