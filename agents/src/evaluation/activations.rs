//! State of a network.

use crate::head_columns::probability;

/// A network's state as it acts, in one lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Activations {
    /// Logits of the policy, one for each action.
    pub logits: Vec<f32>,
    /// Phase, of an agent that tells phases apart.
    pub phase: Option<PhaseActivation>,
    /// Estimate of the value.
    pub value: f32,
    /// Output h of the core, `[hidden]`.
    pub h: Vec<f32>,
    /// Memory c of the core: `[hidden]` for an LSTM, one number for a clock, else empty.
    pub c: Vec<f32>,
    /// Counters n, `[units]`; empty without a loop.
    pub n: Vec<f32>,
    /// Input of the core from the counters, `[units]`: `tanh(gain · n)` or `gain · n`.
    pub read: Vec<f32>,
}

/// Phase of an agent, and its decision about the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhaseActivation {
    /// Present phase, counted from 0.
    pub now: u8,
    /// Logit of going on to the next phase.
    pub logit: f32,
}

impl PhaseActivation {
    /// The probability of going on to the next phase.
    #[must_use]
    pub fn probability(self) -> f32 {
        probability(self.logit)
    }
}

impl Activations {
    /// The probability of each action: `e^logit_k / Σ e^logit`.
    pub fn probabilities(&self) -> Vec<f32> {
        let greatest = self.logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f32> = self.logits.iter().map(|x| (x - greatest).exp()).collect();
        let total: f32 = powers.iter().sum();
        powers.iter().map(|power| power / total).collect()
    }
}
