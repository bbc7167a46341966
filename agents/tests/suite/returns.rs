//! λ-returns against a slow version in f64, written from the definition, and against what they
//! reduce to.

use gridworld_agents::returns::{Trajectory, lambda_returns, normalize};
use gridworld_envs::Outcome;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::fakes::panic_message;

const SEED: u64 = 21;

/// The λ-return from the first step of a stretch, from its definition: the mixture
/// `(1 − λ) Σ_{n<N} λ^(n−1) G⁽ⁿ⁾ + λ^(N−1) G⁽ᴺ⁾` of the n-step returns
/// `G⁽ⁿ⁾ = Σ_{k<n} (Π_{j<k} γ_j) r_k + (Π_{j<n} γ_j) v_n`, where `v[n − 1]` is what follows step n.
fn mixture(r: &[f64], discounts: &[f64], v: &[f64], lambda: f64) -> f64 {
    let n_step = |n: usize| -> f64 {
        let product = |k: usize| discounts[..k].iter().product::<f64>();
        (0..n).map(|k| product(k) * r[k]).sum::<f64>() + product(n) * v[n - 1]
    };
    let last = r.len();
    let mixed: f64 = (1..last).map(|n| lambda.powi(n as i32 - 1) * n_step(n)).sum();
    (1.0 - lambda) * mixed + lambda.powi(last as i32 - 1) * n_step(last)
}

/// A rollout of random numbers.
struct Rollout {
    lanes: usize,
    rewards: Vec<f32>,
    outcomes: Vec<Outcome>,
    values: Vec<f32>,
    final_values: Vec<f32>,
    bootstrap: Vec<f32>,
}

impl Rollout {
    /// Lane 0 runs on; lanes 1 to 6 end in either way at the first, a middle and the last step;
    /// the rest end at random.
    fn random(steps: usize, rng: &mut ChaCha8Rng) -> Rollout {
        let lanes = 12;
        let count = steps * lanes;
        let outcome = |at: usize, rng: &mut ChaCha8Rng| {
            let (t, lane) = (at / lanes, at % lanes);
            let way = if lane % 2 == 1 { Outcome::Terminated } else { Outcome::Truncated };
            match lane {
                1 | 2 if t == 0 => way,
                3 | 4 if t == steps / 2 => way,
                5 | 6 if t == steps - 1 => way,
                7.. => [Outcome::Running, Outcome::Running, Outcome::Terminated, Outcome::Truncated]
                    [rng.random_range(0..4_usize)],
                _ => Outcome::Running,
            }
        };
        let outcomes = (0..count).map(|at| outcome(at, rng)).collect();
        let mut numbers = |count: usize| (0..count).map(|_| rng.random::<f32>() * 4.0 - 2.0).collect::<Vec<f32>>();
        Rollout {
            lanes,
            outcomes,
            rewards: numbers(count),
            values: numbers(count),
            final_values: numbers(count),
            bootstrap: numbers(lanes),
        }
    }

    fn returns(&self, discount: f32, lambda: f32) -> Vec<f32> {
        let mut returns = vec![f32::NAN; self.rewards.len()];
        let trajectory = Trajectory {
            lanes: self.lanes,
            rewards: &self.rewards,
            outcomes: &self.outcomes,
            values: &self.values,
            final_values: &self.final_values,
            bootstrap: &self.bootstrap,
        };
        lambda_returns(&trajectory, discount, lambda, &mut returns);
        returns
    }

    /// The stretch from step `t` of `lane` to the episode's or the rollout's end: rewards, and what
    /// follows each step.
    fn stretch(&self, t: usize, lane: usize) -> (Vec<f64>, Vec<f64>) {
        let steps = self.rewards.len() / self.lanes;
        let at = |t: usize| t * self.lanes + lane;
        let last = (t..steps).find(|&t| self.outcomes[at(t)].ends()).unwrap_or(steps - 1);
        let end = match self.outcomes[at(last)] {
            Outcome::Running => self.bootstrap[lane],
            Outcome::Terminated => 0.0,
            Outcome::Truncated => self.final_values[at(last)],
        };
        let rewards = (t..=last).map(|t| f64::from(self.rewards[at(t)])).collect();
        let after = (t + 1..=last).map(|t| self.values[at(t)]).chain([end]).map(f64::from).collect();
        (rewards, after)
    }

    /// Compares all returns with `expected`, of a stretch's rewards and what follows each step.
    fn check(&self, discount: f32, lambda: f32, expected: impl Fn(&[f64], &[f64]) -> f64) {
        let returns = self.returns(discount, lambda);
        assert!(returns.len() > self.lanes);
        for (at, &found) in returns.iter().enumerate() {
            let (t, lane) = (at / self.lanes, at % self.lanes);
            let (rewards, after) = self.stretch(t, lane);
            let expected = expected(&rewards, &after);
            assert!(
                (f64::from(found) - expected).abs() < 1e-5,
                "seed {SEED}, γ {discount}, λ {lambda}, step {t}, lane {lane}: {found}, not {expected}"
            );
        }
    }
}

#[test]
fn the_slow_version_gives_a_case_that_was_computed_independently() {
    let (r, gamma) = ([1.0, 0.0, -1.0, 0.0, 1.0], [0.5, 0.9, 1.0, 0.5, 0.8]);
    let v = [3.0, 1.0, 5.0, -5.0, 3.0];
    for (t, expected) in [1.64605, 0.72281, 0.7375, 0.65, 3.4].into_iter().enumerate() {
        let found = mixture(&r[t..], &gamma[t..], &v[t..], 0.75);
        assert!((found - expected).abs() < 5e-6, "step {t}: {found}, not {expected}");
    }
}

#[test]
fn a_lane_by_hand() {
    // γ = 1/2, λ = 1/2, backwards from a bootstrap of 8: 2 + 8/2 = 6; 1 + (1/2)(1/2·4 + 1/2·6) = 3.5;
    // a termination: −1; a truncation before a final value of 6: 3 + 6/2 = 6; 0 + (1/2)(1/2·2 + 1/2·6) = 2.
    let trajectory = Trajectory {
        lanes: 1,
        rewards: &[0.0, 3.0, -1.0, 1.0, 2.0],
        outcomes: &[Outcome::Running, Outcome::Truncated, Outcome::Terminated, Outcome::Running, Outcome::Running],
        values: &[9.0, 2.0, 7.0, 5.0, 4.0],
        final_values: &[100.0, 6.0, 100.0, 100.0, 100.0],
        bootstrap: &[8.0],
    };
    let mut returns = [0.0; 5];
    lambda_returns(&trajectory, 0.5, 0.5, &mut returns);
    assert_eq!(returns, [2.0, 6.0, -1.0, 3.5, 6.0]);
}

#[test]
fn returns_equal_the_slow_version_wherever_episodes_end() {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    for steps in [2, 3, 9, 20] {
        let rollout = Rollout::random(steps, &mut rng);
        for outcome in [Outcome::Running, Outcome::Terminated, Outcome::Truncated] {
            for t in [0, steps / 2, steps - 1] {
                assert!(rollout.outcomes[t * rollout.lanes..][..rollout.lanes].contains(&outcome));
            }
        }
        for (discount, lambda) in [(0.9, 0.75), (1.0, 0.5), (0.99, 0.95)] {
            rollout.check(discount, lambda, |rewards, after| {
                mixture(rewards, &vec![f64::from(discount); rewards.len()], after, f64::from(lambda))
            });
        }
    }
}

#[test]
fn lambda_of_one_gives_discounted_sums() {
    let rollout = Rollout::random(7, &mut ChaCha8Rng::seed_from_u64(SEED));
    rollout.check(0.5, 1.0, |rewards, after| {
        let discounted = rewards.iter().enumerate().map(|(k, r)| 0.5_f64.powi(k as i32) * r).sum::<f64>();
        discounted + 0.5_f64.powi(rewards.len() as i32) * after[after.len() - 1]
    });
}

#[test]
fn lambda_of_zero_gives_one_step_targets() {
    let rollout = Rollout::random(7, &mut ChaCha8Rng::seed_from_u64(SEED));
    rollout.check(0.75, 0.0, |rewards, after| rewards[0] + 0.75 * after[0]);
}

#[test]
fn discount_of_zero_gives_rewards() {
    let rollout = Rollout::random(7, &mut ChaCha8Rng::seed_from_u64(SEED));
    assert_eq!(rollout.returns(0.0, 0.75), rollout.rewards);
}

#[test]
fn normalized_advantages_have_mean_zero_and_deviation_one() {
    let mut advantages = [5.0, 1.0, 3.0, 3.0];
    normalize(&mut advantages, 0.0);
    let root = std::f32::consts::SQRT_2;
    for (found, expected) in advantages.into_iter().zip([root, -root, 0.0, 0.0]) {
        assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
    }
    let mut equal = [7.25; 6];
    normalize(&mut equal, 0.0);
    assert_eq!(equal, [0.0; 6]);
    // Divided by the floor, where the deviation is smaller.
    let mut small = [0.5, 0.0, 0.25, 0.25];
    normalize(&mut small, 2.0);
    assert!(
        small
            .into_iter()
            .zip([0.125, -0.125, 0.0, 0.0])
            .all(|(found, expected): (f32, f32)| (found - expected).abs() < 1e-6)
    );
    // A mean that is a thousand deviations away.
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let mut far: Vec<f32> = (0..1000).map(|_| 300.0 + rng.random::<f32>()).collect();
    normalize(&mut far, 0.0);
    let mean = far.iter().map(|&a| f64::from(a)).sum::<f64>() / 1e3;
    let square = far.iter().map(|&a| f64::from(a).powi(2)).sum::<f64>() / 1e3;
    assert!(mean.abs() < 1e-6 && (square - 1.0).abs() < 1e-5, "seed {SEED}: mean {mean}, mean square {square}");
}

#[test]
fn an_array_of_another_length_is_named_with_both_sizes() {
    let said = |lanes: usize, [rewards, outcomes, values, final_values, bootstrap, returns]: [usize; 6]| {
        let trajectory = Trajectory {
            lanes,
            rewards: &vec![0.0; rewards],
            outcomes: &vec![Outcome::Running; outcomes],
            values: &vec![0.0; values],
            final_values: &vec![0.0; final_values],
            bootstrap: &vec![0.0; bootstrap],
        };
        let mut returns = vec![0.0; returns];
        panic_message(|| lambda_returns(&trajectory, 0.5, 0.5, &mut returns))
    };
    assert_eq!(said(2, [6, 6, 6, 6, 2, 6]), None);
    let cases = [
        (said(2, [7, 6, 6, 6, 2, 6]), "`rewards` has 7 numbers, not the 6 of [time = 3, lane = 2]"),
        (said(2, [6, 5, 6, 6, 2, 6]), "`outcomes` has 5 numbers, not the 6 of [time = 3, lane = 2]"),
        (said(2, [6, 6, 8, 6, 2, 6]), "`values` has 8 numbers, not the 6 of [time = 3, lane = 2]"),
        (said(2, [6, 6, 6, 0, 2, 6]), "`final_values` has 0 numbers, not the 6 of [time = 3, lane = 2]"),
        (said(2, [6, 6, 6, 6, 6, 6]), "`bootstrap` has 6 numbers, not the 2 of [lane = 2]"),
        (said(2, [6, 6, 6, 6, 2, 4]), "`returns` has 4 numbers, not the 6 of [time = 3, lane = 2]"),
        (said(0, [6, 6, 6, 6, 0, 6]), "0 lanes: there must be one at least"),
    ];
    for (said, expected) in cases {
        assert_eq!(said.as_deref(), Some(expected));
    }
}
