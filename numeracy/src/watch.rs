//! The view from outside on a seed in training.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// How a seed's work is watched from outside.
#[derive(Debug)]
pub struct Watch<'a> {
    stop: &'a AtomicBool,
    /// How far this worker's seed is, in parts of [`WHOLE`].
    done: &'a AtomicU32,
}

const WHOLE: f64 = 1e9;

impl<'a> Watch<'a> {
    /// Watches for `stop`, and keeps in `done` how far the seed is.
    pub fn new(stop: &'a AtomicBool, done: &'a AtomicU32) -> Watch<'a> {
        Watch { stop, done }
    }

    /// Says which share of the seed is done, and whether it is to go on.
    pub fn goes_on(&self, share: f64) -> bool {
        self.done.store((share * WHOLE) as u32, Ordering::Relaxed);
        !self.stop.load(Ordering::Relaxed)
    }
}

/// The share of a seed that a worker has kept.
pub(crate) fn share(done: &AtomicU32) -> f64 {
    f64::from(done.load(Ordering::Relaxed)) / WHOLE
}
