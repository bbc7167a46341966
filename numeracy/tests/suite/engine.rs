//! Updates of a unit, against the papers' formulas written out in f64; numbers, sums and networks in modules of their own.

mod adam;
mod network;
mod products;
mod random;
mod real;

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
