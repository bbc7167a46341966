//! Settings of a program experiment.

use serde::{Deserialize, Serialize};

use super::code::Kind;
use super::model::ProgramModel;
use crate::schedule::LearningRate;

/// Settings of a program experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramConfig {
    /// Kind of the programs.
    pub kind: Kind,
    /// Model that reads the programs.
    pub model: ProgramModel,
    /// Number of units of embedding and memory.
    pub units: usize,
    /// Number of updates of each seed.
    pub iterations: u64,
    /// Step size of Adam over the updates.
    pub learning_rate: LearningRate,
    /// Greatest norm of a gradient.
    pub clip: f64,
}

impl ProgramConfig {
    /// Makes the settings that suit a model: step sizes stay for half of the updates, and then fall to a hundredth. The
    /// loss is the squared error in units of the answers' scale; the gradient is clipped, for operands grow
    /// exponentially.
    #[must_use]
    pub fn new(kind: Kind, model: ProgramModel, units: usize, iterations: u64) -> ProgramConfig {
        let rate = if model == ProgramModel::Calculator { 0.03 } else { 3e-3 };
        let points = [(iterations / 2, rate), (iterations, rate / 100.0)];
        let learning_rate = LearningRate::through(rate, points);
        ProgramConfig { kind, model, units, iterations, learning_rate, clip: 1.0 }
    }
}
