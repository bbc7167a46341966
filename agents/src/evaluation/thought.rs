//! A network's state.

/// A network's state as it acts, in one lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thought {
    /// The policy's logits, one an action.
    pub logits: Vec<f32>,
    /// The value.
    pub value: f32,
    /// The LSTM's output.
    pub h: Vec<f32>,
    /// The LSTM's memory.
    pub c: Vec<f32>,
    /// The accumulators; empty without a loop.
    pub n: Vec<f32>,
    /// What the LSTM reads of them: `tanh(gain · n)`.
    pub read: Vec<f32>,
}

impl Thought {
    /// The probability of each action: `e^logit_k / Σ e^logit`.
    pub fn probabilities(&self) -> Vec<f32> {
        let greatest = self.logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f32> = self.logits.iter().map(|x| (x - greatest).exp()).collect();
        let total: f32 = powers.iter().sum();
        powers.iter().map(|power| power / total).collect()
    }
}
