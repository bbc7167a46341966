//! Ranges that inputs are drawn from.

use serde::{Deserialize, Serialize};

use crate::engine::{Random, Real, Row};

/// Range of uniformly distributed inputs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// Least input, before it gets its sign.
    pub low: f64,
    /// Greatest input, before it gets its sign.
    pub high: f64,
    /// Sign of the inputs: their own, or a random one.
    #[serde(default, skip_serializing_if = "Sign::is_own")]
    pub sign: Sign,
}

/// The sign of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// The sign with which an input is drawn.
    #[default]
    Own,
    /// A random sign for each input.
    Random,
}

impl Sign {
    fn is_own(&self) -> bool {
        *self == Sign::Own
    }
}

impl Range {
    /// Makes the range from `low` to `high`.
    #[must_use]
    pub const fn new(low: f64, high: f64) -> Range {
        Range { low, high, sign: Sign::Own }
    }

    /// Makes the ranges from `low` to `high`, and from −`high` to −`low`.
    #[must_use]
    pub const fn mirrored(low: f64, high: f64) -> Range {
        Range { low, high, sign: Sign::Random }
    }

    /// Draws the inputs of a batch.
    pub fn draw<T: Real>(self, random: &mut Random, x: &mut [Row<T>]) {
        random.fill(x, self.low, self.high);
        if self.sign == Sign::Random {
            random.sign(x);
        }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Range { low, high, sign } = self;
        match sign {
            Sign::Own => write!(formatter, "U[{low}, {high}]"),
            Sign::Random => write!(formatter, "U[−{high}, −{low}] ∪ U[{low}, {high}]"),
        }
    }
}
