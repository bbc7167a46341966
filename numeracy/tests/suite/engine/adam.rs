//! Adam against algorithm 1 of Kingma & Ba 2015, with each moment as the sum that it is.

use gridworld_numeracy::engine::{Adam, Purpose, Random, Real};

/// Computes the update of a parameter that has had these gradients, the last one now: the moments are weighted sums over
/// all of them, and not what was left by the step before.
fn update(gradients: &[f64], rate: f64) -> f64 {
    let average = |beta: f64, power: i32| {
        let t = gradients.len() as i32;
        let terms = gradients.iter().zip(1..).map(|(g, i)| (1.0 - beta) * beta.powi(t - i) * g.powi(power));
        terms.sum::<f64>() / (1.0 - beta.powi(t))
    };
    -rate * average(0.9, 1) / (average(0.999, 2).sqrt() + 1e-8)
}

/// Makes this many steps of random gradients of very different sizes, and gives the greatest difference of a parameter
/// from what the definition says.
fn greatest_difference<T: Real>(parameters: usize, steps: usize) -> f64 {
    let mut random = Random::new(9, Purpose::Training);
    let mut found: Vec<T> = (0..parameters).map(|_| T::from_f64(random.uniform(-1.0, 1.0))).collect();
    let mut expected: Vec<f64> = found.iter().map(|parameter| parameter.to_f64()).collect();
    let mut history = vec![Vec::new(); parameters];
    let mut adam = Adam::new(parameters);
    let mut greatest = 0.0_f64;
    for step in 0..steps {
        // The sizes go from 10⁻⁴ to 10⁴ over the parameters; rates may change from step to step.
        let size = |i: usize| 10_f64.powi(i as i32 % 9 - 4);
        let gradient: Vec<T> = (0..parameters).map(|i| T::from_f64(size(i) * random.uniform(-1.0, 2.0))).collect();
        let rate = 0.01 / (1.0 + step as f64);
        adam.step(&mut found, &gradient, rate);
        for i in 0..parameters {
            history[i].push(gradient[i].to_f64());
            expected[i] += update(&history[i], rate);
            greatest = greatest.max((found[i].to_f64() - expected[i]).abs());
        }
    }
    greatest
}

#[test]
fn each_step_is_that_of_the_definition() {
    // 37 parameters leave a rest in vectors of every width. In f64 no step adds more than its rounding.
    let found = greatest_difference::<f64>(37, 60);
    assert!(found < 60.0 * 4.0 * f64::EPSILON, "{found:e}");
    // In f32 each step of no more than 0.1 in all has errors of a few units, and each sum is rounded at the size of 1.
    let found = greatest_difference::<f32>(37, 60);
    assert!(found < 60.0 * f64::from(f32::EPSILON), "{found:e}");
}

#[test]
fn a_constant_gradient_moves_a_parameter_by_the_rate_whatever_its_size() {
    // Both moments are unbiased from the first step on: m̂ = g and v̂ = g², but for ε.
    fn steps<T: Real>(gradient: f64, tolerance: f64) {
        let (mut parameter, mut adam) = ([T::ZERO], Adam::new(1));
        for step in 1..=40 {
            adam.step(&mut parameter, &[T::from_f64(gradient)], 0.25);
            let expected = -0.25 * f64::from(step) * gradient / (gradient.abs() + 1e-8);
            let found = parameter[0].to_f64();
            assert!((found - expected).abs() < tolerance * expected.abs(), "{gradient}, {step}: {found} {expected}");
        }
    }
    for gradient in [1e-9, -1e-8, 3e-7, -1e-3, 1.0, -2e5] {
        steps::<f64>(gradient, 1e-12);
        steps::<f32>(gradient, 2e-5);
    }
}

#[test]
fn without_a_gradient_nothing_moves_and_after_one_the_momentum_runs_out() {
    let (mut parameters, mut adam) = ([3.0_f32, -4.0], Adam::new(2));
    for step in 0..2000 {
        let before = parameters[1];
        adam.step(&mut parameters, &[0.0, if step == 0 { 1.0 } else { 0.0 }], 0.1);
        assert_eq!(parameters[0], 3.0, "a gradient that is always 0 is no 0 / 0");
        assert!(step > 100 || parameters[1] < before, "{step}");
    }
    let before = parameters[1];
    adam.step(&mut parameters, &[0.0, 0.0], 0.1);
    assert_eq!(parameters[1], before);
}

#[test]
fn parameters_know_nothing_of_each_other() {
    // Bit for bit, wherever a parameter lies in the vectors of a processor.
    let gradient = |i: usize, step: usize| ((i * 7 + step * 3) % 11) as f32 - 5.0;
    for parameters in [1, 2, 3, 8, 15, 16, 17, 33, 69] {
        let (mut together, mut adam) = (vec![0.5_f32; parameters], Adam::new(parameters));
        let mut alone: Vec<(f32, Adam<f32>)> = vec![(0.5, Adam::new(1)); parameters];
        for step in 0..5 {
            let gradients: Vec<f32> = (0..parameters).map(|i| gradient(i, step)).collect();
            adam.step(&mut together, &gradients, 0.01);
            for ((parameter, adam), g) in alone.iter_mut().zip(&gradients) {
                adam.step(std::slice::from_mut(parameter), &[*g], 0.01);
            }
        }
        let alone: Vec<f32> = alone.into_iter().map(|(parameter, _)| parameter).collect();
        assert_eq!(together, alone, "{parameters}");
    }
}

#[test]
fn a_rate_is_that_of_its_own_step() {
    // A step size of 0 moves nothing, but its gradient is remembered.
    let (mut parameter, mut adam) = ([0.0_f64], Adam::new(1));
    for (gradients, rate) in [(vec![2.0], 0.0), (vec![2.0, -1.0], 0.5), (vec![2.0, -1.0, 0.5], 0.125)] {
        let before = parameter[0];
        adam.step(&mut parameter, &[gradients[gradients.len() - 1]], rate);
        assert!((parameter[0] - before - update(&gradients, rate)).abs() < 1e-15, "{gradients:?}");
    }
}
