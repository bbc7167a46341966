//! Interruption and progress of the training of one seed.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Interruption and progress of the training of one seed, as it sees and reports them.
#[derive(Debug)]
pub struct RunContext<'a> {
    stop: &'a AtomicBool,
    /// Progress of this worker's seed, in parts of [`WHOLE`].
    done: &'a AtomicU32,
}

const WHOLE: f64 = 1e9;

impl<'a> RunContext<'a> {
    /// Makes a context that ends the training when `stop` is set, and stores its progress in `done`.
    pub fn new(stop: &'a AtomicBool, done: &'a AtomicU32) -> RunContext<'a> {
        RunContext { stop, done }
    }

    /// Stores which share of the seed is done, and tells if it is to go on.
    #[must_use]
    pub fn goes_on(&self, share: f64) -> bool {
        self.done.store((share * WHOLE) as u32, Ordering::Relaxed);
        !self.stop.load(Ordering::Relaxed)
    }
}

/// Gives the share of a seed that a worker has stored.
pub(crate) fn share(done: &AtomicU32) -> f64 {
    f64::from(done.load(Ordering::Relaxed)) / WHOLE
}
