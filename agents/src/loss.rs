//! The actor-critic loss (Mnih et al. 2016) and its derivative on the heads' outputs.

use serde::{Deserialize, Serialize};

/// The weights of the loss's terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficients {
    /// Weight of the value loss.
    pub value: f32,
    /// Weight of the entropy bonus.
    pub entropy: f32,
}

/// Actions with their advantages and returns: one entry for each sample.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a> {
    /// Actions that were taken.
    pub actions: &'a [u8],
    /// Advantages of the actions, a constant to the loss.
    pub advantages: &'a [f32],
    /// Returns, the targets of the value.
    pub returns: &'a [f32],
}

/// The loss's terms, each a mean over the samples, before their weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Losses {
    /// Policy loss, `−A · log π(a)`.
    pub policy: f64,
    /// Value loss, `½ (v − G)²`.
    pub value: f64,
    /// Entropy of the policy, `−Σ π log π`, in nats.
    pub entropy: f64,
}

/// The loss `policy + c_v · value − c_e · entropy` over `outputs`, `[sample, actions + 1]` with
/// logits first and the value last; its derivative is written to `gradient`, of the same shape.
///
/// With p the policy and H its entropy, and N samples:
/// `∂/∂logit_k = (A · (p_k − 1[k = a]) + c_e · p_k · (log p_k + H)) / N`, `∂/∂v = c_v · (v − G) / N`.
pub fn actor_critic(
    outputs: &[f32],
    width: usize,
    samples: &Samples<'_>,
    coefficients: Coefficients,
    gradient: &mut [f32],
) -> Losses {
    let count = samples.actions.len();
    let scale = 1.0 / count as f32;
    let mut losses = Losses::default();
    let mut log_p = vec![0.0_f32; width - 1];
    for (sample, (output, gradient)) in
        outputs.chunks_exact(width).zip(gradient.chunks_exact_mut(width)).enumerate().take(count)
    {
        let (logits, value) = (&output[..width - 1], output[width - 1]);
        log_softmax(logits, &mut log_p);
        let entropy: f32 = -log_p.iter().map(|l| l.exp() * l).sum::<f32>();
        let (action, advantage) = (usize::from(samples.actions[sample]), samples.advantages[sample]);
        for (k, &l) in log_p.iter().enumerate() {
            let p = l.exp();
            let taken = if k == action { 1.0 } else { 0.0 };
            gradient[k] = scale * (advantage * (p - taken) + coefficients.entropy * p * (l + entropy));
        }
        let error = value - samples.returns[sample];
        gradient[width - 1] = scale * coefficients.value * error;
        losses.policy -= f64::from(advantage * log_p[action]);
        losses.value += 0.5 * f64::from(error) * f64::from(error);
        losses.entropy += f64::from(entropy);
    }
    let mean = 1.0 / count as f64;
    Losses { policy: losses.policy * mean, value: losses.value * mean, entropy: losses.entropy * mean }
}

/// `log p_k = x_k − log Σ e^x`, with the greatest logit taken out first.
pub fn log_softmax(logits: &[f32], log_p: &mut [f32]) {
    let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|x| (x - greatest).exp()).sum();
    let log_sum = greatest + sum.ln();
    log_p.iter_mut().zip(logits).for_each(|(l, x)| *l = x - log_sum);
}
