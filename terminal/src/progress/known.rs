//! The latest figures of a training, for the progress display.

use super::sparkline::Sparkline;

/// The latest of each figure, as not every record has all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub step: u64,
    /// Steps per second.
    pub rate: Option<f64>,
    pub success: Option<f64>,
    /// Success in the last evaluation.
    pub evaluation: Option<f64>,
    /// Success so far.
    pub history: Sparkline,
}
