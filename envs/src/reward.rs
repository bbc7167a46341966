//! Reward of an arrival, by its distance in steps from the right moment.

use serde::{Deserialize, Serialize};

/// Reward of an arrival; an episode that ends at the time limit pays 0. Serialized as its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reward {
    /// 1 − 0.1·d for an arrival d steps early or late. In timed arrival this is negative from d = 11 on; interval
    /// reproduction pays 0 there.
    #[default]
    Graded,
    /// 1 for arriving exactly on time, 0 for any other arrival.
    Exact,
}

impl Reward {
    /// Every reward; the first is the default.
    pub const ALL: [Reward; 2] = [Reward::Graded, Reward::Exact];

    /// Gives the reward's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reward::Graded => "graded",
            Reward::Exact => "exact",
        }
    }

    /// The reward of arriving `difference` steps early or late. Graded, it falls below 0 from 11
    /// steps on.
    #[inline]
    pub(crate) fn of_arrival(self, difference: u32) -> f32 {
        match self {
            Reward::Graded => 1.0 - 0.1 * difference as f32,
            Reward::Exact => f32::from(u8::from(difference == 0)),
        }
    }
}
