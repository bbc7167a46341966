//! Seeds of a suite.

use std::fmt::{self, Display, Formatter};
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::options::arguments::{seed, seeds};

/// Seeds of each line of a suite: all whole numbers from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    first: u64,
    last: u64,
}

impl Seeds {
    /// Makes the seeds 1, 2, … `count`.
    pub const fn up_to(count: u64) -> Seeds {
        Seeds::range(1, count)
    }

    /// Makes the seeds from `first` to `last`.
    pub const fn range(first: u64, last: u64) -> Seeds {
        Seeds { first, last }
    }

    /// Gives the seeds in their order.
    pub fn each(self) -> RangeInclusive<u64> {
        self.first..=self.last
    }

    /// Gives the number of seeds.
    pub fn count(self) -> usize {
        self.each().count()
    }
}

impl FromStr for Seeds {
    type Err = String;

    /// Reads `N`, the seeds from 1 to N, or `A..B`, those from A to B.
    fn from_str(text: &str) -> Result<Seeds, String> {
        let Some((first, last)) = text.split_once("..") else {
            return seeds(text).map(Seeds::up_to);
        };
        let (first, last) = (seed(first)?, seed(last)?);
        match last.checked_sub(first) {
            None => Err(format!("must end at {first} or later")),
            Some(further) => seeds(&further.saturating_add(1).to_string()).map(|_| Seeds::range(first, last)),
        }
    }
}

impl Display for Seeds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.first {
            1 => write!(f, "{}", self.last),
            first => write!(f, "{first}..{}", self.last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_a_number_of_them_or_a_range_and_written_as_they_are_read() {
        let read = |text: &str| text.parse::<Seeds>().map(|seeds| seeds.each().collect::<Vec<_>>());
        assert_eq!(read("3"), Ok(vec![1, 2, 3]));
        assert_eq!(read("101..103"), Ok(vec![101, 102, 103]));
        assert_eq!(read("0..0"), Ok(vec![0]));
        for text in ["1", "20", "101..120", "0..5"] {
            assert_eq!(text.parse::<Seeds>().map(|seeds| seeds.to_string()).as_deref(), Ok(text));
        }
        assert_eq!("1..20".parse(), Ok(Seeds::up_to(20)));
    }

    #[test]
    fn what_is_no_seed_is_refused_with_the_reason() {
        for (text, reason) in [
            ("0", "at least 1"),
            ("5..4", "must end at 5 or later"),
            ("1..x", "must be a whole number"),
            ("..4", "must be a whole number"),
            ("-1..4", "must be at least 0"),
            ("0..18446744073709551615", "must be at most"),
        ] {
            let refusal = text.parse::<Seeds>().expect_err(text);
            assert!(refusal.contains(reason), "{text}: {refusal}");
        }
    }
}
