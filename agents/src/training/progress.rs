//! The state of a training beyond parameters and environments: its evaluations so far.

use serde::{Deserialize, Serialize};

use crate::config::Rounding;

/// Share of the feasible episodes that must succeed for an instruction to count as mastered.
pub const MASTERY: f64 = 0.99;

/// State of a training beyond parameters and environments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progress {
    /// The greatest success over the training range in an evaluation so far, as a share of the feasible episodes, from
    /// 0 to 1.
    pub best: Option<f64>,
    /// Environment steps at the last evaluation, if that found mastery.
    pub candidate: Option<u64>,
    /// Environment steps when the task was first mastered, and held at the next evaluation. Not
    /// seconds: a checkpoint of a reproducible training holds nothing that a clock has said.
    pub mastery: Option<u64>,
    /// Success over the training range in the last evaluation, as a share of the feasible episodes.
    pub success: f64,
    /// The lowest success over the instructions in the last evaluation and in the one before, as shares of the feasible
    /// episodes.
    #[serde(default)]
    pub lowest: [f64; 2],
    /// True once no rounding of the weights is to come (see [`SparsityConfig`](crate::config::SparsityConfig)). When it
    /// becomes true, the other fields but `best` are reset, because they were measured before the rounding.
    #[serde(default)]
    pub settled: bool,
    /// True if `best` was measured before the rounding of the weights, and nothing near it after that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shaken: bool,
    /// True once an evaluation has allowed the rounding (see [`Rounding::Validated`](crate::config::Rounding)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub validated: bool,
}

impl Progress {
    /// Tells if success was at least `share` of the feasible episodes for every instruction in the last two
    /// evaluations, and no rounding is to come.
    #[must_use]
    pub fn has_held(&self, share: f64) -> bool {
        self.settled && self.lowest.iter().all(|&lowest| lowest >= share)
    }

    /// Takes note that no rounding of the weights is to come, and that they were rounded just now if `rounded`.
    pub(super) fn settle(&mut self, rounded: bool) {
        let best = self.best.filter(|_| rounded);
        *self =
            Progress { settled: true, validated: self.validated, shaken: best.is_some(), best, ..Progress::default() };
    }

    /// Tells if an agent with this success is the best so far, and remembers it. After a rounding the first one that is
    /// at most [`Rounding::LOSS`] below the best before is: an agent that does not recover leaves the one before.
    pub(super) fn improves(&mut self, success: f64) -> bool {
        let allowed = if self.shaken { Rounding::LOSS } else { 0.0 };
        let improves = self.best.is_none_or(|best| success >= best - allowed);
        if improves {
            (self.best, self.shaken) = (Some(success), false);
        }
        improves
    }

    /// Takes note of an evaluation: mastery counts from an evaluation whose next one confirms it.
    pub(super) fn note(&mut self, success: f64, lowest: f64, step: u64) {
        self.success = success;
        self.lowest = [lowest, self.lowest[0]];
        let mastered = (lowest >= MASTERY).then_some(step);
        if let (None, Some(first), Some(_)) = (self.mastery, self.candidate, mastered) {
            self.mastery = Some(first);
        }
        self.candidate = mastered;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounding_that_breaks_an_agent_does_not_take_its_best_checkpoint() {
        let mut progress = Progress::default();
        assert!(progress.improves(0.8) && progress.improves(0.97) && !progress.improves(0.9));
        progress.settle(true);
        assert!(!progress.improves(0.1) && !progress.improves(0.91));
        // It has recovered, and what counts from now on is measured after the rounding.
        assert!(progress.improves(0.93) && !progress.improves(0.92) && progress.improves(0.94));
        assert_eq!(progress.best, Some(0.94));
    }

    #[test]
    fn without_a_rounding_the_best_is_as_it_is() {
        let mut progress = Progress::default();
        progress.settle(true);
        assert!(progress.improves(0.2) && !progress.improves(0.19) && progress.settled && !progress.shaken);
    }
}
