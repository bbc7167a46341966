//! Errors of networks that diverged, which are no finite numbers.
//!
//! JSON has no such numbers: they are written as `null`, and read back as NaN. Where errors are ordered or averaged, one
//! that is not finite counts as infinite: a median is finite if more than half of the seeds' errors are, a mean if all
//! are.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// Returns an error as it counts: infinite where it is no finite number.
#[must_use]
pub fn infinite(error: f64) -> f64 {
    if error.is_finite() { error } else { f64::INFINITY }
}

/// A number, or several, of which those that are not finite are `null` in JSON.
pub trait Numbers: Sized {
    /// Form in which the numbers are read from JSON.
    type Written: DeserializeOwned;

    /// Returns the numbers, with NaN for each `null`.
    fn from_written(written: Self::Written) -> Self;
}

impl Numbers for f64 {
    type Written = Option<f64>;

    fn from_written(written: Option<f64>) -> f64 {
        written.unwrap_or(f64::NAN)
    }
}

impl Numbers for Vec<f64> {
    type Written = Vec<Option<f64>>;

    fn from_written(written: Vec<Option<f64>>) -> Vec<f64> {
        written.into_iter().map(f64::from_written).collect()
    }
}

impl Numbers for (f64, f64) {
    type Written = (Option<f64>, Option<f64>);

    fn from_written((low, high): (Option<f64>, Option<f64>)) -> (f64, f64) {
        (f64::from_written(low), f64::from_written(high))
    }
}

impl<N: Numbers> Numbers for Option<N> {
    type Written = Option<N::Written>;

    fn from_written(written: Option<N::Written>) -> Option<N> {
        written.map(N::from_written)
    }
}

/// Reads numbers of which those that are not finite are `null`: the `deserialize_with` of every field that holds a
/// measured number.
///
/// # Errors
/// If they are anything else.
pub fn read<'de, N: Numbers, D: Deserializer<'de>>(deserializer: D) -> Result<N, D::Error> {
    N::Written::deserialize(deserializer).map(N::from_written)
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Measured {
        #[serde(deserialize_with = "read")]
        one: f64,
        #[serde(deserialize_with = "read")]
        many: Vec<f64>,
        #[serde(deserialize_with = "read")]
        interval: Option<(f64, f64)>,
    }

    #[test]
    fn what_is_not_finite_is_null_and_comes_back_as_nan() {
        let text = r#"{"one":null,"many":[0.1,null,3.0],"interval":[1.0,null]}"#;
        let measured = Measured { one: f64::NAN, many: vec![0.1, f64::INFINITY, 3.0], interval: Some((1.0, f64::NAN)) };
        assert_eq!(serde_json::to_string(&measured).unwrap(), text);
        let read: Measured = serde_json::from_str(text).unwrap();
        assert!(read.one.is_nan() && read.many[1].is_nan() && read.many[0] == 0.1);
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        let none: Measured = serde_json::from_str(r#"{"one":2.5,"many":[],"interval":null}"#).unwrap();
        assert_eq!((none.one, none.interval), (2.5, None));
        // A number that is missing is damage, as ever, and so is another thing in its place.
        for damaged in [r#"{"many":[],"interval":null}"#, r#"{"one":"1","many":[],"interval":null}"#] {
            assert!(serde_json::from_str::<Measured>(damaged).is_err(), "{damaged}");
        }
    }
}
