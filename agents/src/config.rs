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
    /// The same with a NALU.
    LstmNalu,
    /// The same with a NAU: counters that the LSTM reads, and nothing else of the instruction.
    LstmNau,
    /// The most reward there is; learns nothing.
    Oracle,
    /// Uniform actions; learns nothing.
    Random,
}

impl AgentName {
    /// All agents, in the order of the tables.
    pub const ALL: [AgentName; 6] = [
        AgentName::Lstm,
        AgentName::LstmNac,
        AgentName::LstmNalu,
        AgentName::LstmNau,
        AgentName::Oracle,
        AgentName::Random,
    ];

    /// The name as users write it.
    pub fn as_str(self) -> &'static str {
        match self {
            AgentName::Lstm => "lstm",
            AgentName::LstmNac => "lstm-nac",
            AgentName::LstmNalu => "lstm-nalu",
            AgentName::LstmNau => "lstm-nau",
            AgentName::Oracle => "oracle",
            AgentName::Random => "random",
        }
    }

    /// One line about it, for lists and help.
    pub fn summary(self) -> &'static str {
        match self {
            AgentName::Lstm => "LSTM over the image's features and the instruction T",
            AgentName::LstmNac => "the same, and T also goes through a NAC whose output feeds back into the LSTM",
            AgentName::LstmNalu => "the same with a NALU in the loop",
            AgentName::LstmNau => "the LSTM is told T only through counters: a NAU that adds up −1, 0 and 1",
            AgentName::Oracle => "walks so as to arrive on time: the most reward there is (no learning)",
            AgentName::Random => "uniformly random actions: the floor (no learning)",
        }
    }

    /// Whether it has parameters to train.
    pub fn learns(self) -> bool {
        !matches!(self, AgentName::Oracle | AgentName::Random)
    }

    /// The cell of its feedback loop, if it has one.
    pub fn cell(self) -> Option<Cell> {
        match self {
            AgentName::LstmNac => Some(Cell::Nac),
            AgentName::LstmNalu => Some(Cell::Nalu),
            AgentName::LstmNau => Some(Cell::Nau),
            AgentName::Lstm | AgentName::Oracle | AgentName::Random => None,
        }
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

/// The cell in the feedback loop: what `W` is made of, and what is made of `W`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// The neural accumulator (Trask et al. 2018).
    Nac,
    /// The neural arithmetic logic unit (Trask et al. 2018).
    Nalu,
    /// The neural addition unit (Madsen & Johansen 2020).
    Nau,
}

/// When a part of the network is shown the instruction; zero is shown otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// In every step.
    Always,
    /// In the first step of an episode.
    First,
    /// Not at all.
    Never,
}

/// What the feedback loop reads, and what it does with its own output: the paper's figure allows
/// more than one reading, and only measurements tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// `n_t = n_tm1 + W [T at the first step, 1]`: an accumulator in the word's own sense.
    Additive,
    /// `n_t = n_tm1 + W [T at the first step, 1, h_tm1]`: what is added may depend on what was seen.
    AdditiveState,
    /// `n_t = W [T at the first step, h_tm1, n_tm1]`.
    Recurrent,
    /// `n_t = W [T, h_tm1]`.
    State,
    /// `n_t = W [T]`: no loop.
    Instruction,
}

impl Reading {
    /// All readings.
    pub const ALL: [Reading; 5] =
        [Reading::Additive, Reading::AdditiveState, Reading::Recurrent, Reading::State, Reading::Instruction];

    /// The name as users write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reading::Additive => "additive",
            Reading::AdditiveState => "additive-state",
            Reading::Recurrent => "recurrent",
            Reading::State => "state",
            Reading::Instruction => "instruction",
        }
    }

    /// The equation, for lists and help.
    pub fn equation(self) -> &'static str {
        match self {
            Reading::Additive => "n += cell([T at the first step, 1])",
            Reading::AdditiveState => "n += cell([T at the first step, 1, h])",
            Reading::Recurrent => "n = cell([T at the first step, h, n])",
            Reading::State => "n = cell([T, h])",
            Reading::Instruction => "n = cell([T])",
        }
    }
}

/// The feedback loop beside the LSTM.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoopConfig {
    /// Its cell.
    pub cell: Cell,
    /// What it reads.
    pub reading: Reading,
    /// How many accumulators there are.
    pub units: usize,
    /// The LSTM reads `tanh(gain · n)`; T and the clock count in steps.
    pub gain: f32,
}

impl LoopConfig {
    /// The loop around `cell`, with its defaults.
    pub fn of(cell: Cell) -> LoopConfig {
        let (units, gain) = match cell {
            Cell::Nac | Cell::Nalu => (8, 0.3),
            Cell::Nau => (8, 10.0),
        };
        LoopConfig { cell, reading: Reading::Additive, units, gain }
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
    /// When the LSTM reads the instruction itself, beside what the feedback loop makes of it.
    pub told: When,
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
            told: if agent == AgentName::LstmNau { When::Never } else { When::Always },
            feedback: agent.cell().map(LoopConfig::of),
        }
    }

    /// Returns in words what this network has where `other` has something else: `hidden 32, not 16`.
    pub fn differences(&self, other: &ModelConfig) -> String {
        // By way of a text, as a number of 32 bits is to stay that.
        let settings = |config| -> serde_json::Map<String, serde_json::Value> {
            let text = serde_json::to_string(config).unwrap_or_default();
            serde_json::from_str(&text).unwrap_or_default()
        };
        let others = settings(other);
        let differing = settings(self).into_iter().filter(|(name, value)| others.get(name) != Some(value));
        let words = differing.map(|(name, value)| format!("{name} {value}, not {}", others[&name]));
        words.collect::<Vec<_>>().join("; ")
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

/// What is done when a loss, a gradient or a parameter is NaN or infinite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnNan {
    /// The training stops; its last checkpoint is whole.
    #[default]
    Stop,
    /// It goes back to its last checkpoint with half the learning rate, five times at most.
    Rollback,
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

/// What makes a NAU's weights −1, 0 and 1 in the end. Other cells have none of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SparsityConfig {
    /// λ̂, the greatest weight of the regularizer; 0 leaves it out.
    pub weight: f64,
    /// The shares of the training between which its weight grows from 0 to that.
    pub ramp: (f64, f64),
    /// The share of the training after which the weights are whole and stay; 1 leaves that out.
    pub discretize: f64,
}

impl SparsityConfig {
    /// Whether the weights are held at whole numbers after `share` of the training.
    pub fn is_whole(&self, share: f64) -> bool {
        self.discretize < 1.0 && share >= self.discretize
    }

    /// Whether the weights are as they are meant to be after `share` of the training.
    pub fn is_settled(&self, share: f64) -> bool {
        self.discretize >= 1.0 || share >= self.discretize
    }
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
    /// What makes the weights of a NAU whole.
    pub sparsity: Option<SparsityConfig>,
    /// The rule of the updates.
    pub optimizer: OptimizerConfig,
    /// The learning rate at the start.
    pub learning_rate: f64,
    /// How it goes on.
    pub schedule: Schedule,
    /// What is done when a number of an update is not finite.
    #[serde(default)]
    pub on_nan: OnNan,
    /// Environment steps between two records of losses and successes.
    pub log_interval: u64,
    /// Environment steps between two evaluations on the training range.
    pub eval_interval: u64,
    /// Episodes for each value of the instruction in such an evaluation.
    pub eval_episodes: usize,
}

impl TrainingConfig {
    /// The share of the training that lies before the environment step `step`.
    pub fn share(&self, step: u64) -> f64 {
        step as f64 / self.steps as f64
    }

    /// The training that suits an agent. The accumulator makes the task easier to learn: what is
    /// fast with it is too rough for the LSTM alone.
    pub fn of(agent: AgentName) -> TrainingConfig {
        let (steps, learning_rate) = match agent {
            AgentName::LstmNac | AgentName::LstmNalu => (4_000_000, 8e-3),
            // Not told T, it must learn to hurry always: the last shortest paths take longer.
            AgentName::LstmNau => (6_000_000, 8e-3),
            AgentName::Lstm | AgentName::Oracle | AgentName::Random => (12_000_000, 2e-3),
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
            lambda: 0.95,
            entropy: 0.2,
            value: 0.5,
            clip: 0.5,
            advantages: Advantages::Normalized,
            sparsity: (agent.cell() == Some(Cell::Nau)).then_some(SparsityConfig {
                weight: 0.3,
                ramp: (0.1, 0.3),
                discretize: 0.3,
            }),
            optimizer: OptimizerConfig::ADAM,
            learning_rate,
            schedule: Schedule::Linear,
            on_nan: OnNan::Stop,
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
