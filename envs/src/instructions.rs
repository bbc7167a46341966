//! Lists of T, as users write them.

use std::fmt;
use std::str::FromStr;

/// Values of T, ascending, each once: `5..12` is the eight values 5 to 12, as the paper's U{5, 12}
/// is; `5..=12` is the same; lists mix both, `5..12,19,100`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instructions(Vec<u32>);

/// Error of a list of T that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstructionsError {
    /// Text that is neither a number nor a range.
    #[error("`{0}` is neither a number of steps nor a range such as 5..12")]
    NotANumber(String),
    /// A range whose ends are the wrong way round.
    #[error("`{0}` is empty: its first value is greater than its last; write {1}")]
    Backwards(String, String),
    /// A value of zero steps.
    #[error("T must be at least 1: steps are counted from 1")]
    Zero,
    /// A value of too many steps.
    #[error("T = {0} is too large: at most {most}", most = grouped(Instructions::GREATEST))]
    TooGreat(u64),
}

/// Writes 1234567 as 1,234,567.
pub(crate) fn grouped(number: u32) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1000), number % 1000),
    }
}

impl Instructions {
    /// The paper's training range, U{5, 12}: the T of an environment that is told no other.
    pub const PAPER: &str = "5..12";

    /// The greatest T that a list accepts, on the command line or in a file: an episode can take T steps. In code a
    /// task takes greater values.
    pub const GREATEST: u32 = 1_000_000;

    /// Gives the values of T, ascending.
    #[must_use]
    pub fn values(&self) -> &[u32] {
        &self.0
    }

    /// The values of [`PAPER`](Instructions::PAPER).
    pub(crate) fn paper() -> Vec<u32> {
        Instructions::PAPER.parse::<Instructions>().expect("it is a range").0
    }

    /// Writes values as a list, runs of neighbours as ranges: `5..12,19`.
    #[must_use]
    pub fn written(values: &[u32]) -> String {
        Instructions(values.to_vec()).to_string()
    }
}

impl FromStr for Instructions {
    type Err = InstructionsError;

    fn from_str(text: &str) -> Result<Instructions, InstructionsError> {
        // A mark for each value there can be, so that a long list of long ranges takes no room.
        let mut named = vec![false; Instructions::GREATEST as usize + 1];
        for part in text.split(',') {
            let part = part.trim();
            match part.split_once("..") {
                None => named[number(part, part)? as usize] = true,
                Some((first, last)) => {
                    let first = number(first, part)?;
                    let last = number(last.strip_prefix('=').unwrap_or(last), part)?;
                    if first > last {
                        return Err(InstructionsError::Backwards(part.to_owned(), format!("{last}..{first}")));
                    }
                    named[first as usize..=last as usize].fill(true);
                }
            }
        }
        Ok(Instructions((1..=Instructions::GREATEST).filter(|&value| named[value as usize]).collect()))
    }
}

/// A number from 1 to [`Instructions::GREATEST`]; `part` is what the user wrote around it.
fn number(text: &str, part: &str) -> Result<u32, InstructionsError> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InstructionsError::NotANumber(part.to_owned()));
    }
    if digits.len() < text.len() {
        return Err(InstructionsError::Zero);
    }
    match digits.parse::<u64>() {
        Ok(0) => Err(InstructionsError::Zero),
        Ok(value) if value <= u64::from(Instructions::GREATEST) => Ok(value as u32),
        Ok(value) => Err(InstructionsError::TooGreat(value)),
        Err(_) => Err(InstructionsError::TooGreat(u64::MAX)),
    }
}

/// Serializes a `Vec<u32>` as a list of T such as `"5..12,19"`:
/// `#[serde(rename = "T", with = "gridworld_envs::instruction_list")]`.
pub mod list {
    use serde::Deserialize;
    use serde::de::{Deserializer, Error};
    use serde::ser::Serializer;

    use super::Instructions;

    /// Writes the values as a list.
    ///
    /// # Errors
    /// If the serializer fails.
    pub fn serialize<S: Serializer>(values: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Instructions(values.to_vec()))
    }

    /// Reads the values of a list, or takes them as numbers.
    ///
    /// # Errors
    /// If it is neither a list of T nor numbers from 1 to [`Instructions::GREATEST`], ascending.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum List {
            Written(String),
            Number(u32),
            Numbers(Vec<u32>),
        }
        let list = List::deserialize(deserializer)
            .map_err(|_| D::Error::custom("T must be a list of steps such as `5..12,19`, or numbers of steps"))?;
        let checked = |values: Vec<u32>| match values
            .iter()
            .find(|&&value| value == 0 || value > Instructions::GREATEST)
        {
            Some(value) => Err(D::Error::custom(format!("T = {value} is not from 1 to {}", Instructions::GREATEST))),
            None if values.is_sorted_by(|one, next| one < next) => Ok(values),
            None => Err(D::Error::custom("the values of T must ascend, each once")),
        };
        match list {
            List::Number(value) => checked(vec![value]),
            List::Numbers(values) => checked(values),
            List::Written(written) => {
                written.parse::<Instructions>().map(|instructions| instructions.0).map_err(D::Error::custom)
            }
        }
    }
}

/// Runs of neighbours as ranges, so that `5..12` is shown as it was written.
impl fmt::Display for Instructions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for &value in &self.0 {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == value => *last = value,
                _ => runs.push((value, value)),
            }
        }
        let text = runs.iter().map(|(first, last)| match last - first {
            0 => first.to_string(),
            1 => format!("{first},{last}"),
            _ => format!("{first}..{last}"),
        });
        formatter.write_str(&text.collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Vec<u32>, InstructionsError> {
        text.parse::<Instructions>().map(|instructions| instructions.0)
    }

    #[test]
    fn ranges_are_inclusive() {
        assert_eq!(parsed("5..12"), Ok(vec![5, 6, 7, 8, 9, 10, 11, 12]));
        assert_eq!(parsed("5..=12"), parsed("5..12"));
        assert_eq!(parsed("7"), Ok(vec![7]));
        assert_eq!(parsed("9..9"), Ok(vec![9]));
        assert_eq!(parsed("5..7, 19,100,6"), Ok(vec![5, 6, 7, 19, 100]));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        assert_eq!(parsed("0"), Err(InstructionsError::Zero));
        assert_eq!(parsed("-3"), Err(InstructionsError::Zero));
        assert_eq!(parsed("0..4"), Err(InstructionsError::Zero));
        assert_eq!(parsed("12..5"), Err(InstructionsError::Backwards("12..5".into(), "5..12".into())));
        assert_eq!(parsed("1000001"), Err(InstructionsError::TooGreat(1_000_001)));
        assert_eq!(parsed("99999999999999999999999"), Err(InstructionsError::TooGreat(u64::MAX)));
        for text in ["", ",", "5..", "..5", "a", "5...7", "5..7..9", "5;6", "1e3", "+5"] {
            assert!(matches!(parsed(text), Err(InstructionsError::NotANumber(_))), "{text}");
        }
    }

    #[test]
    fn shown_as_written() {
        for text in ["5..12", "7", "5..12,19,100", "1,2,9"] {
            assert_eq!(text.parse::<Instructions>().map(|i| i.to_string()), Ok(text.to_owned()));
        }
    }
}
