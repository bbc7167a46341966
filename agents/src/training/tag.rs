//! The numbers that a training measures, and their names.

use std::borrow::Cow;
use std::fmt;

/// A number that a training measures. Its [name](Tag::name) is its tag in TensorBoard and its key in `metrics.jsonl`, and
/// is spelt here alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Tag {
    /// Mean sum of rewards of the episodes that ended since the last record.
    EpisodicReturn,
    /// Mean length of the episodes since the last record, in steps.
    EpisodicLength,
    /// Share of those episodes that succeeded, in 0..=1.
    Success,
    /// Environment steps per second of training, over all workers.
    StepsPerSecond,
    /// Step size of the optimizer.
    LearningRate,
    /// Mean number of gradients that other workers applied between the copy of the parameters and the gradient on them.
    Staleness,
    /// Number of times that the training has gone back to a checkpoint because of a number that was not finite.
    Rollbacks,
    /// Loss of the policy.
    PolicyLoss,
    /// Loss of the value.
    ValueLoss,
    /// Mean entropy of the policy, in nats.
    Entropy,
    /// Norm of the gradient over all parameters, before clipping.
    GradientNorm,
    /// Success at one T in an evaluation, as a share of the feasible episodes, in 0..=1.
    EvalSuccess(
        /// Value of T, in steps.
        u32,
    ),
    /// Success over all T of the training in an evaluation, as a share of the feasible episodes, in 0..=1.
    EvalSuccessTrain,
    /// Success in an evaluation at 1.6 times the greatest T of the training, as a share of the feasible episodes, in
    /// 0..=1. No checkpoint is chosen by it.
    EvalSuccessBeyond,
}

impl Tag {
    /// The beginning of the names of numbers that come from an evaluation.
    pub const EVALUATION: &str = "eval/";

    /// Tells if the number comes from an evaluation.
    #[must_use]
    pub fn is_evaluation(self) -> bool {
        matches!(self, Tag::EvalSuccess(_) | Tag::EvalSuccessTrain | Tag::EvalSuccessBeyond)
    }

    /// Returns the name in TensorBoard and in `metrics.jsonl`.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Tag::EpisodicReturn => "charts/episodic_return",
            Tag::EpisodicLength => "charts/episodic_length",
            Tag::Success => "charts/success",
            Tag::StepsPerSecond => "charts/SPS",
            Tag::LearningRate => "charts/learning_rate",
            Tag::Staleness => "charts/staleness",
            Tag::Rollbacks => "charts/rollbacks",
            Tag::PolicyLoss => "losses/policy",
            Tag::ValueLoss => "losses/value",
            Tag::Entropy => "losses/entropy",
            Tag::GradientNorm => "losses/grad_norm",
            // Two digits at least, so that a list sorted by name is sorted by T as far as 99.
            Tag::EvalSuccess(steps) => return Cow::Owned(format!("eval/success_T{steps:02}")),
            Tag::EvalSuccessTrain => "eval/success_train",
            Tag::EvalSuccessBeyond => "eval/success_beyond",
        })
    }

    /// Returns the meaning of the number in a sentence or two, for those who look at its curve.
    #[must_use]
    pub fn description(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Tag::EpisodicReturn => "Mean sum of rewards of training episodes, in which actions are sampled.",
            Tag::EpisodicLength => {
                "Environment steps for each training episode that has ended, over the steps since the last point."
            }
            Tag::Success => {
                "Share of training episodes on time; actions are sampled. It need not reach 1: in some episodes the target \
                 is too far away."
            }
            Tag::StepsPerSecond => "Environment steps per second, over all workers.",
            Tag::LearningRate => "Step size of the optimizer.",
            Tag::Staleness => {
                "Updates by other workers between a worker's copy of the parameters and its gradient, in the mean; 0 with \
                 --mode sync or one worker."
            }
            Tag::Rollbacks => "Number of times that training went back to a checkpoint because of NaN or infinity.",
            Tag::PolicyLoss => "Policy-gradient loss.",
            Tag::ValueLoss => "Squared error of the predicted returns.",
            Tag::Entropy => "Entropy of the policy in nats; it falls as the agent becomes sure of its actions.",
            Tag::GradientNorm => "Global norm of the gradient, before clipping.",
            Tag::EvalSuccess(steps) => {
                return Cow::Owned(format!(
                    "Success at T = {steps}: share of feasible evaluation episodes on time, with the most probable actions."
                ));
            }
            Tag::EvalSuccessTrain => {
                "Success over all T trained on: share of feasible evaluation episodes on time, with the most probable \
                 actions. Look here first; 1 is the best possible."
            }
            Tag::EvalSuccessBeyond => {
                "Success beyond the training range, at T = 1.6 × the largest T trained on: share of feasible evaluation \
                 episodes on time, with the most probable actions. It shows when the agent begins to extrapolate; nothing \
                 is selected by it."
            }
        })
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}
