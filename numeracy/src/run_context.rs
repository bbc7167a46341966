//! The view from outside on a seed in training.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Link between a seed's work and those who watch it from outside.
#[derive(Debug)]
pub struct RunContext<'a> {
    stop: &'a AtomicBool,
    /// Progress of this worker's seed, in parts of [`WHOLE`].
    done: &'a AtomicU32,
}

const WHOLE: f64 = 1e9;

impl<'a> RunContext<'a> {
    /// Makes a watch that heeds `stop`, and keeps in `done` how far the seed is.
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
