//! Cores by name.

use serde::{Deserialize, Serialize};

use crate::named::named;

use super::core::{About, Core};
use super::feed_forward::FeedForward;
use super::gated::Gated;
use super::gru::Gru;
use super::latch::Latch;
use super::lstm::Lstm;
use super::min_gru::MinGru;

/// A core's name, as in `--core`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum CoreName {
    /// Long short-term memory.
    #[default]
    Lstm,
    /// The gated recurrent unit.
    Gru,
    /// The minimal gated recurrent unit.
    MinGru,
    /// A layer without recurrence, with a clock.
    FeedForward,
    /// An LSTM that keeps three values for each cell.
    Latch,
    /// A gated layer without recurrence or clock.
    Gated,
}

impl CoreName {
    /// All cores, in the order of the tables.
    pub const ALL: [CoreName; 6] =
        [CoreName::Lstm, CoreName::Gru, CoreName::MinGru, CoreName::FeedForward, CoreName::Latch, CoreName::Gated];

    /// The core itself.
    pub(crate) fn core(self) -> &'static dyn Core {
        match self {
            CoreName::Lstm => &Lstm,
            CoreName::Gru => &Gru,
            CoreName::MinGru => &MinGru,
            CoreName::FeedForward => &FeedForward,
            CoreName::Latch => &Latch,
            CoreName::Gated => &Gated,
        }
    }

    /// Its names and sizes.
    #[must_use]
    pub fn about(self) -> About {
        self.core().about()
    }

    /// The name as users write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.about().name
    }
}

named!(CoreName, as_str, |written| CoreName::ALL.into_iter().find(|core| core.as_str() == written));
