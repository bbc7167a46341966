//! One moment of a training, in numbers.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Tag;

/// Numbers that belong to one moment of a training.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Environment steps so far, over all workers.
    pub step: u64,
    /// Seconds of training so far, over all resumptions.
    pub seconds: f64,
    /// The numbers; each tag at most once.
    pub scalars: Vec<(Tag, f64)>,
}

impl Record {
    /// The number of this tag.
    pub fn get(&self, tag: Tag) -> Option<f64> {
        self.scalars.iter().find(|(other, _)| *other == tag).map(|(_, number)| *number)
    }

    /// Whether any number comes from an evaluation.
    pub fn has_evaluation(&self) -> bool {
        self.scalars.iter().any(|(tag, _)| tag.is_evaluation())
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
        for (tag, number) in &self.scalars {
            map.serialize_entry(&tag.to_string(), number)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_step_and_seconds_first() {
        let scalars = vec![(Tag::Success, 0.5), (Tag::PolicyLoss, f64::NAN), (Tag::EvalSuccess(7), 1.0)];
        let record = Record { step: 1280, seconds: 0.25, scalars };
        assert_eq!(
            record.to_json(),
            r#"{"step":1280,"seconds":0.25,"charts/success":0.5,"losses/policy":null,"eval/success_T07":1.0}"#
        );
        assert_eq!(record.get(Tag::Success), Some(0.5));
        assert_eq!(record.get(Tag::Entropy), None);
        assert!(record.has_evaluation());
    }
}
