//! Tests of summaries against definitions that are slow and plain, on many random outcomes.

use std::collections::BTreeMap;

use gridworld_numeracy::cells::{Activation, CellName};
use gridworld_numeracy::summary::{Median, Rate};
use gridworld_numeracy::tasks::identity::{IdentityOutcome, curves, is_trained, points};
use gridworld_numeracy::tasks::language::{self, LanguageOutcome, LanguageSummary};
use gridworld_numeracy::tasks::program::{Kind, ProgramCheck, ProgramError, ProgramOutcome, ProgramSummary};
use gridworld_numeracy::tasks::recurrent_arithmetic::{
    Error, LENGTHS, RecurrentCheck, RecurrentOutcome, RecurrentSummary,
};
use gridworld_numeracy::tasks::{Check, Outcome, Summary};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// Finds the median by its definition: among the numbers, or half-way between two of them, half are on each side.
fn middle(numbers: &[f64]) -> Option<f64> {
    let at = |rank: usize| {
        let below = |x: f64| numbers.iter().filter(|&&other| other < x).count();
        let until = |x: f64| numbers.iter().filter(|&&other| other <= x).count();
        numbers.iter().copied().find(|&x| below(x) <= rank && rank < until(x)).expect("a number of each rank")
    };
    match numbers.len() {
        0 => None,
        n if n % 2 == 1 => Some(at(n / 2)),
        n => Some((at(n / 2 - 1) + at(n / 2)) / 2.0),
    }
}

fn median(found: Option<Median>) -> Option<f64> {
    found.map(|found| found.median)
}

#[test]
fn medians_are_in_the_middle_of_every_list() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for n in 0..40 {
        for _ in 0..20 {
            // A few whole numbers, so that many are equal.
            let numbers: Vec<f64> = (0..n).map(|_| f64::from(rng.random_range(-4..=4))).collect();
            assert_eq!(median(Median::of(numbers.iter().copied())), middle(&numbers), "{numbers:?}");
        }
    }
    let far = |count: usize| [1.0, 2.0].into_iter().chain(std::iter::repeat_n(f64::NAN, count));
    assert_eq!(
        [1, 2, 3].map(|count| median(Median::of(far(count)))),
        [Some(2.0), Some(f64::INFINITY), Some(f64::INFINITY)]
    );
}

#[test]
fn intervals_of_medians_are_the_narrowest_that_enough_of_all_throws_of_coins_allow() {
    for n in 1..=14_u32 {
        // The median lies below the k-th number if fewer than k of n fair coins show heads: count all 2ⁿ throws.
        let fewer = |k: u32| (0..1_u32 << n).filter(|throw| throw.count_ones() < k).count() as f64;
        let outside = |k: u32| 2.0 * fewer(k) / f64::from(1_u32 << n);
        let found = Median::of((1..=n).map(f64::from)).unwrap().ci95;
        match found {
            None => assert!(outside(1) > 0.05, "n = {n}: the whole range would do"),
            Some((low, high)) => {
                let k = low as u32;
                assert_eq!(f64::from(n + 1 - k), high, "as many are left out at both ends");
                assert!(outside(k) <= 0.05 && outside(k + 1) > 0.05, "n = {n}: from {low} to {high}");
            }
        }
    }
}

/// Finds an end of Wilson's interval: the share p whose distance to the measured one is z deviations of p.
fn wilson(solved: u64, seeds: u64, is_upper: bool) -> f64 {
    let (measured, n, z) = (solved as f64 / seeds as f64, seeds as f64, 1.959_963_984_540_054);
    let (mut near, mut far) = (measured, if is_upper { 1.0 } else { 0.0 });
    for _ in 0..200 {
        let p = 0.5 * (near + far);
        if (p - measured).abs() <= z * (p * (1.0 - p) / n).sqrt() { near = p } else { far = p }
    }
    near
}

#[test]
fn intervals_of_shares_solve_the_equation_of_wilson() {
    let mut compared = 0;
    for seeds in [1, 2, 5, 10, 25, 100] {
        for solved in (0..=seeds).step_by((seeds as usize / 5).max(1)) {
            let rate = Rate::new(solved, seeds);
            assert_eq!((rate.solved, rate.seeds, rate.rate), (solved, seeds, solved as f64 / seeds as f64));
            let expected = (wilson(solved, seeds, false), wilson(solved, seeds, true));
            let (low, high) = rate.ci95;
            assert!((low - expected.0).abs() < 1e-7 && (high - expected.1).abs() < 1e-7, "{rate:?}: {expected:?}");
            assert!((0.0..=rate.rate + 1e-12).contains(&low) && (rate.rate - 1e-12..=1.0).contains(&high), "{rate:?}");
            compared += 1;
        }
    }
    assert!(compared > 25);
}

/// Gives an error of any size, or none where a network diverged.
fn error(rng: &mut ChaCha8Rng) -> Option<f64> {
    (rng.random_range(0..5) > 0).then(|| 10_f64.powf(8.0 * rng.random::<f64>() - 6.0))
}

fn outcomes(rng: &mut ChaCha8Rng, count: usize) -> Vec<Outcome> {
    let check = |rng: &mut ChaCha8Rng, iteration| Check {
        iteration,
        interpolation: error(rng),
        extrapolation: error(rng),
        sparsity: 0.5 * rng.random::<f64>(),
    };
    let one = |rng: &mut ChaCha8Rng| {
        let solved = rng.random::<bool>();
        Outcome {
            solved,
            solved_at: solved.then(|| 1000 * rng.random_range(0..50)),
            iterations: 1000 * rng.random_range(1..100),
            chosen: check(rng, 9000),
            curve: vec![check(rng, 0), check(rng, 9000)],
        }
    };
    (0..count).map(|_| one(rng)).collect()
}

#[test]
fn summaries_of_seeds_are_what_a_plain_count_gives() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for n in (1..24).chain([60]) {
        let all = outcomes(&mut rng, n);
        let summary = Summary::new(1e-3, &all.iter().collect::<Vec<_>>());
        let solved: Vec<&Outcome> = all.iter().filter(|outcome| outcome.solved).collect();
        assert_eq!((summary.rate, summary.threshold), (Rate::new(solved.len() as u64, n as u64), 1e-3));
        let at: Vec<f64> = solved.iter().map(|outcome| outcome.solved_at.expect("it is solved") as f64).collect();
        let sparsity: Vec<f64> = solved.iter().map(|outcome| outcome.chosen.sparsity).collect();
        assert_eq!((median(summary.solved_at), median(summary.sparsity_error)), (middle(&at), middle(&sparsity)));
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
        let far: Vec<f64> = all.iter().map(|outcome| outcome.chosen.extrapolation.unwrap_or(f64::INFINITY)).collect();
        assert_eq!(summary.extrapolation, finite(middle(&far)));
        let shares = |of: fn(&Check) -> Option<f64>| -> Vec<f64> {
            let share = |outcome: &Outcome| match (of(&outcome.chosen), of(&outcome.curve[0])) {
                (Some(after), Some(before)) => 100.0 * after / before,
                _ => f64::INFINITY,
            };
            all.iter().map(share).collect()
        };
        assert_eq!(summary.relative_interpolation, finite(middle(&shares(|check| check.interpolation))));
        assert_eq!(summary.relative_extrapolation, finite(middle(&shares(|check| check.extrapolation))));
        assert_eq!(summary.iterations, all.iter().map(|outcome| outcome.iterations).sum::<u64>());
        let text = serde_json::to_string(&summary).unwrap();
        assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary, "{text}");
    }
}

#[test]
fn a_summary_of_seeds_that_all_failed_has_no_median_of_solved_ones() {
    let failed = Check { iteration: 9000, interpolation: None, extrapolation: None, sparsity: f64::NAN };
    let start = Check { iteration: 0, interpolation: Some(1.0), extrapolation: Some(1.0), sparsity: 0.5 };
    let outcome =
        Outcome { solved: false, solved_at: None, iterations: 9000, chosen: failed, curve: vec![start, failed] };
    let summary = Summary::new(1.0, &[&outcome, &outcome]);
    assert_eq!((summary.rate.solved, summary.solved_at, summary.sparsity_error), (0, None, None));
    assert_eq!(
        (summary.extrapolation, summary.relative_interpolation, summary.relative_extrapolation),
        (None, None, None)
    );
    // Half of them finite is not enough, more than half is.
    let fine = Outcome { chosen: start, ..outcome.clone() };
    assert_eq!(Summary::new(1.0, &[&outcome, &fine]).extrapolation, None);
    assert_eq!(Summary::new(1.0, &[&outcome, &fine, &fine]).extrapolation, Some(1.0));
}

fn by_seed<O>(outcomes: Vec<O>) -> BTreeMap<u64, O> {
    (1..).zip(outcomes).collect()
}

#[test]
fn summaries_over_time_are_what_a_plain_count_gives() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for n in 1..20 {
        let check = |rng: &mut ChaCha8Rng, iteration| {
            let one = |rng: &mut ChaCha8Rng, length| {
                let (squared, threshold) = (error(rng), error(rng).unwrap_or(1.0));
                Error { length, squared, threshold, relative: squared.map(f64::sqrt) }
            };
            let errors = LENGTHS.map(|length| one(rng, length)).to_vec();
            RecurrentCheck { iteration, errors, sparsity: rng.random() }
        };
        let one = |rng: &mut ChaCha8Rng| RecurrentOutcome { random: check(rng, 0), chosen: check(rng, 900) };
        let all: Vec<RecurrentOutcome> = (0..n).map(|_| one(&mut rng)).collect();
        let summary = RecurrentSummary::new(&by_seed(all.clone()));
        assert_eq!(summary.lengths.iter().map(|at| at.length).collect::<Vec<_>>(), LENGTHS);
        for (i, at) in summary.lengths.iter().enumerate() {
            let errors: Vec<(&Error, &Error)> =
                all.iter().map(|outcome| (&outcome.random.errors[i], &outcome.chosen.errors[i])).collect();
            let is_solved = |error: &Error| matches!(error.squared, Some(squared) if squared < error.threshold);
            let solved = errors.iter().filter(|(_, error)| is_solved(error)).count() as u64;
            assert_eq!(at.rate, Rate::new(solved, n));
            let relative: Vec<f64> = errors.iter().map(|(_, error)| error.relative.unwrap_or(f64::INFINITY)).collect();
            assert_eq!(median(at.relative), middle(&relative));
            let share = |(before, after): &(&Error, &Error)| match (before.squared, after.squared) {
                (Some(before), Some(after)) => 100.0 * (after.sqrt() / before.sqrt()),
                (None, Some(_)) => 0.0,
                (Some(_), None) => f64::INFINITY,
                (None, None) => 100.0,
            };
            assert_eq!(median(at.of_random), middle(&errors.iter().map(share).collect::<Vec<_>>()));
        }
        let whole: Vec<f64> =
            all.iter().filter(|outcome| outcome.is_solved()).map(|outcome| outcome.chosen.sparsity).collect();
        assert_eq!(median(summary.sparsity_error), middle(&whole));
    }
    let nothing = RecurrentSummary::new(&BTreeMap::new());
    assert_eq!((nothing.trained(), nothing.lengths.len(), nothing.sparsity_error), (0, 0, None));
}

#[test]
fn summaries_of_words_and_of_programs_are_what_a_plain_count_gives() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for n in 1..20 {
        let any = |rng: &mut ChaCha8Rng| error(rng).unwrap_or(f64::NAN);
        let words = |rng: &mut ChaCha8Rng| {
            let (training, validation, test) = (any(rng), any(rng), any(rng));
            let check = language::Check { iteration: 20, training, validation, test, right: rng.random() };
            LanguageOutcome { chosen: check, curve: vec![check] }
        };
        let all: Vec<LanguageOutcome> = (0..n).map(|_| words(&mut rng)).collect();
        let summary = LanguageSummary::new(&by_seed(all.clone()));
        let column = |of: fn(&language::Check) -> f64| -> Vec<f64> {
            all.iter()
                .map(|outcome| Some(of(&outcome.chosen)).filter(|x| x.is_finite()).unwrap_or(f64::INFINITY))
                .collect()
        };
        assert_eq!(median(summary.training), middle(&column(|check| check.training)));
        assert_eq!(median(summary.validation), middle(&column(|check| check.validation)));
        assert_eq!(median(summary.test), middle(&column(|check| check.test)));
        assert_eq!(median(summary.right), middle(&column(|check| check.right)));
        let solved = column(|check| check.test).iter().filter(|&&error| error < 0.5).count() as u64;
        assert_eq!(summary.rate, Rate::new(solved, n));

        let sizes = Kind::Chain.asked();
        let program = |rng: &mut ChaCha8Rng| {
            let errors = sizes.iter().map(|&size| {
                let right = [0.25, 0.989, 0.99, 1.0][rng.random_range(0..4)];
                ProgramError { size, absolute: any(rng), right }
            });
            let (errors, check) = (errors.collect(), ProgramCheck { iteration: 20, validation: 1.0 });
            ProgramOutcome { chosen: check, errors, curve: vec![check] }
        };
        let all: Vec<ProgramOutcome> = (0..n).map(|_| program(&mut rng)).collect();
        let summary = ProgramSummary::new(&by_seed(all.clone()));
        assert_eq!(summary.sizes.iter().map(|at| at.size).collect::<Vec<_>>(), sizes);
        for (i, at) in summary.sizes.iter().enumerate() {
            let errors: Vec<ProgramError> = all.iter().map(|outcome| outcome.errors[i]).collect();
            assert_eq!(at.rate, Rate::new(errors.iter().filter(|error| error.right >= 0.99).count() as u64, n));
            assert_eq!(median(at.right), middle(&errors.iter().map(|error| error.right).collect::<Vec<_>>()));
            let finite = |error: &ProgramError| if error.absolute.is_nan() { f64::INFINITY } else { error.absolute };
            assert_eq!(median(at.absolute), middle(&errors.iter().map(finite).collect::<Vec<_>>()));
        }
        let whole = all.iter().filter(|outcome| outcome.errors.iter().all(|error| error.right >= 0.99)).count();
        assert_eq!(all.iter().filter(|outcome| outcome.is_solved()).count(), whole);
    }
    assert_eq!(LanguageSummary::new(&BTreeMap::new()).test, None);
}

#[test]
fn curves_are_means_of_each_cell_from_the_best_to_the_worst() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let cells = [CellName::Nac, CellName::Nau, CellName::Dense(Activation::Tanh)];
    let count = points().count();
    let all: Vec<IdentityOutcome> = (0..17)
        .map(|i| IdentityOutcome { cell: cells[i % 3], errors: (0..count).map(|_| rng.random()).collect() })
        .collect();
    let found = curves(&all);
    assert_eq!(found.len(), 3);
    assert!(found.windows(2).all(|pair| pair[0].beyond <= pair[1].beyond));
    for curve in found {
        let own: Vec<&IdentityOutcome> = all.iter().filter(|outcome| outcome.cell == curve.cell).collect();
        assert_eq!(curve.seeds, own.len());
        let mean = |trained: bool| {
            let errors = own.iter().flat_map(|outcome| points().zip(&outcome.errors));
            let of: Vec<f64> = errors.filter(|(x, _)| is_trained(*x) == trained).map(|(_, error)| *error).collect();
            of.iter().sum::<f64>() / of.len() as f64
        };
        assert!((curve.trained - mean(true)).abs() < 1e-12 && (curve.beyond - mean(false)).abs() < 1e-12);
        for (place, error) in curve.errors.iter().enumerate() {
            let mean = own.iter().map(|outcome| outcome.errors[place]).sum::<f64>() / own.len() as f64;
            assert!((error - mean).abs() < 1e-12, "{place}");
        }
    }
    assert_eq!(curves(&[]), []);
}
