//! Random numbers against the published generator, and their distributions.

use gridworld_envs::philox4x32_10;
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Row, glorot, zeros};

const PURPOSES: [Purpose; 6] =
    [Purpose::Training, Purpose::Validation, Purpose::Test, Purpose::Initial, Purpose::Problem, Purpose::Threshold];
/// Number of numbers in a sample.
const SAMPLE: usize = 1000 * BATCH;

/// Gives numbers from 0 to 1.
fn sample(seed: u64, purpose: Purpose) -> Vec<f64> {
    let mut rows = vec![zeros(); SAMPLE / BATCH];
    Random::new(seed, purpose).fill(&mut rows, 0.0, 1.0);
    rows.concat()
}

/// Computes the correlation of two lists of numbers.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let (of_a, of_b) = (mean(a), mean(b));
    let product =
        |x: &[f64], of_x: f64, y: &[f64], of_y: f64| x.iter().zip(y).map(|(x, y)| (x - of_x) * (y - of_y)).sum::<f64>();
    product(a, of_a, b, of_b) / (product(a, of_a, a, of_a) * product(b, of_b, b, of_b)).sqrt()
}

/// Checks that each of these counts is as likely as the others, by χ², which has as many degrees of freedom as there are
/// counts, less 1: five standard deviations above its mean are too much.
fn assert_even(counts: &[u32], what: &str) {
    let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    let chi_squared: f64 = counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum();
    let freedom = (counts.len() - 1) as f64;
    assert!(expected > 50.0 && chi_squared < freedom + 5.0 * (2.0 * freedom).sqrt(), "{what}: {counts:?}");
}

#[test]
fn numbers_are_those_of_the_published_generator() {
    // Blackman & Vigna's xoshiro128plus.c, one generator for each of 64 lanes.
    fn next(s: &mut [u32; 4]) -> u32 {
        let result = s[0].wrapping_add(s[3]);
        let t = s[1] << 9;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(11);
        result
    }
    for (seed, purpose) in [(0, Purpose::Training), (7, Purpose::Test), (0xFEED_0000_0001, Purpose::Initial)] {
        let mut rows = vec![zeros::<f64>(); 20];
        let mut random = Random::new(seed, purpose);
        random.fill(&mut rows, 0.0, f64::from(1 << 24));
        let key = [seed as u32, (seed >> 32) as u32];
        let mut lanes: Vec<[u32; 4]> =
            (0..64).map(|lane| philox4x32_10([lane, purpose as u32, 0, 0x6E75_6D65], key)).collect();
        for row in &rows {
            for (lane, found) in row.iter().enumerate() {
                assert_eq!(*found, f64::from(next(&mut lanes[lane % 64]) >> 8), "{seed} {purpose:?} {lane}");
            }
        }
        // Numbers that are drawn one by one go on where the rows have ended.
        let draws: Vec<f64> = (0..130).map(|_| random.uniform(0.0, f64::from(1 << 24))).collect();
        let expected = (0..130).map(|draw| f64::from(next(&mut lanes[draw % 64]) >> 8));
        assert!(draws.into_iter().eq(expected), "{seed} {purpose:?}");
    }
}

#[test]
fn both_kinds_of_number_get_the_same() {
    let (mut single, mut double) = ([zeros::<f32>(); 10], [zeros::<f64>(); 10]);
    Random::new(3, Purpose::Training).fill(&mut single, -2.0, 5.0);
    Random::new(3, Purpose::Training).fill(&mut double, -2.0, 5.0);
    for (single, double) in single.as_flattened().iter().zip(double.as_flattened()) {
        assert!((f64::from(*single) - double).abs() < 7.0 * f64::from(f32::EPSILON), "{single} {double}");
    }
}

#[test]
fn uniform_numbers_are_even_over_their_range() {
    for (low, high) in [(0.0, 1.0), (-3.0, -1.0), (-0.25, 0.75), (1e3, 1e4)] {
        let mut rows: Vec<Row<f64>> = vec![zeros(); SAMPLE / BATCH];
        let mut random = Random::new(11, Purpose::Validation);
        random.fill(&mut rows, low, high);
        let alone: Vec<f64> = (0..SAMPLE).map(|_| random.uniform(low, high)).collect();
        for numbers in [rows.as_flattened(), &alone] {
            assert!(numbers.iter().all(|x| (low..high).contains(x)));
            let mut counts = [0; 64];
            numbers.iter().for_each(|x| counts[((x - low) / (high - low) * 64.0) as usize] += 1);
            assert_even(&counts, &format!("{low} to {high}"));
        }
    }
}

#[test]
fn streams_and_lanes_are_uncorrelated() {
    let bound = 5.0 / (SAMPLE as f64).sqrt();
    let samples: Vec<Vec<f64>> = PURPOSES.iter().map(|&purpose| sample(1, purpose)).collect();
    // Another seed, and one that differs in its upper half only.
    let others = [sample(2, Purpose::Training), sample(1 + (1 << 32), Purpose::Training)];
    let all: Vec<&Vec<f64>> = samples.iter().chain(&others).collect();
    for (i, a) in all.iter().enumerate() {
        for b in &all[i + 1..] {
            assert!(correlation(a, b).abs() < bound, "{}", correlation(a, b));
        }
        // Neighbours in a row are of two generators, and those 64 apart of one and the next step of it.
        for lag in [1, 2, 63, 64, 65, BATCH] {
            let found = correlation(&a[lag..], &a[..SAMPLE - lag]);
            assert!(found.abs() < bound, "{lag}: {found}");
        }
    }
    assert_eq!(sample(1, Purpose::Test), samples[2], "a seed is always the same");
}

#[test]
fn signs_are_even_and_leave_sizes_alone() {
    let mut rows = vec![zeros::<f64>(); SAMPLE / BATCH];
    let mut random = Random::new(5, Purpose::Test);
    random.fill(&mut rows, 1.0, 2.0);
    let sizes = rows.concat();
    random.sign(&mut rows);
    let signed = rows.concat();
    assert!(sizes.iter().zip(&signed).all(|(size, signed)| *size == signed.abs()));
    let signs: Vec<f64> = signed.iter().map(|x| x.signum()).collect();
    let negative = signs.iter().filter(|sign| **sign < 0.0).count() as u32;
    assert_even(&[negative, SAMPLE as u32 - negative], "signs");
    assert!(correlation(&signs, &sizes).abs() < 5.0 / (SAMPLE as f64).sqrt());
}

#[test]
fn whole_numbers_below_a_bound_are_all_met_alike() {
    let mut random = Random::new(6, Purpose::Problem);
    for bound in [1, 2, 3, 7, 10, 100] {
        let mut counts = vec![0; bound];
        (0..100 * bound).for_each(|_| counts[random.below(bound)] += 1);
        if bound > 1 {
            assert_even(&counts, &format!("below {bound}"));
        }
    }
}

#[test]
fn every_order_of_a_list_is_as_likely() {
    let mut random = Random::new(8, Purpose::Problem);
    let mut counts = std::collections::BTreeMap::new();
    for _ in 0..12_000 {
        let mut list = ['a', 'b', 'c', 'd'];
        random.shuffle(&mut list);
        *counts.entry(list).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 24, "no letter is lost, and no order left out");
    assert_even(&counts.into_values().collect::<Vec<u32>>(), "orders");
    random.shuffle::<u8>(&mut []);
}

#[test]
fn normal_numbers_have_the_shape_of_the_bell() {
    let mut random = Random::new(4, Purpose::Initial);
    let draws: Vec<f64> = (0..SAMPLE).map(|_| (random.normal(-1.0, 0.5) + 1.0) / 0.5).collect();
    let (n, root) = (SAMPLE as f64, (SAMPLE as f64).sqrt());
    let moment = |power| draws.iter().map(|z| z.powi(power)).sum::<f64>() / n;
    // Moments 1 to 4 are 0, 1, 0 and 3; the variance of zᵏ is 1, 2, 15 and 96.
    for (power, expected, variance) in [(1, 0.0, 1.0_f64), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
        let found = moment(power);
        assert!((found - expected).abs() < 5.0 * variance.sqrt() / root, "{power}: {found}");
    }
    // 4.55 % are beyond two deviations, 0.27 % beyond three.
    for (beyond, expected) in [(2.0, 0.045_500), (3.0, 0.002_700)] {
        let found = draws.iter().filter(|z| z.abs() > beyond).count() as f64 / n;
        assert!((found - expected).abs() < 5.0 * expected.sqrt() / root, "{beyond}: {found}");
    }
    assert!(draws.iter().all(|z| z.is_finite()));
}

#[test]
fn glorots_range_has_glorots_variance() {
    for (inputs, outputs) in [(1, 1), (2, 1), (10, 2), (100, 300)] {
        // U[−r, r] has the variance r²/3.
        let variance = glorot(inputs, outputs).powi(2) / 3.0;
        assert!((variance - 2.0 / (inputs + outputs) as f64).abs() < 1e-15, "{inputs} {outputs}");
    }
}
