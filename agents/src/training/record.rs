//! One moment of a training, in numbers.

use super::Tag;

/// Numbers that belong to one moment of a training.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Environment steps so far, over all workers.
    pub step: u64,
    /// Seconds of training so far, over all resumptions, as the observer has them.
    pub seconds: f64,
    /// Measured numbers; each tag at most once.
    pub scalars: Vec<(Tag, f64)>,
}

impl Record {
    /// Returns the number of this tag.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<f64> {
        self.scalars.iter().find(|(other, _)| *other == tag).map(|(_, number)| *number)
    }

    /// Tells if any number comes from an evaluation.
    #[must_use]
    pub fn has_evaluation(&self) -> bool {
        self.scalars.iter().any(|(tag, _)| tag.is_evaluation())
    }
}
