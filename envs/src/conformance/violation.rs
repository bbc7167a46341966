//! Rules of the contract, and the report of one that was broken.

/// A rule of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// A name with a version, an image of some size, actions with different names.
    #[error("the spec says what the environment is")]
    Spec,
    /// A batch has the task's spec and the lanes it was asked for, and gives one entry a lane.
    #[error("a batch is what its task said")]
    BatchShape,
    /// Instructions that agents are given are among the task's, or zero always; a task with one T has the one instruction
    /// that it was made with.
    #[error("what agents are told is what the task said")]
    Instructions,
    /// Every expected outcome was reached.
    #[error("every outcome is reached")]
    OutcomeNotReached,
    /// No outcome was reached that was not expected.
    #[error("no outcome is reached that was not expected")]
    OutcomeNotExpected,
    /// Rewards are finite numbers.
    #[error("rewards are finite")]
    Rewards,
    /// Lengths count from 1 and begin anew with each episode.
    #[error("lengths count the steps of the episode, from 1")]
    Lengths,
    /// No episode is longer than the task says.
    #[error("no episode is longer than the time limit")]
    TimeLimit,
    /// While an episode goes on, the observation after the step is the one that is shown.
    #[error("an episode that goes on shows its last observation")]
    Observation,
    /// No success where none was possible.
    #[error("what succeeded was feasible")]
    EpisodeInfo,
    /// An episode begins the same whatever was played before it.
    #[error("each reset begins the lane's next episode, and depends on the stream alone")]
    Starts,
    /// Equal streams and actions give equal play.
    #[error("equal streams and actions give equal play")]
    Determinism,
    /// A lane plays the same whatever the others do and however many they are.
    #[error("a lane depends on no other")]
    LaneIndependence,
    /// Other seeds, domains, indices and lanes have other episodes.
    #[error("different streams give different episodes")]
    StreamSeparation,
    /// Starts that a task enumerates are those that its episodes begin with, but for held-out ones, and play is
    /// deterministic from there.
    #[error("the starts that are enumerated are those that are drawn")]
    Enumeration,
    /// A restored batch continues exactly as the saved one.
    #[error("a restored batch goes on as the saved one")]
    Restore,
    /// Words that are no state are refused.
    #[error("words that are no state are refused")]
    RestoreRefusal,
    /// The image of a key, or of a state, is always the same, all of it is drawn, and drawing changes
    /// nothing.
    #[error("the same key or state gives the same image, always and wholly")]
    Frames,
    /// An action that does not exist, or a wrong number of actions, panics.
    #[error("actions that do not exist are refused")]
    ActionRefusal,
    /// Two batches that should be equal are.
    #[error("both batches play the same")]
    Equality,
}

/// A rule that was broken, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("broken rule: {rule}: {detail}")]
#[non_exhaustive]
pub struct Violation {
    /// The broken rule.
    pub rule: Rule,
    /// Observed values that break the rule.
    pub detail: String,
}

impl Violation {
    pub(super) fn new(rule: Rule, detail: impl Into<String>) -> Violation {
        Violation { rule, detail: detail.into() }
    }
}
