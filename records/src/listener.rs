//! The listener of a recorder.

use std::time::SystemTime;

use super::{MetricsLine, Record};

/// Hears what a [`Recorder`](super::Recorder) takes while it takes it, to show it: on a terminal, in a window, in a test.
///
/// Nothing here can fail, so that no display stops a training. What a listener does not want to hear it leaves out;
/// [`Nobody`] hears nothing.
pub trait Listener: Send {
    /// Learns a line that an earlier process recorded. They come in their order, before anything else.
    fn remember(&mut self, _line: &MetricsLine) {}

    /// Hears a record, taken at the time `now`.
    fn record(&mut self, _record: &Record, _now: SystemTime) {}

    /// Hears that the training has come to `step`; there need be no record of it.
    fn advance(&mut self, _step: u64) {}

    /// Hears that the training goes back to `step`: what it heard of later steps did not happen.
    fn rewind(&mut self, _step: u64) {}

    /// Hears what the user must be told, such as a file that cannot be written any more.
    fn warn(&mut self, _text: &str) {}

    /// Hears how the training goes on, for a user who wants to know that.
    fn news(&mut self, _text: &str) {}

    /// Hears that the records are complete.
    fn finish(&mut self) {}
}

/// A listener who hears nothing, for records that go to files alone. Warnings are lost with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nobody;

impl Listener for Nobody {}
