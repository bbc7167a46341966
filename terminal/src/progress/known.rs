//! The latest figures of a training, for the progress display.

use super::sparkline::Sparkline;

/// Words that the display has for what it counts.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// One step of progress.
    pub step: &'static str,
    /// Several of these.
    pub steps: &'static str,
    /// Share of successes.
    pub success: &'static str,
}

impl Default for Words {
    /// Gives the words for the training of an agent.
    fn default() -> Words {
        Words { step: "step", steps: "steps", success: "success" }
    }
}

/// The latest of each figure, as not every record has all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub words: Words,
    pub step: u64,
    /// Steps per second.
    pub rate: Option<f64>,
    pub success: Option<f64>,
    /// Success in the last evaluation.
    pub evaluation: Option<f64>,
    /// Success so far.
    pub history: Sparkline,
}
