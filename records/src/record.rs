//! One moment of a training, in numbers.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::ser::{Serialize, SerializeMap, Serializer};

/// Keys of a line that are not names of metrics.
const KEYS: [&str; 2] = ["step", "seconds"];

/// Numbers that belong to one moment of a training.
///
/// A number's name is its key in `metrics.jsonl` and its tag in TensorBoard, which makes a group of names that begin
/// alike up to a `/`. The caller gives the name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Environment steps so far, over all workers.
    pub step: u64,
    /// Seconds of training so far, over all resumptions.
    pub seconds: f64,
    /// The numbers by name; each name at most once, and neither `step` nor `seconds`.
    pub scalars: Vec<(Cow<'static, str>, f64)>,
}

impl Record {
    /// Makes a record without numbers.
    #[must_use]
    pub fn at(step: u64, seconds: f64) -> Record {
        Record { step, seconds, scalars: Vec::new() }
    }

    /// Adds a number under a name.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, number: f64) -> Record {
        self.scalars.push((name.into(), number));
        self
    }

    /// Returns the number of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.scalars.iter().find(|(other, _)| other == name).map(|(_, number)| *number)
    }

    /// Finds a name that no metric can have, or that two have: a line with it could not be read again.
    pub(super) fn misnamed(&self) -> Option<&str> {
        let mut taken = BTreeSet::from(KEYS);
        self.scalars.iter().map(|(name, _)| &**name).find(|&name| !taken.insert(name))
    }

    /// The record as a line of `metrics.jsonl`, without its end. JSON writes numbers that are not finite as `null`.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("keys are strings and numbers are numbers")
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2 + self.scalars.len()))?;
        map.serialize_entry("step", &self.step)?;
        map.serialize_entry("seconds", &self.seconds)?;
        for (name, number) in &self.scalars {
            map.serialize_entry(name, number)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_step_and_seconds_first_and_the_rest_in_order() {
        let record = Record::at(1280, 0.25).with("charts/success", 0.5).with("losses/policy", f64::NAN);
        let record = record.with(format!("eval/success_T{:02}", 7), 1.0);
        assert_eq!(
            record.to_json(),
            r#"{"step":1280,"seconds":0.25,"charts/success":0.5,"losses/policy":null,"eval/success_T07":1.0}"#
        );
        assert_eq!(record.get("charts/success"), Some(0.5));
        assert_eq!(record.get("losses/entropy"), None);
        assert_eq!(record.misnamed(), None);
    }

    #[test]
    fn names_that_would_spoil_a_line_are_found() {
        assert_eq!(Record::at(1, 2.0).with("mine", 1.0).with("step", 1.0).misnamed(), Some("step"));
        assert_eq!(Record::at(1, 2.0).with("seconds", 1.0).misnamed(), Some("seconds"));
        assert_eq!(Record::at(1, 2.0).with("a", 1.0).with("b", 1.0).with("a", 1.0).misnamed(), Some("a"));
    }
}
