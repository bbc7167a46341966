//! Settings of a language experiment.

use serde::{Deserialize, Serialize};

use super::model::LanguageModel;
use crate::schedule::LearningRate;

/// Settings of a language experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LanguageConfig {
    /// Model that reads the words.
    pub model: LanguageModel,
    /// Number of units of embedding and LSTM.
    pub units: usize,
    /// Number of updates of each seed.
    pub iterations: u64,
    /// Step size of Adam over the updates.
    pub learning_rate: LearningRate,
}

impl LanguageConfig {
    /// Makes the settings that suit a model: step sizes stay for half of the updates, and then fall to a hundredth.
    #[must_use]
    pub fn new(model: LanguageModel, units: usize, iterations: u64) -> LanguageConfig {
        let rate = if model == LanguageModel::Register { 0.1 } else { 0.01 };
        let points = [(iterations / 2, rate), (iterations, rate / 100.0)];
        LanguageConfig { model, units, iterations, learning_rate: LearningRate::through(rate, points) }
    }
}
