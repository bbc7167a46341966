//! The training: its length, its losses and its rules.

use serde::{Deserialize, Serialize};

use super::agent::AgentName;
use super::limits::{ConfigError, MOST, MOST_NUMBERS, above_zero, count, refuse, within};
use super::model::ModelConfig;
use crate::cells::Cell;

/// Exchange of gradients between workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A3C: each worker applies its gradient as soon as it has it.
    Async,
    /// All wait for each other; the mean gradient is applied. Reproducible bit for bit.
    Sync,
}

/// Response to a loss, a gradient or a parameter that is NaN or infinite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnNan {
    /// The training stops; its last checkpoint is whole.
    #[default]
    Stop,
    /// The training goes back to its last checkpoint with half the learning rate, five times at most.
    Rollback,
}

/// The rule that turns a gradient into a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "name")]
pub enum OptimizerConfig {
    /// Adam (Kingma & Ba 2015).
    Adam {
        /// Decay of the first moment.
        beta1: f64,
        /// Decay of the second moment.
        beta2: f64,
        /// Number added to the root of the second moment.
        epsilon: f64,
    },
    /// RMSProp with shared statistics (Mnih et al. 2016).
    RmsProp {
        /// Decay of the mean square.
        alpha: f64,
        /// Number added to the mean square, under the root.
        epsilon: f64,
    },
}

impl OptimizerConfig {
    /// Adam with its usual constants.
    pub const ADAM: OptimizerConfig = OptimizerConfig::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    /// A3C's RMSProp with its usual constants.
    pub const RMSPROP: OptimizerConfig = OptimizerConfig::RmsProp { alpha: 0.99, epsilon: 1e-5 };
}

/// Course of a number, such as the learning rate, from its start to the last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// The number falls in a straight line to zero.
    Linear,
    /// The number is constant.
    Constant,
}

impl Schedule {
    /// Gives the number, which was `start` at first, after the fraction `share` of the training, from 0 to 1.
    #[must_use]
    pub fn value(self, start: f64, share: f64) -> f64 {
        match self {
            Schedule::Constant => start,
            Schedule::Linear => start * (1.0 - share.min(1.0)),
        }
    }
}

/// The course of the entropy bonus in configurations from before there was a choice.
fn constant() -> Schedule {
    Schedule::Constant
}

/// Normalization of advantages in each update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advantages {
    /// Each update's advantages have mean 0 and standard deviation 1, or less where the deviation was below
    /// [`TrainingConfig::advantage_floor`].
    Normalized,
    /// Advantages are used as they are.
    Raw,
}

/// Regularizer and rounding that make the weights of a NAU or an NMU whole in the end. Other cells have neither.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SparsityConfig {
    /// λ̂, the greatest weight of the regularizer; 0 leaves it out.
    pub weight: f64,
    /// Fractions of the training between which the regularizer's weight grows from 0 to `weight`.
    pub ramp: (f64, f64),
    /// Fraction of the training after which the weights are rounded to whole numbers and stay so; 1 leaves that out.
    pub discretize: f64,
    /// Condition of the rounding beyond that fraction.
    #[serde(default)]
    pub rounding: Rounding,
}

/// Condition under which the weights of a NAU or an NMU are rounded, once [`SparsityConfig::discretize`] is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// The weights are rounded at once.
    #[default]
    Scheduled,
    /// The weights are rounded after the first evaluation in which the agent with rounded weights has [`Rounding::LEAST`]
    /// success over the training range, and at most [`Rounding::LOSS`] less than without rounding. Rounding can therefore
    /// not take from an agent what it has learned; an agent that never gets there keeps its weights.
    Validated,
}

impl Rounding {
    /// Least success over the training range, as a share of the feasible episodes, with which an agent is rounded.
    pub const LEAST: f64 = 0.5;
    /// Greatest loss of success through rounding, as a share of the feasible episodes.
    pub const LOSS: f64 = 0.05;

    /// Tells if an agent may be rounded whose success is `before`, and `after` with rounded weights.
    pub(crate) fn is_good(before: f64, after: f64) -> bool {
        after >= Rounding::LEAST && after >= before - Rounding::LOSS
    }
}

impl SparsityConfig {
    /// Tells if the weights are held at whole numbers after `share` of the training; `validated` if an evaluation has
    /// allowed it.
    pub(crate) fn is_whole(&self, share: f64, validated: bool) -> bool {
        match self.rounding {
            Rounding::Scheduled => self.discretize < 1.0 && share >= self.discretize,
            Rounding::Validated => validated,
        }
    }

    /// Tells if the weights have their final form after `share` of the training; `validated` as in
    /// [`is_whole`](Self::is_whole).
    pub(crate) fn is_settled(&self, share: f64, validated: bool) -> bool {
        self.discretize >= 1.0 || self.is_whole(share, validated)
    }

    /// Tells if an evaluation after `share` of the training decides whether to round.
    pub(crate) fn awaits_validation(&self, share: f64, validated: bool) -> bool {
        self.rounding == Rounding::Validated && !validated && self.discretize < 1.0 && share >= self.discretize
    }
}

/// Configuration of a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingConfig {
    /// The seed of everything that is random.
    pub seed: u64,
    /// Environment steps in all, over all workers.
    pub steps: u64,
    /// Success on feasible episodes that ends the training early, once it was reached at every instruction that is
    /// trained on, at two evaluations in a row.
    pub until: Option<f64>,
    /// Number of threads that act and learn.
    pub workers: usize,
    /// Number of environments of each worker.
    pub envs: usize,
    /// Number of steps of each environment in a rollout.
    pub rollout: usize,
    /// Exchange of gradients between workers.
    pub mode: Mode,
    /// γ, the discount a step.
    pub discount: f32,
    /// λ of the λ-returns; 1 gives A3C's n-step returns.
    pub lambda: f32,
    /// Weight of the entropy bonus at the start of the training.
    pub entropy: f32,
    /// Course of that weight.
    #[serde(default = "constant")]
    pub entropy_schedule: Schedule,
    /// Weight of the value loss.
    pub value: f32,
    /// Greatest global norm of a gradient.
    pub clip: f64,
    /// Normalization of advantages.
    pub advantages: Advantages,
    /// Least number by which normalized advantages are divided, whatever their standard deviation.
    #[serde(default)]
    pub advantage_floor: f64,
    /// Regularizer and rounding of the weights of a NAU or an NMU; `None` for other cells.
    pub sparsity: Option<SparsityConfig>,
    /// Rule that turns a gradient into a step.
    pub optimizer: OptimizerConfig,
    /// Learning rate at the start of the training.
    pub learning_rate: f64,
    /// Course of the learning rate.
    pub schedule: Schedule,
    /// Response to a number of an update that is not finite.
    #[serde(default)]
    pub on_nan: OnNan,
    /// Environment steps between two records of losses and successes.
    pub log_interval: u64,
    /// Environment steps between two evaluations on the training range.
    pub eval_interval: u64,
    /// Episodes that are drawn for each value of the instruction in such an evaluation; nothing for one from each start,
    /// or 100 where starts cannot be enumerated.
    pub eval_episodes: Option<usize>,
}

impl TrainingConfig {
    /// Gives the fraction of the training that lies before the environment step `step`.
    pub(crate) fn share(&self, step: u64) -> f64 {
        step as f64 / self.steps as f64
    }

    /// Makes the default configuration, in which agents differ in the number of steps alone: the LSTM by itself takes
    /// longer. The settings are those of a search over every input of the feedback loop and both rewards
    /// (`docs/search.md`). Only the learning rate is another: it is constant, at the mean of the search's falling one.
    pub fn of(agent: AgentName) -> TrainingConfig {
        let about = agent.cell().map(Cell::about);
        let steps = about.map_or(12_000_000, |about| about.steps);
        TrainingConfig {
            seed: 1,
            steps,
            until: None,
            workers: 2,
            envs: 64,
            rollout: 20,
            mode: Mode::Async,
            discount: 0.99,
            lambda: 1.0,
            entropy: 0.13,
            entropy_schedule: Schedule::Linear,
            value: 0.5,
            clip: 0.5,
            advantages: Advantages::Normalized,
            advantage_floor: 0.1,
            sparsity: about.and_then(|about| about.constraint.as_ref()).map(|_| SparsityConfig {
                weight: 0.3,
                ramp: (0.1, 0.3),
                discretize: 0.3,
                rounding: Rounding::Scheduled,
            }),
            optimizer: OptimizerConfig::ADAM,
            learning_rate: 2e-3,
            schedule: Schedule::Constant,
            on_nan: OnNan::Stop,
            log_interval: 20_000,
            eval_interval: 100_000,
            eval_episodes: None,
        }
    }
}

impl TrainingConfig {
    /// Checks that there is room for the images of all rollouts, with so many numbers each.
    pub(super) fn check_images(&self, each: u128) -> Result<(), ConfigError> {
        let numbers = (self.workers * self.envs * self.rollout) as u128 * each;
        match numbers {
            0..=MOST_NUMBERS => Ok(()),
            _ => {
                let why = format!("with these workers and rollouts the images make {numbers} numbers");
                refuse("training.envs", self.envs, why)
            }
        }
    }

    pub(super) fn check(&self, model: &ModelConfig, parameters: u128) -> Result<(), ConfigError> {
        let hidden = model.hidden as u128;
        let workers = count("training.workers", self.workers, 4096)?;
        let envs = count("training.envs", self.envs, MOST)?;
        let rollout = count("training.rollout", self.rollout, MOST)?;
        let episodes = count("training.eval_episodes", self.eval_episodes.unwrap_or(1), MOST)?;
        if workers * (parameters + envs * rollout * hidden) > MOST_NUMBERS {
            let numbers = workers * (parameters + envs * rollout * hidden);
            return refuse(
                "training.envs",
                envs,
                format!("with these workers and rollouts it makes {numbers} numbers"),
            );
        }
        if episodes * hidden > MOST_NUMBERS {
            return refuse("training.eval_episodes", episodes, format!("with {hidden} hidden units it is too many"));
        }
        for (field, value) in [("training.steps", self.steps), ("training.eval_interval", self.eval_interval)] {
            if value == 0 || value > i64::MAX as u64 {
                return refuse(field, value, format!("it must be from 1 to {}", i64::MAX));
            }
        }
        self.check_numbers()
    }

    fn check_numbers(&self) -> Result<(), ConfigError> {
        within("training.discount", self.discount.into(), 0.0..=1.0)?;
        within("training.lambda", self.lambda.into(), 0.0..=1.0)?;
        within("training.entropy", self.entropy.into(), 0.0..=f32::MAX.into())?;
        within("training.value", self.value.into(), 0.0..=f32::MAX.into())?;
        above_zero("training.clip", self.clip)?;
        within("training.advantage_floor", self.advantage_floor, 0.0..=f32::MAX.into())?;
        within("training.learning_rate", self.learning_rate, 0.0..=f64::MAX)?;
        if let Some(until) = self.until {
            within("training.until", until, 0.0..=1.0)?;
        }
        if let Some(sparsity) = self.sparsity {
            within("training.sparsity.weight", sparsity.weight, 0.0..=f32::MAX.into())?;
            within("training.sparsity.discretize", sparsity.discretize, 0.0..=1.0)?;
            within("training.sparsity.ramp", sparsity.ramp.1, 0.0..=1.0)?;
            within("training.sparsity.ramp", sparsity.ramp.0, 0.0..=sparsity.ramp.1)?;
        }
        let (decays, epsilon) = match self.optimizer {
            OptimizerConfig::Adam { beta1, beta2, epsilon } => ([beta1, beta2], epsilon),
            OptimizerConfig::RmsProp { alpha, epsilon } => ([alpha, alpha], epsilon),
        };
        // A decay of 1 would never learn from a gradient, and divide by nothing in Adam.
        decays.into_iter().try_for_each(|decay| within("training.optimizer", decay, 0.0..=1.0 - 1e-9))?;
        within("training.optimizer.epsilon", epsilon, 0.0..=1.0)
    }
}
