//! Tests of what is to be computed: operations by hand, the sums that they are done with, and thresholds by definition.

use gridworld_numeracy::engine::{BATCH, Purpose, Random, Row, zeros};
use gridworld_numeracy::tasks::recurrent_arithmetic::{self as recurrent, FEATURES};
use gridworld_numeracy::tasks::single_layer::{self, Pair, RANGES};
use gridworld_numeracy::tasks::static_arithmetic::{self, Subsets};
use gridworld_numeracy::tasks::{Operation, Problem, Range};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// Operations worked out by hand: a, b, and the results in the order of [`Operation::ALL`].
const BY_HAND: [(f64, f64, [f64; 6]); 5] = [
    (4.0, 2.0, [6.0, 2.0, 8.0, 2.0, 16.0, 2.0]),
    (0.25, -0.5, [-0.25, 0.75, -0.125, -0.5, 0.0625, 0.5]),
    (0.0, 3.0, [3.0, -3.0, 0.0, 0.0, 0.0, 0.0]),
    (9.0, 9.0, [18.0, 0.0, 81.0, 1.0, 81.0, 3.0]),
    (1.0, 8.0, [9.0, -7.0, 8.0, 0.125, 1.0, 1.0]),
];

/// Computes an operation as it is defined.
fn defined(operation: Operation, a: f64, b: f64) -> f64 {
    match operation {
        Operation::Add => a + b,
        Operation::Sub => a - b,
        Operation::Mul => a * b,
        Operation::Div => a / b,
        Operation::Square => a.powi(2),
        Operation::Root => a.powf(0.5),
    }
}

#[test]
fn results_are_those_worked_by_hand_in_every_lane() {
    for (index, (operation, _)) in Operation::ALL.into_iter().enumerate() {
        // Each lane has a row of the table, so that lanes which are mixed up show.
        let row = |of: fn(&(f64, f64, [f64; 6])) -> f64| -> Row<f64> {
            std::array::from_fn(|lane| of(&BY_HAND[lane % BY_HAND.len()]))
        };
        let (a, b) = (row(|row| row.0), row(|row| row.1));
        let mut wide = zeros();
        operation.apply(&a, &b, &mut wide);
        let mut narrow = zeros();
        operation.apply(&a.map(|a| a as f32), &b.map(|b| b as f32), &mut narrow);
        for lane in 0..BATCH {
            let expected = BY_HAND[lane % BY_HAND.len()].2[index];
            assert_eq!((wide[lane], f64::from(narrow[lane])), (expected, expected), "{operation} in lane {lane}");
        }
    }
}

#[test]
fn what_has_no_result_is_no_number_and_spares_the_other_lanes() {
    let (mut a, mut b) = ([4.0_f64; BATCH], [2.0_f64; BATCH]);
    (a[3], b[3]) = (-1.0, 0.0);
    let of = |operation: Operation| {
        let mut result = zeros();
        operation.apply(&a, &b, &mut result);
        (result[3], result[4])
    };
    assert_eq!(of(Operation::Div), (f64::NEG_INFINITY, 2.0));
    let (root, beside) = of(Operation::Root);
    assert!(root.is_nan() && beside == 2.0);
}

#[test]
fn operations_go_by_their_names_in_text_and_in_json() {
    for (operation, name) in Operation::ALL {
        assert_eq!((operation.as_str(), operation.to_string().as_str()), (name, name));
        assert_eq!(serde_json::to_string(&operation).unwrap(), format!("\"{name}\""));
        assert_eq!(serde_json::from_str::<Operation>(&format!("\"{name}\"")).unwrap(), operation);
    }
    assert!(serde_json::from_str::<Operation>("\"power\"").unwrap_err().to_string().contains("power"));
}

/// Draws numbers by another generator than the tasks have.
fn other_numbers(rng: &mut ChaCha8Rng, Range { low, high, sign }: Range, count: usize) -> Vec<f64> {
    let mirrored = sign == Range::mirrored(0.0, 1.0).sign;
    let mut draw = || {
        let size = low + (high - low) * rng.random::<f64>();
        if mirrored && rng.random::<bool>() { -size } else { size }
    };
    (0..count).map(|_| draw()).collect()
}

#[test]
fn sums_of_subsets_are_of_two_overlapping_quarters() {
    let mut starts = [0_u32; 63];
    for seed in 1..=6300 {
        let [a, b] = Subsets::new(Operation::Add, seed).weights();
        let members = |w: &[f64]| -> Vec<usize> { (0..100).filter(|&i| w[i] == 1.0).collect() };
        let (first, second) = (members(&a), members(&b));
        assert!(a.iter().chain(&b).all(|&w| w == 0.0 || w == 1.0) && a.len() == 100 && b.len() == 100);
        // A quarter each, of neighbours, of which the last twelve of the first are the first twelve of the second.
        assert_eq!(first, (first[0]..first[0] + 25).collect::<Vec<_>>(), "seed {seed}");
        assert_eq!(second, (first[13]..first[13] + 25).collect::<Vec<_>>(), "seed {seed}");
        starts[first[0]] += 1;
    }
    // A hundred each, with a deviation of ten.
    assert!(starts.iter().all(|&count| (50..=150).contains(&count)), "{starts:?}");
}

#[test]
fn one_seed_asks_the_same_sums_of_every_operation() {
    for seed in [1, 2, 77] {
        let weights = Subsets::new(Operation::Add, seed).weights();
        assert!(Operation::ALL.iter().all(|&(operation, _)| Subsets::new(operation, seed).weights() == weights));
    }
    assert_ne!(Subsets::new(Operation::Add, 1).weights(), Subsets::new(Operation::Add, 2).weights());
}

#[test]
fn the_threshold_of_sums_is_the_error_of_weights_that_are_off_by_a_hundred_thousandth() {
    let range = Range::new(2.0, 6.0);
    for (operation, _) in Operation::ALL {
        let weights = Subsets::new(operation, 0).weights();
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let (mut sum, samples) = (0.0, 20_000);
        for _ in 0..samples {
            let x = other_numbers(&mut rng, range, 100);
            let [exact, off] = [0.0, 1e-5].map(|by| {
                let near = |w: f64| if w == 1.0 { 1.0 - by } else { by };
                let [a, b] = [0, 1].map(|i: usize| weights[i].iter().zip(&x).map(|(&w, x)| near(w) * x).sum::<f64>());
                defined(operation, a, b)
            });
            sum += (exact - off).powi(2);
        }
        let (expected, found) = (sum / f64::from(samples), static_arithmetic::threshold(operation, range));
        assert!((found / expected - 1.0).abs() < 0.05, "{operation}: {found:e}, by definition {expected:e}");
    }
}

#[test]
fn a_pair_is_the_operation_on_the_first_two_inputs() {
    for (operation, _) in Operation::ALL {
        let mut x = [zeros::<f32>(); 2];
        Random::new(7, Purpose::Test).fill(&mut x, 1.0, 2.0);
        let mut targets = zeros();
        Pair(operation).targets(&x, &mut targets);
        for lane in [0, 63, 64, 127] {
            let expected = defined(operation, f64::from(x[0][lane]), f64::from(x[1][lane]));
            assert!((f64::from(targets[lane]) / expected - 1.0).abs() < 1e-6, "{operation}");
        }
    }
}

#[test]
fn the_threshold_of_pairs_is_the_error_of_a_solution_that_is_off_by_a_hundred_thousandth() {
    let epsilon = 1e-5;
    for (_, range) in [RANGES[1], RANGES[4], RANGES[6]] {
        for (operation, _) in Operation::ALL {
            let mut rng = ChaCha8Rng::seed_from_u64(9);
            let (a, b) = (other_numbers(&mut rng, range, 100_000), other_numbers(&mut rng, range, 100_000));
            let error = |(a, b): (&f64, &f64)| match operation {
                // Two weights that are off to the same side of the result.
                Operation::Add | Operation::Sub => epsilon * (a.abs() + b.abs()),
                // Two factors that are off, of numerator and denominator, of the one factor.
                Operation::Mul | Operation::Square => defined(operation, *a, *b) * (1.0 - (1.0 - epsilon).powi(2)),
                Operation::Div => a / b * (1.0 - (1.0 - epsilon) / (1.0 + epsilon)),
                Operation::Root => a.sqrt() * epsilon,
            };
            let expected = a.iter().zip(&b).map(|pair| error(pair).powi(2)).sum::<f64>() / 100_000.0;
            let found = single_layer::threshold(operation, range);
            if operation == Operation::Root && range.low < 0.0 || expected.is_nan() {
                assert!(found.is_nan() && expected.is_nan(), "no negative number has a root, and no error is below it");
            } else {
                assert!((found / expected - 1.0).abs() < 0.02, "{operation} on {range}: {found:e} for {expected:e}");
            }
        }
    }
}

/// Finds the groups of a seed by asking for the difference of sequences in which one feature alone is 1.
fn groups(seed: u64) -> [Vec<usize>; 2] {
    let problem = recurrent::Problem::new(Operation::Sub, seed);
    let answer = |feature: usize| {
        let mut x = vec![zeros::<f64>(); FEATURES];
        x[feature] = [1.0; BATCH];
        let mut targets = zeros();
        problem.targets(&x, &mut targets);
        targets[0]
    };
    [1.0, -1.0].map(|sign| (0..FEATURES).filter(|&feature| answer(feature) == sign).collect())
}

#[test]
fn groups_of_features_are_neighbours_and_the_same_for_every_operation() {
    for seed in 1..=200 {
        let [a, b] = groups(seed);
        let together: Vec<usize> = a.iter().chain(&b).copied().collect();
        assert!(!a.is_empty() && !b.is_empty() && together.len() <= FEATURES, "seed {seed}: {a:?} {b:?}");
        assert_eq!(together, (a[0]..a[0] + together.len()).collect::<Vec<_>>(), "seed {seed}");
    }
}

#[test]
fn targets_and_thresholds_over_time_are_those_of_the_definition() {
    for seed in [1, 5, 23] {
        let [a, b] = groups(seed);
        for (length, (operation, _)) in [1, 3, 10].into_iter().flat_map(|n| Operation::ALL.map(|all| (n, all))) {
            let mut x = vec![zeros::<f64>(); length * FEATURES];
            Random::new(seed, Purpose::Test).fill(&mut x, 1.0, 2.0);
            let problem = recurrent::Problem::new(operation, seed);
            let mut targets = zeros();
            problem.targets(&x, &mut targets);
            let mut expected = 0.0;
            for lane in 0..BATCH {
                let total = |group: &[usize]| -> f64 {
                    (0..length).map(|t| group.iter().map(|i| x[t * FEATURES + i][lane]).sum::<f64>()).sum()
                };
                let (a, b) = (total(&a), total(&b));
                let right = defined(operation, a, b);
                assert!((targets[lane] / right - 1.0).abs() < 1e-12, "{operation} over {length} steps");
                // Each sum is off by one part in 10⁵, and both errors are on the same side.
                let off = [(a * (1.0 - 1e-5), b), (a, b * (1.0 - 1e-5))]
                    .map(|(a, b)| (right - defined(operation, a, b)).abs());
                expected += (off[0] + off[1]).powi(2) / BATCH as f64;
            }
            let found = problem.threshold(&x);
            assert!((found / expected - 1.0).abs() < 1e-6, "{operation} over {length}: {found:e} for {expected:e}");
        }
    }
}
