//! Every choice that makes a training what it is, with its default.
//!
//! Together with the task and the version these determine, in sync mode, every bit of the result.
//! What the paper does not say is an assumption: `docs/assumptions.md` has a row for each.

mod agent;
mod limits;
mod model;
mod training;

use gridworld_envs::{Frames, Spec};
use serde::{Deserialize, Serialize};

use limits::refuse;

pub use agent::AgentName;
pub use limits::ConfigError;
pub use model::{Calibration, Convolution, LoopConfig, ModelConfig, VisionConfig};
pub use training::{Advantages, Mode, OnNan, OptimizerConfig, Rounding, Schedule, SparsityConfig, TrainingConfig};

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
    #[must_use]
    pub fn of(agent: AgentName) -> Config {
        Config { agent, model: ModelConfig::of(agent), training: TrainingConfig::of(agent) }
    }

    /// Checks that this can be trained, on an environment like `spec`.
    ///
    /// # Errors
    /// The first field that cannot be so.
    pub fn check(&self, spec: &Spec) -> Result<(), ConfigError> {
        let agent = self.agent.as_str();
        if self.agent.cell() != self.model.feedback.map(|feedback| feedback.cell) {
            return refuse("model.feedback", "this", format!("the loop of `{agent}` has another cell, or none"));
        }
        let parameters = self.model.check(spec)?;
        self.training.check(&self.model, parameters)?;
        match spec.frames {
            Frames::Keyed => Ok(()),
            Frames::Drawn => self.training.check_images(self.model.numbers_of_image(spec.frame)),
        }
    }
}
