//! λ-returns (Sutton & Barto 2018, §12.1), over rollouts of many lanes.

use gridworld_envs::Outcome;

use crate::loss::check_len;

/// A rollout of steps t from 0 to T − 1 as the returns see it: slices `[time, lane]`, time after time.
#[derive(Clone, Copy, Debug)]
pub struct Trajectory<'a> {
    /// Number of lanes.
    pub lanes: usize,
    /// `r_t`, the reward of step t.
    pub rewards: &'a [f32],
    /// State of the episode after step t.
    pub outcomes: &'a [Outcome],
    /// `v_t`, the value of what was seen before step t.
    pub values: &'a [f32],
    /// The value of the final observation where step t was truncated; not read elsewhere.
    pub final_values: &'a [f32],
    /// `v_T`, `[lane]`: the value of what is seen after the last step.
    pub bootstrap: &'a [f32],
}

/// Computes the λ-returns `G_t = r_t + γ_t · ((1 − λ_t) · v_tp1 + λ_t · G_tp1)` and writes them to `returns`,
/// `[time, lane]`. While an episode runs, γ_t = `discount` and λ_t = `lambda`; after the last step of the rollout both
/// v_tp1 and G_tp1 are the `bootstrap` of the trajectory.
///
/// At a termination γ_t = 0: nothing follows. At a truncation λ_t = 0, and v_tp1 is the value of the final observation,
/// an estimate of what would have followed. With λ = 1 these are A3C's n-step returns (Mnih et al. 2016).
///
/// # Panics
/// If there is no lane, or an array does not have the shape given here or in [`Trajectory`].
pub fn lambda_returns(trajectory: &Trajectory<'_>, discount: f32, lambda: f32, returns: &mut [f32]) {
    let lanes = trajectory.lanes;
    assert!(lanes > 0, "0 lanes: there must be one at least");
    let steps = trajectory.rewards.len() / lanes;
    let shape = [("time", steps), ("lane", lanes)];
    check_len("rewards", trajectory.rewards.len(), &shape);
    check_len("outcomes", trajectory.outcomes.len(), &shape);
    check_len("values", trajectory.values.len(), &shape);
    check_len("final_values", trajectory.final_values.len(), &shape);
    check_len("returns", returns.len(), &shape);
    check_len("bootstrap", trajectory.bootstrap.len(), &[("lane", lanes)]);
    for lane in 0..lanes {
        let (mut v_tp1, mut g_tp1) = (trajectory.bootstrap[lane], trajectory.bootstrap[lane]);
        for t in (0..steps).rev() {
            let at = t * lanes + lane;
            let following = match trajectory.outcomes[at] {
                Outcome::Running => (1.0 - lambda) * v_tp1 + lambda * g_tp1,
                Outcome::Terminated => 0.0,
                Outcome::Truncated => trajectory.final_values[at],
            };
            returns[at] = trajectory.rewards[at] + discount * following;
            (v_tp1, g_tp1) = (trajectory.values[at], returns[at]);
        }
    }
}

/// Shifts and scales `advantages` to mean 0 and (population) standard deviation 1; they are divided by `floor` at least, so
/// that the noise of small advantages is not made as great as a signal. Advantages that are all equal become 0.
pub fn normalize(advantages: &mut [f32], floor: f64) {
    let count = advantages.len() as f64;
    let mean = advantages.iter().map(|&a| f64::from(a)).sum::<f64>() / count;
    let variance = advantages.iter().map(|&a| (f64::from(a) - mean).powi(2)).sum::<f64>() / count;
    // The small term keeps the scale finite where all advantages are equal.
    let scale = 1.0 / (variance.sqrt().max(floor) + 1e-8);
    advantages.iter_mut().for_each(|a| *a = ((f64::from(*a) - mean) * scale) as f32);
}
