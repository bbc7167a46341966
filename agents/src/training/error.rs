//! What stops a training.

use crate::checkpoint::CheckpointError;

/// Why a training ended before its time. Nothing of the update that failed was applied.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// A gradient is NaN or infinite.
    #[error(
        "the gradient of `{parameter}` is not finite after {steps} steps (its norm is {norm}); the update was not applied: lower --learning-rate, or look at the environment's rewards"
    )]
    NotFinite {
        /// The first parameter whose gradient is not finite.
        parameter: String,
        /// Environment steps so far.
        steps: u64,
        /// The global norm.
        norm: f64,
    },
    /// A checkpoint is not one of this training.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// An environment's saved state is not one of it.
    #[error("the checkpoint's environments cannot go on: {0}")]
    Environment(#[from] gridworld_envs::RestoreError),
    /// A record or checkpoint could not be written.
    #[error("{0}")]
    Observer(Box<dyn std::error::Error + Send + Sync>),
    /// A worker panicked; the message was printed when it did.
    #[error("worker {worker} panicked: {message}")]
    Panic {
        /// Its index.
        worker: usize,
        /// What it said.
        message: String,
    },
}
