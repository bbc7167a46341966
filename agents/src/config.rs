//! Every choice that makes a training what it is, with its default.
//!
//! Together with the task and the version these determine, in sync mode, every bit of the result.
//! What the paper does not say is an assumption: `docs/assumptions.md` has a row for each.

use serde::{Deserialize, Serialize};

/// An agent's name, as in `--agent`: its core, or a policy that does not learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentName {
    /// LSTM over the features and the instruction.
    Lstm,
    /// The same, and the instruction goes through a NAC whose output feeds back.
    LstmNac,
    /// The most reward there is; learns nothing.
    Oracle,
    /// Uniform actions; learns nothing.
    Random,
}

impl AgentName {
    /// All agents, in the order of the tables.
    pub const ALL: [AgentName; 4] = [AgentName::Lstm, AgentName::LstmNac, AgentName::Oracle, AgentName::Random];

    /// The name as users write it.
    pub fn as_str(self) -> &'static str {
        match self {
            AgentName::Lstm => "lstm",
            AgentName::LstmNac => "lstm-nac",
            AgentName::Oracle => "oracle",
            AgentName::Random => "random",
        }
    }

    /// One line about it, for lists and help.
    pub fn summary(self) -> &'static str {
        match self {
            AgentName::Lstm => "LSTM over the image's features and the instruction T",
            AgentName::LstmNac => "the same, and T also goes through a NAC whose output feeds back into the LSTM",
            AgentName::Oracle => "walks so as to arrive on time: the most reward there is (no learning)",
            AgentName::Random => "uniformly random actions: the floor (no learning)",
        }
    }

    /// Whether it has parameters to train.
    pub fn learns(self) -> bool {
        matches!(self, AgentName::Lstm | AgentName::LstmNac)
    }
}

impl std::fmt::Display for AgentName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One layer of the convnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convolution {
    /// Output channels.
    pub channels: usize,
    /// Side of the square kernel, in pixels of its input.
    pub kernel: usize,
    /// Step between two positions; no padding.
    pub stride: usize,
}

/// What the feedback loop reads, and what it does with its own output: the paper's figure allows
/// more than one reading, and only measurements tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// `n_t = n_tm1 + W [T at the first step, 1]`: an accumulator in the word's own sense.
    Additive,
    /// `n_t = W [T at the first step, h_tm1, n_tm1]`.
    Recurrent,
    /// `n_t = W [T, h_tm1]`.
    State,
    /// `n_t = W [T]`: no loop.
    Instruction,
}

impl Reading {
    /// All readings.
    pub const ALL: [Reading; 4] = [Reading::Additive, Reading::Recurrent, Reading::State, Reading::Instruction];

    /// The name as users write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reading::Additive => "additive",
            Reading::Recurrent => "recurrent",
            Reading::State => "state",
            Reading::Instruction => "instruction",
        }
    }

    /// The equation, for lists and help.
    pub fn equation(self) -> &'static str {
        match self {
            Reading::Additive => "n += NAC([T at the first step, 1])",
            Reading::Recurrent => "n = NAC([T at the first step, h, n])",
            Reading::State => "n = NAC([T, h])",
            Reading::Instruction => "n = NAC([T])",
        }
    }
}

/// The feedback loop beside the LSTM.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoopConfig {
    /// What it reads.
    pub reading: Reading,
    /// How many accumulators there are.
    pub units: usize,
    /// The LSTM reads `tanh(gain · n)`; T and the clock count in steps.
    pub gain: f32,
}

impl Default for LoopConfig {
    fn default() -> Self {
        LoopConfig { reading: Reading::Additive, units: 8, gain: 0.3 }
    }
}

/// The network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelConfig {
    /// The convnet's layers, each followed by a ReLU.
    pub convolutions: Vec<Convolution>,
    /// Features that a frame becomes.
    pub features: usize,
    /// The LSTM's units.
    pub hidden: usize,
    /// What the instruction is multiplied by before the LSTM reads it, so that it arrives at unit
    /// scale.
    pub instruction_scale: f32,
    /// The feedback loop, if the agent has one.
    pub feedback: Option<LoopConfig>,
}

impl ModelConfig {
    /// The network of a learning agent, with its defaults.
    pub fn of(agent: AgentName) -> ModelConfig {
        ModelConfig {
            convolutions: vec![
                Convolution { channels: 16, kernel: 8, stride: 4 },
                Convolution { channels: 32, kernel: 4, stride: 2 },
            ],
            features: 64,
            hidden: 64,
            instruction_scale: 0.1,
            feedback: (agent == AgentName::LstmNac).then(LoopConfig::default),
        }
    }
}

/// How workers exchange gradients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A3C: each worker applies its gradient as soon as it has it.
    Async,
    /// All wait for each other; the mean gradient is applied. Reproducible bit for bit.
    Sync,
}

/// The rule that turns a gradient into a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "name")]
pub enum OptimizerConfig {
    /// Kingma & Ba 2015.
    Adam {
        /// Decay of the first moment.
        beta1: f64,
        /// Decay of the second moment.
        beta2: f64,
        /// Added to the root of the second moment.
        epsilon: f64,
    },
    /// Mnih et al. 2016, with shared statistics.
    RmsProp {
        /// Decay of the mean square.
        alpha: f64,
        /// Added to the mean square, under the root.
        epsilon: f64,
    },
}

impl OptimizerConfig {
    /// Adam with its usual constants.
    pub const ADAM: OptimizerConfig = OptimizerConfig::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    /// A3C's RMSProp.
    pub const RMSPROP: OptimizerConfig = OptimizerConfig::RmsProp { alpha: 0.99, epsilon: 1e-5 };
}

/// How the learning rate goes from its start to the last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Falls in a straight line to zero.
    Linear,
    /// Stays.
    Constant,
}

/// Whether advantages are brought to mean 0 and deviation 1 in each update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Advantages {
    /// Each update's advantages have mean 0 and standard deviation 1.
    Normalized,
    /// As they are.
    Raw,
}

/// The training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingConfig {
    /// The seed of everything that is random.
    pub seed: u64,
    /// Environment steps in all, over all workers.
    pub steps: u64,
    /// Ends before that once this share of the feasible was reached at every instruction that is
    /// trained on, at two evaluations in a row.
    pub until: Option<f64>,
    /// Threads that act and learn.
    pub workers: usize,
    /// Environments of each worker.
    pub envs: usize,
    /// Steps of each environment in a rollout.
    pub rollout: usize,
    /// How gradients are exchanged.
    pub mode: Mode,
    /// γ, the discount a step.
    pub discount: f32,
    /// λ of the λ-returns; 1 gives A3C's n-step returns.
    pub lambda: f32,
    /// Weight of the entropy bonus.
    pub entropy: f32,
    /// Weight of the value loss.
    pub value: f32,
    /// Greatest global norm of a gradient.
    pub clip: f64,
    /// Whether advantages are normalized.
    pub advantages: Advantages,
    /// The rule of the updates.
    pub optimizer: OptimizerConfig,
    /// The learning rate at the start.
    pub learning_rate: f64,
    /// How it goes on.
    pub schedule: Schedule,
    /// Environment steps between two records of losses and successes.
    pub log_interval: u64,
    /// Environment steps between two evaluations on the training range.
    pub eval_interval: u64,
    /// Episodes for each value of the instruction in such an evaluation.
    pub eval_episodes: usize,
}

impl TrainingConfig {
    /// The training that suits an agent. The accumulator makes the task easier to learn: what is
    /// fast with it is too rough for the LSTM alone.
    pub fn of(agent: AgentName) -> TrainingConfig {
        let (steps, learning_rate, lambda, entropy) = match agent {
            AgentName::LstmNac => (4_000_000, 8e-3, 0.95, 0.2),
            AgentName::Lstm | AgentName::Oracle | AgentName::Random => (8_000_000, 2e-3, 0.95, 0.05),
        };
        TrainingConfig {
            seed: 1,
            steps,
            until: None,
            workers: 2,
            envs: 64,
            rollout: 20,
            mode: Mode::Async,
            discount: 0.99,
            lambda,
            entropy,
            value: 0.5,
            clip: 0.5,
            advantages: Advantages::Normalized,
            optimizer: OptimizerConfig::ADAM,
            learning_rate,
            schedule: Schedule::Linear,
            log_interval: 20_000,
            eval_interval: 100_000,
            eval_episodes: 100,
        }
    }
}

/// An agent and its training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Which agent.
    pub agent: AgentName,
    /// Its network.
    pub model: ModelConfig,
    /// Its training.
    pub training: TrainingConfig,
}

impl Config {
    /// The defaults for `agent`.
    pub fn of(agent: AgentName) -> Config {
        Config { agent, model: ModelConfig::of(agent), training: TrainingConfig::of(agent) }
    }
}
