//! The optimizer and the update, against the papers' formulas written out in f64.

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::engine::{Adam, BATCH, Descent, Learner, Network, Purpose, Random, Row, zeros};

const PLAIN: Descent = Descent { rate: 0.01, sparsity: 0.0, clip: None };

/// Makes a linear unit of two inputs, with some inputs and targets.
fn unit(seed: u64) -> (Network<f64>, [Row<f64>; 1]) {
    let mut network = Network::new(vec![CellName::Nau.cell(2, 1)], &mut Random::new(seed, Purpose::Initial));
    Random::new(seed, Purpose::Test).fill(network.inputs(), 1.0, 2.0);
    let mut targets = [zeros()];
    Random::new(seed, Purpose::Validation).fill(&mut targets, 3.0, 5.0);
    (network, targets)
}

/// Computes the gradient of the mean squared error of w·x, written out.
fn gradient(w: &[f64], x: &[Row<f64>], targets: &Row<f64>) -> [f64; 2] {
    let error = |lane: usize| w[0] * x[0][lane] + w[1] * x[1][lane] - targets[lane];
    [0, 1].map(|i| (0..BATCH).map(|lane| 2.0 * error(lane) * x[i][lane]).sum::<f64>() / BATCH as f64)
}

#[test]
fn adam_is_algorithm_1() {
    // Kingma & Ba 2015, with bias corrections as they write them.
    let gradients = [[0.5, -3.0], [-0.25, 1e-4], [2.0, 0.0], [1.0, 7.0]];
    let mut found = [1.0, -2.0];
    let mut adam = Adam::<f64>::new(2);
    let (mut expected, mut m, mut v) = ([1.0, -2.0], [0.0; 2], [0.0; 2]);
    for (t, g) in (1..).zip(gradients) {
        adam.step(&mut found, &g, 0.1);
        for i in 0..2 {
            m[i] = 0.9 * m[i] + 0.1 * g[i];
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            let (m_hat, v_hat) = (m[i] / (1.0 - 0.9_f64.powi(t)), v[i] / (1.0 - 0.999_f64.powi(t)));
            expected[i] -= 0.1 * m_hat / (v_hat.sqrt() + 1e-8);
        }
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12), "{t}: {found:?}");
    }
}

#[test]
fn the_first_step_of_adam_is_the_rate_against_the_sign() {
    let mut parameters = [0.0, 0.0];
    Adam::<f64>::new(2).step(&mut parameters, &[1e-3, -5e2], 0.25);
    assert!((parameters[0] + 0.25).abs() < 1e-5 && (parameters[1] - 0.25).abs() < 1e-5, "{parameters:?}");
}

#[test]
fn an_update_goes_against_the_gradient_of_the_mean_squared_error() {
    let (mut network, targets) = unit(3);
    let before = network.parameters().to_vec();
    let by = gradient(&before, network.inputs(), &targets[0]);
    network.forward();
    let found = network.backward(&targets).to_vec();
    assert!(found.iter().zip(by).all(|(found, by)| (found / by - 1.0).abs() < 1e-12), "{found:?} {by:?}");
    network.descend(&targets, &mut Adam::new(2), &PLAIN, |by| by);
    for ((after, before), by) in network.parameters().iter().zip(before).zip(by) {
        // Weights of a NAU stay within −1 and 1.
        let expected = (before - 0.01 * by.signum()).clamp(-1.0, 1.0);
        assert!((after - expected).abs() < 1e-6, "{after} {expected}");
    }
}

#[test]
fn a_gradient_is_shortened_to_the_greatest_norm_and_never_lengthened() {
    // With a norm that is nearly nothing, Adam's ε is felt: the step is shorter.
    let step = |clip| {
        let (mut network, targets) = unit(5);
        let before = network.parameters()[0];
        network.descend(&targets, &mut Adam::new(2), &Descent { clip, ..PLAIN }, |by| by);
        (network.parameters()[0] - before).abs()
    };
    assert!(step(Some(1e-8)) < 0.6 * step(None), "{} {}", step(Some(1e-8)), step(None));
    assert_eq!(step(Some(1e9)), step(None));
}

#[test]
fn derivatives_are_scaled_before_the_regularizer_comes() {
    // Scaled to nothing, the regularizer alone is left: weights go to the nearest whole numbers.
    let (mut network, targets) = unit(7);
    let before = network.parameters().to_vec();
    let descent = Descent { sparsity: 1.0, ..PLAIN };
    network.descend(&targets, &mut Adam::new(2), &descent, |_| 0.0);
    for (after, before) in network.parameters().iter().zip(before) {
        let size = before.abs();
        let towards = if size < 0.5 { size - after.abs() } else { after.abs() - size };
        assert!(towards > 0.0 || before.abs() == 1.0, "{before} {after}");
    }
}

#[test]
fn a_learner_is_the_network_of_its_seed_on_the_examples_of_its_seed() {
    let cells = || vec![CellName::Nau.cell(2, 1)];
    let mut learner = Learner::new(cells(), 11);
    let mut network: Network<f32> = Network::new(cells(), &mut Random::new(11, Purpose::Initial));
    let (mut adam, mut random) = (Adam::new(2), Random::new(11, Purpose::Training));
    for _ in 0..50 {
        let sums = |x: &[Row<f32>]| -> Row<f32> { std::array::from_fn(|lane| x[0][lane] + x[1][lane]) };
        let draw = |random: &mut Random, x: &mut [Row<f32>], targets: &mut Row<f32>| {
            random.fill(x, 1.0, 2.0);
            *targets = sums(x);
        };
        learner.update(&PLAIN, draw, |by| by);
        random.fill(network.inputs(), 1.0, 2.0);
        let targets = [sums(network.inputs())];
        network.forward();
        network.backward(&targets);
        network.update(&mut adam, 0.01);
    }
    assert_eq!(learner.network.parameters(), network.parameters());
}

#[test]
fn streams_of_one_seed_have_nothing_to_do_with_each_other() {
    let purposes = [Purpose::Training, Purpose::Validation, Purpose::Test, Purpose::Initial, Purpose::Problem];
    let first: Vec<u64> = purposes.iter().map(|&purpose| Random::new(1, purpose).below(1 << 30) as u64).collect();
    for (index, number) in first.iter().enumerate() {
        assert!(!first[index + 1..].contains(number), "{first:?}");
    }
    // Means and deviations of 128,000 uniform numbers: 1.5 and √(1/12), to four standard errors.
    let mut x = vec![zeros::<f64>(); 1000];
    Random::new(1, Purpose::Training).fill(&mut x, 1.0, 2.0);
    let n = (1000 * BATCH) as f64;
    let mean = x.as_flattened().iter().sum::<f64>() / n;
    let variance = x.as_flattened().iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    assert!((mean - 1.5).abs() < 4.0 * (1.0 / 12.0_f64).sqrt() / n.sqrt(), "{mean}");
    assert!((variance - 1.0 / 12.0).abs() < 1e-3, "{variance}");
    assert!(x.as_flattened().iter().all(|x| (1.0..2.0).contains(x)));
}

#[test]
fn normal_numbers_have_their_moments() {
    let mut random = Random::new(2, Purpose::Initial);
    let draws: Vec<f64> = (0..100_000).map(|_| random.normal(3.0, 2.0)).collect();
    let mean = draws.iter().sum::<f64>() / 1e5;
    let deviation = (draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e5).sqrt();
    assert!((mean - 3.0).abs() < 0.03 && (deviation - 2.0).abs() < 0.03, "{mean} {deviation}");
    // 68.27 % lie within one deviation.
    let within = draws.iter().filter(|x| (**x - 3.0).abs() < 2.0).count() as f64 / 1e5;
    assert!((within - 0.6827).abs() < 0.006, "{within}");
}
