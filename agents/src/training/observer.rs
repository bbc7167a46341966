//! The listener of a training.

use super::{Record, TrainError};
use gridworld_checkpoint::Checkpoint;

/// Listener of a training: files, a terminal, or a test.
pub trait Observer {
    /// Seconds of training so far, over all resumptions. Time comes from outside, so that a training
    /// depends on no clock.
    fn seconds(&self) -> f64;

    /// Is called after each update with `steps`, the environment steps so far, over all workers and resumptions. The
    /// number never decreases, except after [`rewind`](Self::rewind).
    fn advance(&mut self, steps: u64);

    /// Takes a record of new measurements.
    ///
    /// # Errors
    /// If it cannot be written; the training stops.
    fn record(&mut self, record: &Record) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;

    /// Keeps a checkpoint.
    ///
    /// # Errors
    /// If it cannot be written; the training stops.
    fn save(
        &mut self,
        saved: CheckpointKind,
        checkpoint: &Checkpoint,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;

    /// Is called when the training goes back to its checkpoint of environment step `step`, because of the error `why`.
    /// Records of later steps are void and should be dropped. By default nothing is done.
    ///
    /// # Errors
    /// If the records cannot be written; the training stops.
    fn rewind(&mut self, _step: u64, _why: &TrainError) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(())
    }
}

/// Kind of a checkpoint that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointKind {
    /// Checkpoint of the training as it is now.
    Last,
    /// Checkpoint of the best evaluation so far.
    Best,
}
