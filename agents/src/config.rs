//! Every choice that makes a training what it is, with its default.
//!
//! Together with the task and the version these determine, in sync mode, every bit of the result.
//! What the paper does not say is an assumption: `docs/assumptions.md` has a row for each.

mod agent;
mod model;
mod training;

use serde::{Deserialize, Serialize};

pub use crate::cells::Cell;
pub use crate::cores::CoreName;
pub use crate::feedback::InstructionInput;
pub use agent::AgentName;
pub use model::{Convolution, FeedbackInput, LoopConfig, ModelConfig};
pub use training::{Advantages, Mode, OnNan, OptimizerConfig, Schedule, SparsityConfig, TrainingConfig};

/// Configuration of an agent and its training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Name of the agent.
    pub agent: AgentName,
    /// Configuration of the network.
    pub model: ModelConfig,
    /// Configuration of the training.
    pub training: TrainingConfig,
}

impl Config {
    /// The defaults for `agent`.
    pub fn of(agent: AgentName) -> Config {
        Config { agent, model: ModelConfig::of(agent), training: TrainingConfig::of(agent) }
    }
}
