//! Limits of a configuration: every size has room, every number a meaning.
//!
//! A configuration comes from flags, from a file or from somebody's program. Each part of it says which values of its
//! fields are possible, before anything of the size that they claim is allocated.

/// The greatest count of anything that there are many of: lanes, steps in a rollout, units, episodes.
pub(super) const MOST: u128 = 1 << 20;

/// The most numbers in all that a network, or what a rollout keeps, may have: 4 GiB of them.
pub(super) const MOST_NUMBERS: u128 = 1 << 30;

/// Field whose value is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` cannot be {value}: {reason}")]
#[non_exhaustive]
pub struct ConfigError {
    /// The field, as in `config.json`, such as `training.envs`.
    pub field: &'static str,
    /// Value of the field.
    pub value: String,
    /// Reason why the value is not possible.
    pub reason: String,
}

pub(super) fn refuse<T>(
    field: &'static str,
    value: impl ToString,
    reason: impl Into<String>,
) -> Result<T, ConfigError> {
    Err(ConfigError { field, value: value.to_string(), reason: reason.into() })
}

/// Checks a count of at least one and at most `most`.
pub(super) fn count(field: &'static str, value: usize, most: u128) -> Result<u128, ConfigError> {
    match value as u128 {
        value if (1..=most).contains(&value) => Ok(value),
        _ => refuse(field, value, format!("it must be from 1 to {most}")),
    }
}

pub(super) fn within(field: &'static str, value: f64, range: std::ops::RangeInclusive<f64>) -> Result<(), ConfigError> {
    // A NaN is in no range.
    if range.contains(&value) {
        return Ok(());
    }
    refuse(field, value, format!("it must be from {} to {}", range.start(), range.end()))
}

pub(super) fn above_zero(field: &'static str, value: f64) -> Result<(), ConfigError> {
    if value > 0.0 && value.is_finite() { Ok(()) } else { refuse(field, value, "it must be above 0 and finite") }
}
