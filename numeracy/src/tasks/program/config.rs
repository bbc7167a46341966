//! The settings.

use serde::{Deserialize, Serialize};

use super::code::Kind;
use super::model::ProgramModel;
use crate::schedule::LearningRate;

/// A program experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgramConfig {
    /// What the programs do.
    pub kind: Kind,
    /// What reads them.
    pub model: ProgramModel,
    /// Units of embedding and memory.
    pub units: usize,
    /// Updates of each seed.
    pub iterations: u64,
    /// Adam's step size.
    pub learning_rate: LearningRate,
    /// The greatest norm of a gradient.
    pub clip: f64,
}

impl ProgramConfig {
    /// What each model learns by: step sizes that stay for half of the updates, and then fall to a hundredth. The loss is
    /// the squared error in units of the answers' scale; the gradient is clipped, for operands grow exponentially.
    pub fn new(kind: Kind, model: ProgramModel, units: usize, iterations: u64) -> ProgramConfig {
        let rate = if model == ProgramModel::Calculator { 0.03 } else { 3e-3 };
        let points = [(iterations / 2, rate), (iterations, rate / 100.0)];
        let learning_rate = LearningRate::through(rate, points);
        ProgramConfig { kind, model, units, iterations, learning_rate, clip: 1.0 }
    }
}
