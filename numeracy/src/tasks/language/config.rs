//! The settings.

use serde::{Deserialize, Serialize};

use super::model::LanguageModel;
use crate::schedule::LearningRate;

/// A language experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageConfig {
    /// What reads the words.
    pub model: LanguageModel,
    /// Units of embedding and LSTM.
    pub units: usize,
    /// Updates of each seed.
    pub iterations: u64,
    /// Adam's step size.
    pub learning_rate: LearningRate,
}

impl LanguageConfig {
    /// What each model learns by: step sizes that stay for half of the updates, and then fall to a hundredth.
    pub fn new(model: LanguageModel, units: usize, iterations: u64) -> LanguageConfig {
        let rate = if model == LanguageModel::Register { 0.1 } else { 0.01 };
        let points = [(iterations / 2, rate), (iterations, rate / 100.0)];
        LanguageConfig { model, units, iterations, learning_rate: LearningRate::through(rate, points) }
    }
}
