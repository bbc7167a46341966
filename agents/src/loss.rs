//! The actor-critic loss (Mnih et al. 2016) and its derivative on the heads' outputs.

use serde::{Deserialize, Serialize};

use crate::head_columns::{HeadColumns, probability};

/// The weights of the loss's terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficients {
    /// Weight of the value loss.
    pub value: f32,
    /// Weight of the entropy bonus.
    pub entropy: f32,
}

/// Actions with their advantages and returns: each `[sample]`, of steps 0 to T − 1 of the lanes in any order.
#[derive(Clone, Copy, Debug)]
pub struct Samples<'a> {
    /// Actions that were taken.
    pub actions: &'a [u8],
    /// True where the agent went on to the next phase; not read of an agent without phases.
    pub advances: &'a [bool],
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

/// Computes the loss `policy + c_v · value − c_e · entropy`, a mean over the samples, and its derivative. A row of
/// `outputs`, `[sample, width]`, has the columns that `columns` says. Overwrites `gradient`, of the same shape,
/// with the derivative of the loss with respect to `outputs`, and returns the three terms without their coefficients
/// c_v = `coefficients.value` and c_e = `coefficients.entropy`.
///
/// With p the policy and H its entropy, and N samples:
/// `∂/∂logit_k = (A · (p_k − 1[k = a]) + c_e · p_k · (log p_k + H)) / N`, `∂/∂v = c_v · (v − G) / N`.
///
/// Going on to the next phase is a decision of its own, with probability q = σ(logit): its log-probability is added to that
/// of the action, `∂/∂logit = A · (q − 1[went on]) / N`. It has no part in the entropy, which would draw q to ½.
///
/// # Panics
/// If there is no sample or no action, if an array does not have the shape given here or in [`Samples`], or an action
/// has no logit.
pub fn actor_critic(
    outputs: &[f32],
    columns: HeadColumns,
    samples: &Samples<'_>,
    coefficients: Coefficients,
    gradient: &mut [f32],
) -> Losses {
    let (count, width) = (samples.actions.len(), columns.width());
    assert!(count > 0 && columns.actions > 0, "{count} samples of {} actions: one at least", columns.actions);
    check_len("advantages", samples.advantages.len(), &[("sample", count)]);
    check_len("returns", samples.returns.len(), &[("sample", count)]);
    check_len("outputs", outputs.len(), &[("sample", count), ("width", width)]);
    check_len("gradient", gradient.len(), &[("sample", count), ("width", width)]);
    if columns.phases {
        check_len("advances", samples.advances.len(), &[("sample", count)]);
    }
    let scale = 1.0 / count as f32;
    let mut losses = Losses::default();
    let mut log_p = vec![0.0_f32; columns.actions];
    for (sample, (output, gradient)) in outputs.chunks_exact(width).zip(gradient.chunks_exact_mut(width)).enumerate() {
        let (logits, value) = (columns.logits(output), columns.value(output));
        log_softmax(logits, &mut log_p);
        let entropy: f32 = -log_p.iter().map(|l| l.exp() * l).sum::<f32>();
        let (action, advantage) = (usize::from(samples.actions[sample]), samples.advantages[sample]);
        for (k, &l) in log_p.iter().enumerate() {
            let p = l.exp();
            let taken = if k == action { 1.0 } else { 0.0 };
            gradient[k] = scale * (advantage * (p - taken) + coefficients.entropy * p * (l + entropy));
        }
        if let Some(logit) = columns.advance(output) {
            let went_on = samples.advances[sample];
            gradient[columns.actions] = scale * advantage * (probability(logit) - f32::from(u8::from(went_on)));
            losses.policy += f64::from(advantage * softplus(if went_on { -logit } else { logit }));
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

/// Writes `log p_k = x_k − log Σ_j e^(x_j)` for each logit x_k to `log_p`, which is as long as `logits`. The greatest
/// logit is subtracted first, so that nothing overflows.
///
/// # Panics
/// If the lengths differ.
pub fn log_softmax(logits: &[f32], log_p: &mut [f32]) {
    check_len("log_p", log_p.len(), &[("action", logits.len())]);
    let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|x| (x - greatest).exp()).sum();
    let log_sum = greatest + sum.ln();
    log_p.iter_mut().zip(logits).for_each(|(l, x)| *l = x - log_sum);
}

/// `log(1 + e^x)`, which is −log σ(−x).
fn softplus(x: f32) -> f32 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Fails if an array has not as many numbers as its shape, given as names and lengths of its axes.
#[track_caller]
pub(crate) fn check_len(array: &str, found: usize, shape: &[(&str, usize)]) {
    let expected: usize = shape.iter().map(|(_, length)| length).product();
    let axes = || shape.iter().map(|(axis, length)| format!("{axis} = {length}")).collect::<Vec<_>>().join(", ");
    assert!(found == expected, "`{array}` has {found} numbers, not the {expected} of [{}]", axes());
}
