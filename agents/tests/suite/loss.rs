//! The actor-critic loss by hand, against a slow version in f64 and its central differences, and
//! against the textbook's loss as libtorch differentiates it.

use gridworld_agents::HeadColumns;
use gridworld_agents::loss::{Coefficients, Losses, Samples, actor_critic, log_softmax};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use tch::{Kind, Tensor};

use crate::fakes::panic_message;

const SEED: u64 = 31;
/// Five actions, the next phase, and the value.
const COLUMNS: HeadColumns = HeadColumns { actions: 5, phases: true };
const WIDTH: usize = 7;
const COEFFICIENTS: Coefficients = Coefficients { value: 0.5, entropy: 0.02 };

/// Random outputs and random samples.
struct Case {
    outputs: Vec<f32>,
    actions: Vec<u8>,
    advances: Vec<bool>,
    advantages: Vec<f32>,
    returns: Vec<f32>,
}

impl Case {
    fn random(count: usize) -> Case {
        let mut rng = ChaCha8Rng::seed_from_u64(SEED);
        let mut numbers = |count: usize| (0..count).map(|_| rng.random::<f32>() * 4.0 - 2.0).collect::<Vec<f32>>();
        let (outputs, advantages, returns) = (numbers(count * WIDTH), numbers(count), numbers(count));
        let actions = (0..count).map(|_| rng.random_range(0..COLUMNS.actions as u8)).collect();
        let advances = (0..count).map(|_| rng.random()).collect();
        Case { outputs, actions, advances, advantages, returns }
    }

    /// Computes the loss's terms and its gradient.
    fn fast(&self, coefficients: Coefficients) -> (Losses, Vec<f32>) {
        let Case { actions, advances, advantages, returns, .. } = self;
        let samples = Samples { actions, advances, advantages, returns };
        let mut gradient = vec![f32::NAN; self.outputs.len()];
        let losses = actor_critic(&self.outputs, COLUMNS, &samples, coefficients, &mut gradient);
        (losses, gradient)
    }

    /// Computes the terms from their definitions.
    fn slow(&self, outputs: &[f64]) -> Losses {
        let mut losses = Losses::default();
        let count = self.actions.len() as f64;
        for (sample, output) in outputs.chunks(WIDTH).enumerate() {
            let total: f64 = output[..COLUMNS.actions].iter().map(|x| x.exp()).sum();
            let p: Vec<f64> = output[..COLUMNS.actions].iter().map(|x| x.exp() / total).collect();
            let taken = p[usize::from(self.actions[sample])];
            let goes_on = 1.0 / (1.0 + (-output[COLUMNS.actions]).exp());
            let decided = if self.advances[sample] { goes_on } else { 1.0 - goes_on };
            losses.policy -= f64::from(self.advantages[sample]) * (taken * decided).ln() / count;
            losses.value += 0.5 * (output[WIDTH - 1] - f64::from(self.returns[sample])).powi(2) / count;
            losses.entropy -= p.iter().map(|p| p * p.ln()).sum::<f64>() / count;
        }
        losses
    }
}

fn weighted(losses: &Losses, coefficients: Coefficients) -> f64 {
    losses.policy + f64::from(coefficients.value) * losses.value - f64::from(coefficients.entropy) * losses.entropy
}

fn assert_losses(found: &Losses, expected: &Losses) {
    let pairs = [(found.policy, expected.policy), (found.value, expected.value), (found.entropy, expected.entropy)];
    for (found, expected) in pairs {
        assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
    }
}

#[test]
fn two_samples_by_hand() {
    // π = (3/4, 1/4), action 0, A = 2: −2 ln(3/4); v = 3, G = 1: 2.
    // π = (1/2, 1/2), action 1, A = −1: ln(1/2); v = 0, G = 1/2: 1/8.
    let outputs = [3_f32.ln(), 0.0, 3.0, 0.0, 0.0, 0.0];
    let samples = Samples { actions: &[0, 1], advances: &[], advantages: &[2.0, -1.0], returns: &[1.0, 0.5] };
    let mut gradient = [0.0; 6];
    let coefficients = Coefficients { value: 0.5, entropy: 0.0 };
    let losses = actor_critic(&outputs, HeadColumns::of_actions(2), &samples, coefficients, &mut gradient);
    assert_losses(&losses, &Losses { policy: -0.058_891_518, value: 1.0625, entropy: 0.627_741_163 });
    // (2·(3/4 − 1), 2·1/4, (3 − 1)/2) / 2 and (−1/2, −(1/2 − 1), −(1/2)/2) / 2.
    for (found, expected) in gradient.into_iter().zip([-0.25, 0.25, 0.5, -0.25, 0.25, -0.125]) {
        assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
    }
}

#[test]
fn terms_and_gradient_equal_the_slow_version_and_its_differences() {
    const STEP: f64 = 1e-5;
    let case = Case::random(7);
    let outputs: Vec<f64> = case.outputs.iter().map(|&x| f64::from(x)).collect();
    let (losses, gradient) = case.fast(COEFFICIENTS);
    assert_losses(&losses, &case.slow(&outputs));
    assert_eq!(gradient.len(), 7 * WIDTH);
    for (i, &slope) in gradient.iter().enumerate() {
        let moved = |by: f64| {
            let mut outputs = outputs.clone();
            outputs[i] += by;
            weighted(&case.slow(&outputs), COEFFICIENTS)
        };
        let difference = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
        assert!(
            (f64::from(slope) - difference).abs() < 1e-6,
            "seed {SEED}, output {i}: {slope}, differences give {difference}"
        );
    }
}

#[test]
fn gradient_equals_libtorchs() {
    let case = Case::random(200);
    let (_, gradient) = case.fast(COEFFICIENTS);
    let outputs = Tensor::from_slice(&case.outputs).view([-1, WIDTH as i64]).to_kind(Kind::Double);
    let outputs = outputs.set_requires_grad(true);
    let column = |numbers: &[f32]| Tensor::from_slice(numbers).to_kind(Kind::Double);
    let logits = outputs.narrow(1, 0, COLUMNS.actions as i64);
    let log_p = logits.log_softmax(1, Kind::Double);
    let actions = Tensor::from_slice(&case.actions).to_kind(Kind::Int64).view([-1, 1]);
    let taken = log_p.gather(1, &actions, false).view([-1]);
    let sign: Vec<f32> = case.advances.iter().map(|&advances| if advances { 1.0 } else { -1.0 }).collect();
    let decided = (outputs.select(1, COLUMNS.actions as i64) * column(&sign)).log_sigmoid();
    let policy = -((taken + decided) * column(&case.advantages)).mean(Kind::Double);
    let error = outputs.select(1, WIDTH as i64 - 1) - column(&case.returns);
    let value = error.square().mean(Kind::Double) * 0.5;
    let entropy =
        -(log_p.exp() * &log_p).sum_dim_intlist(Some([1_i64].as_slice()), false, Kind::Double).mean(Kind::Double);
    (policy + value * f64::from(COEFFICIENTS.value) - entropy * f64::from(COEFFICIENTS.entropy)).backward();
    let expected = Vec::<f64>::try_from(outputs.grad().view([-1])).expect("numbers");
    assert_eq!(expected.len(), gradient.len());
    for (i, (&found, &expected)) in gradient.iter().zip(&expected).enumerate() {
        assert!((f64::from(found) - expected).abs() < 1e-7, "seed {SEED}, output {i}: {found}, not {expected}");
    }
}

#[test]
fn policy_and_value_leave_each_others_heads_alone() {
    let case = Case::random(9);
    let (_, policy) = case.fast(Coefficients { value: 0.0, entropy: 0.3 });
    let without_policy = Case { advantages: vec![0.0; 9], ..Case::random(9) };
    let (_, value) = without_policy.fast(Coefficients { value: 0.5, entropy: 0.0 });
    let (_, both) = case.fast(Coefficients { value: 0.5, entropy: 0.3 });
    let mut looked = 0;
    for ((both, policy), value) in both.chunks(WIDTH).zip(policy.chunks(WIDTH)).zip(value.chunks(WIDTH)) {
        assert_eq!(policy[WIDTH - 1], 0.0, "the policy's terms have no gradient on the value");
        assert!(value[..WIDTH - 1].iter().all(|&slope| slope == 0.0), "nor the value's on the logits");
        assert!(value[WIDTH - 1] != 0.0 && policy[0] != 0.0);
        assert_eq!(both[..WIDTH - 1], policy[..WIDTH - 1]);
        assert_eq!(both[WIDTH - 1], value[WIDTH - 1]);
        looked += 1;
    }
    assert_eq!(looked, 9);
}

#[test]
fn uniform_policies_have_the_greatest_entropy() {
    for level in [-1e4_f32, 0.0, 3.5, 1e4] {
        let outputs = [level, level, level, level, level, 0.0];
        let samples = Samples { actions: &[4], advances: &[], advantages: &[0.0], returns: &[0.0] };
        let mut gradient = [1.0; 6];
        let columns = HeadColumns::of_actions(5);
        let losses =
            actor_critic(&outputs, columns, &samples, Coefficients { value: 0.5, entropy: 1.0 }, &mut gradient);
        // At 1e4 a float's neighbours are a thousandth apart.
        let tolerance = 1e-6 + f64::from(level.abs()) * 1e-7;
        assert!((losses.entropy - 5_f64.ln()).abs() < 2.0 * tolerance, "{level}: {}", losses.entropy);
        assert!(gradient.iter().all(|slope| slope.abs() < 1e-3), "{level}: no slope at the top: {gradient:?}");
    }
}

#[test]
fn log_softmax_holds_at_extremes() {
    let mut log_p = [f32::NAN; 3];
    log_softmax(&[1e4, -1e4, 0.0], &mut log_p);
    assert_eq!(log_p, [0.0, -2e4, -1e4]);
    log_softmax(&[-1e4, -1e4 - 1.0, -3e4], &mut log_p);
    for (found, expected) in log_p.into_iter().zip([-0.313_261_7, -1.313_261_7, -2e4 - 0.313_261_7]) {
        assert!((found - expected).abs() < 2e-3, "{found}, not {expected}");
    }
    let coefficients = Coefficients { value: 0.5, entropy: 0.1 };
    let samples = Samples { actions: &[1], advances: &[true], advantages: &[1.0], returns: &[0.0] };
    let mut gradient = [f32::NAN; 4];
    let columns = HeadColumns::of_actions(3);
    let losses = actor_critic(&[1e4, -1e4, 0.0, 0.0], columns, &samples, coefficients, &mut gradient);
    assert_eq!(losses, Losses { policy: 2e4, value: 0.0, entropy: 0.0 });
    assert_eq!(gradient, [1.0, -1.0, 0.0, 0.0]);
    let columns = HeadColumns { actions: 2, phases: true };
    let losses = actor_critic(&[-1e4, 1e4, -1e4, 0.0], columns, &samples, coefficients, &mut gradient);
    assert_eq!(losses, Losses { policy: 1e4, value: 0.0, entropy: 0.0 });
    assert_eq!(gradient, [0.0, 0.0, -1.0, 0.0]);
}

#[test]
fn an_array_of_another_length_is_named_with_both_sizes() {
    let said = |actions: usize, advantages: usize, returns: usize, outputs: usize, gradient: usize, width: usize| {
        let samples = Samples {
            actions: &vec![0; actions],
            advances: &[],
            advantages: &vec![0.0; advantages],
            returns: &vec![0.0; returns],
        };
        let (outputs, mut gradient) = (vec![0.0; outputs], vec![0.0; gradient]);
        panic_message(|| {
            actor_critic(&outputs, HeadColumns::of_actions(width - 1), &samples, COEFFICIENTS, &mut gradient);
        })
    };
    assert_eq!(said(4, 4, 4, 12, 12, 3), None);
    let cases = [
        (said(4, 3, 4, 12, 12, 3), "`advantages` has 3 numbers, not the 4 of [sample = 4]"),
        (said(4, 4, 5, 12, 12, 3), "`returns` has 5 numbers, not the 4 of [sample = 4]"),
        (said(4, 4, 4, 13, 12, 3), "`outputs` has 13 numbers, not the 12 of [sample = 4, width = 3]"),
        (said(4, 4, 4, 12, 0, 3), "`gradient` has 0 numbers, not the 12 of [sample = 4, width = 3]"),
        (said(0, 0, 0, 0, 0, 3), "0 samples of 2 actions: one at least"),
        (said(4, 4, 4, 4, 4, 1), "4 samples of 0 actions: one at least"),
        (panic_message(|| log_softmax(&[0.0; 3], &mut [0.0; 2])), "`log_p` has 2 numbers, not the 3 of [action = 3]"),
    ];
    for (said, expected) in cases {
        assert_eq!(said.as_deref(), Some(expected));
    }
}
