//! The optimizers' trajectories against f64 versions written from the papers, and what goes with
//! them: rates, restoring, clipping, the schedule.

use gridworld_agents::{Optimizer, OptimizerConfig, Schedule, clip_by_global_norm};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use tch::Tensor;

const SEED: u64 = 41;
const STEPS: usize = 12;
const START: [f32; 4] = [1.0, -2.0, 0.5, 3.0];
const RATES: [f32; 4] = [1.0, 1.0, 0.25, 0.0];

/// Gradients of very different sizes, one of them zero at times.
fn gradients() -> Vec<[f32; 4]> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    (0..STEPS)
        .map(|step| {
            let mut number = |scale: f32| (rng.random::<f32>() * 2.0 - 1.0) * scale;
            [number(10.0), number(1e-3), if step % 3 == 0 { 0.0 } else { number(1.0) }, number(1.0)]
        })
        .collect()
}

fn rate(step: usize) -> f64 {
    0.01 / (1.0 + step as f64)
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    Vec::try_from(tensor).expect("numbers")
}

/// Gives the parameters after each step.
fn trajectory(optimizer: &mut Optimizer, parameters: &mut Tensor, steps: std::ops::Range<usize>) -> Vec<Vec<f32>> {
    let gradients = gradients();
    steps
        .map(|step| {
            optimizer.step(parameters, &Tensor::from_slice(&gradients[step]), rate(step)).expect("finite numbers");
            numbers(parameters)
        })
        .collect()
}

/// Compares with `reference`, which moves one parameter in f64, given the step, from 0, the
/// gradient and what it remembers.
fn check(config: OptimizerConfig, reference: impl Fn(usize, f64, &mut [f64; 2]) -> f64) {
    let mut parameters = Tensor::from_slice(&START);
    let mut optimizer = Optimizer::new(config, &parameters, &RATES);
    let found = trajectory(&mut optimizer, &mut parameters, 0..STEPS);
    assert_eq!((found.len(), optimizer.updates()), (STEPS, STEPS as u64));
    for i in 0..START.len() {
        let (mut expected, mut memory) = (f64::from(START[i]), [0.0; 2]);
        for (step, gradient) in gradients().iter().enumerate() {
            let towards = reference(step, f64::from(gradient[i]), &mut memory);
            expected -= rate(step) * f64::from(RATES[i]) * towards;
            let found = f64::from(found[step][i]);
            assert!(
                (found - expected).abs() < 2e-6,
                "seed {SEED}, parameter {i}, step {step}: {found}, not {expected}"
            );
        }
        let moved = (expected - f64::from(START[i])).abs() > 1e-3;
        assert_eq!(moved, RATES[i] > 0.0, "parameter {i} ended at {expected}");
    }
}

#[test]
fn adam_follows_its_paper() {
    let (beta1, beta2, epsilon) = (0.8, 0.95, 1e-6);
    check(OptimizerConfig::Adam { beta1, beta2, epsilon }, |step, g, [m, v]| {
        let t = step as i32 + 1;
        *m = beta1 * *m + (1.0 - beta1) * g;
        *v = beta2 * *v + (1.0 - beta2) * g * g;
        let (m, v) = (*m / (1.0 - beta1.powi(t)), *v / (1.0 - beta2.powi(t)));
        m / (v.sqrt() + epsilon)
    });
}

#[test]
fn rmsprop_follows_its_paper() {
    let (alpha, epsilon) = (0.9, 1e-6);
    check(OptimizerConfig::RmsProp { alpha, epsilon }, |_, g, [v, _]| {
        *v = alpha * *v + (1.0 - alpha) * g * g;
        g / (*v + epsilon).sqrt()
    });
}

#[test]
fn a_restored_optimizer_goes_on_bit_for_bit() {
    for config in [OptimizerConfig::ADAM, OptimizerConfig::RMSPROP] {
        let mut parameters = Tensor::from_slice(&START);
        let mut optimizer = Optimizer::new(config, &parameters, &RATES);
        trajectory(&mut optimizer, &mut parameters, 0..5);
        let state: Vec<(&str, Vec<f32>)> = optimizer.state().map(|(name, values)| (name, numbers(values))).collect();
        assert!(!state.is_empty());
        let mut copy = Tensor::from_slice(&numbers(&parameters));
        let expected = trajectory(&mut optimizer, &mut parameters, 5..STEPS);

        let mut restored = Optimizer::new(config, &copy, &RATES);
        let find = |name| state.iter().find(|(other, _)| *other == name).map(|(_, values)| values.clone());
        restored.restore(5, |name| find(name).ok_or(name)).expect("all are there");
        assert_eq!(trajectory(&mut restored, &mut copy, 5..STEPS), expected, "{config:?}");
        assert_eq!(restored.restore(5, Err::<Vec<f32>, _>), Err(state[0].0));
    }
}

#[test]
fn clipping_is_by_norm_and_not_by_value() {
    let clip = |gradient: &[f32], most: f64| {
        let mut tensor = Tensor::from_slice(gradient);
        (clip_by_global_norm(&mut tensor, most), numbers(&tensor))
    };
    let (norm, clipped) = clip(&[3.0, -4.0], 1.0);
    assert_eq!(norm, 5.0);
    assert!((clipped[0] - 0.6).abs() < 1e-6 && (clipped[1] + 0.8).abs() < 1e-6, "{clipped:?}");
    assert_eq!(clip(&[3.0, -4.0], 5.0), (5.0, vec![3.0, -4.0]));
    assert_eq!(clip(&[0.0, 0.0], 1.0), (0.0, vec![0.0, 0.0]));
    let (norm, left) = clip(&[1.0, f32::INFINITY], 1.0);
    assert_eq!((norm, left), (f64::INFINITY, vec![1.0, f32::INFINITY]));
    let (norm, left) = clip(&[7.0, f32::NAN], 1.0);
    assert!(norm.is_nan() && left[0] == 7.0 && left[1].is_nan());
    let (norm, left) = clip(&[3e38, 3e38], 1.0);
    assert!(!norm.is_finite() && left == [3e38, 3e38], "a norm beyond floats counts as not finite: {norm}");
}

#[test]
fn the_rate_falls_in_a_line_or_stays() {
    let linear = |share| Schedule::Linear.value(0.5, share);
    assert_eq!([0.0, 0.25, 0.5, 1.0, 1.25].map(linear), [0.5, 0.375, 0.25, 0.0, 0.0]);
    assert_eq!([0.0, 0.5, 1.25].map(|share| Schedule::Constant.value(0.5, share)), [0.5; 3]);
}
