//! Tests of summaries of seeds against numbers worked out by hand.

use std::collections::BTreeMap;

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::summary::Rate;
use gridworld_numeracy::tasks::identity::{IdentityOutcome, curves, is_trained, points};
use gridworld_numeracy::tasks::language::{self, LanguageOutcome, LanguageSummary};
use gridworld_numeracy::tasks::program::{ProgramCheck, ProgramError, ProgramOutcome, ProgramSummary, Size};
use gridworld_numeracy::tasks::recurrent_arithmetic::{Error, RecurrentCheck, RecurrentOutcome, RecurrentSummary};
use gridworld_numeracy::tasks::single_layer::{OfRange, RANGES, SingleOutcome};
use gridworld_numeracy::tasks::{Check, Outcome, Summary};

fn by_seed<O>(outcomes: impl IntoIterator<Item = O>) -> BTreeMap<u64, O> {
    (1..).zip(outcomes).collect()
}

fn check(iteration: u64, interpolation: f64, extrapolation: f64) -> Check {
    Check { iteration, interpolation: Some(interpolation), extrapolation: Some(extrapolation), sparsity: 0.25 }
}

fn outcome(solved_at: Option<u64>, interpolation: f64, extrapolation: f64) -> Outcome {
    let chosen = check(5000, interpolation, extrapolation);
    let curve = vec![check(0, 10.0, 40.0), chosen];
    Outcome { solved: solved_at.is_some(), solved_at, iterations: 5000, chosen, curve }
}

#[test]
fn intervals_of_shares_are_wilsons() {
    // Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (solved, seeds, (low, high)) in
        [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0.0, 0.1611)), (1, 29, (0.0061, 0.1718))]
    {
        let rate = Rate::new(solved, seeds);
        assert!((rate.ci95.0 - low).abs() < 5e-5 && (rate.ci95.1 - high).abs() < 5e-5, "{rate:?}");
    }
}

#[test]
fn a_summary_is_of_the_chosen_checks() {
    let all = [outcome(Some(1000), 1.0, 4.0), outcome(Some(3000), 2.0, 2.0), outcome(None, 5.0, 20.0)];
    let summary = Summary::new(3.0, &all.iter().collect::<Vec<_>>());
    assert_eq!((summary.rate.solved, summary.rate.seeds, summary.threshold), (2, 3, 3.0));
    // The solved seeds alone, half-way between two.
    assert_eq!(summary.solved_at.map(|at| at.median), Some(2000.0));
    // All seeds: 2, 4, 20; per cent of 10 before training: 10, 20, 50, and of 40: 10, 5, 50.
    assert_eq!((summary.extrapolation, summary.iterations), (Some(4.0), 15_000));
    assert_eq!((summary.relative_interpolation, summary.relative_extrapolation), (Some(20.0), Some(10.0)));
    assert_eq!(summary.sparsity_error.map(|error| error.median), Some(0.25));
}

#[test]
fn ranges_without_a_seed_are_left_out() {
    let outcomes = [(0, outcome(Some(1000), 1.0, 1.0)), (4, outcome(None, 2.0, 2.0)), (4, outcome(Some(0), 2.0, 2.0))]
        .map(|(range, outcome)| SingleOutcome { range, outcome });
    let thresholds: [f64; RANGES.len()] = std::array::from_fn(|range| range as f64);
    let found = OfRange::all(&thresholds, outcomes.iter());
    let seen: Vec<_> = found.iter().map(|of| (of.interpolation, of.summary.threshold, of.summary.rate.seeds)).collect();
    assert_eq!(seen, [(RANGES[0].0, 0.0, 1), (RANGES[4].0, 4.0, 2)]);
    assert_eq!(found[1].summary.rate.solved, 1);
}

#[test]
fn the_nine_ranges_are_the_published_ones() {
    // Mistry et al. 2022a, table 1, as it writes them.
    let trained =
        "U[-20, -10] U[-2, -1] U[-1.2, -1.1] U[-0.2, -0.1] U[-2, 2] U[0.1, 0.2] U[1, 2] U[1.1, 1.2] U[10, 20]";
    let tested =
        "U[-40, -20]|U[-6, -2]|U[-6.1, -1.2]|U[-2, -0.2]|U[−6, −2] ∪ U[2, 6]|U[0.2, 2]|U[2, 6]|U[1.2, 6]|U[20, 40]";
    let found: Vec<String> = RANGES.iter().map(|(range, _)| range.to_string()).collect();
    assert_eq!(found.join(" "), trained);
    let found: Vec<String> = RANGES.iter().map(|(_, range)| range.to_string()).collect();
    assert_eq!(found.join("|"), tested);
}

#[test]
fn errors_over_time_are_shares_of_the_answers_and_of_the_untrained_network() {
    let error = |length, squared: f64, relative| Error {
        length,
        squared: Some(squared),
        threshold: 0.5,
        relative: Some(relative),
    };
    let seed = |trained: f64, long: f64| RecurrentOutcome {
        random: RecurrentCheck {
            iteration: 0,
            errors: vec![error(10, 4.0, 1.0), error(1000, 400.0, 1.0)],
            sparsity: 0.5,
        },
        chosen: RecurrentCheck {
            iteration: 900,
            errors: vec![error(10, trained, 0.1), error(1000, long, 0.2)],
            sparsity: 0.125,
        },
    };
    // The root of the share of 4, then of 400: 1/2 → 50 %, 1 → 100 %; 1/20 → 5 %.
    let summary = RecurrentSummary::new(&by_seed([seed(1.0, 1.0), seed(0.25, 100.0), seed(4.0, 0.01)]));
    assert_eq!(summary.trained(), 10);
    let of_random: Vec<f64> = summary.lengths.iter().map(|at| at.of_random.expect("seeds").median).collect();
    assert_eq!(of_random, [50.0, 5.0]);
    let solved: Vec<u64> = summary.lengths.iter().map(|at| at.rate.solved).collect();
    assert_eq!(solved, [1, 1], "below a half: 0.25 at ten, 0.01 at a thousand");
    assert_eq!(summary.sparsity_error.map(|error| error.median), Some(0.125), "of seeds that are solved at the end");
}

#[test]
fn a_program_is_solved_with_ninety_nine_of_a_hundred_answers_at_every_size() {
    let error = |digits, right| ProgramError { size: Size { digits, terms: 2 }, absolute: 1.0 - right, right };
    let seed = |short: f64, long: f64| {
        let chosen = ProgramCheck { iteration: 20, validation: 0.5 };
        ProgramOutcome { chosen, errors: vec![error(2, short), error(6, long)], curve: vec![chosen] }
    };
    assert!(seed(1.0, 0.99).is_solved() && !seed(1.0, 0.989).is_solved() && !seed(0.5, 1.0).is_solved());
    let summary = ProgramSummary::new(&by_seed([seed(1.0, 0.99), seed(1.0, 0.5), seed(0.25, 0.75)]));
    let found: Vec<_> = summary.sizes.iter().map(|at| (at.size.digits, at.rate.solved, at.rate.seeds)).collect();
    assert_eq!(found, [(2, 2, 3), (6, 1, 3)]);
    let medians: Vec<_> = summary.sizes.iter().map(|at| at.right.expect("seeds").median).collect();
    assert_eq!(medians, [1.0, 0.75]);
    assert_eq!(ProgramSummary::new(&BTreeMap::new()).sizes, [], "nothing is said of no seeds");
}

#[test]
fn language_is_judged_by_the_model_that_was_kept() {
    let seed = |test: f64| {
        let check = |test| language::Check { iteration: 1, training: 0.1, validation: 0.2, test, right: 0.5 };
        LanguageOutcome { chosen: check(test), curve: vec![check(100.0)] }
    };
    let summary = LanguageSummary::new(&by_seed([seed(0.4), seed(0.5), seed(3.0)]));
    assert_eq!((summary.rate.solved, summary.rate.seeds), (1, 3), "a half is not below a half");
    let medians =
        [summary.training, summary.validation, summary.test, summary.right].map(|found| found.unwrap().median);
    assert_eq!(medians, [0.1, 0.2, 0.5, 0.5]);
}

#[test]
fn identity_is_a_mean_within_the_trained_numbers_and_one_beyond() {
    // |x| as the error: the mean of 21 numbers from −5 to 5 in steps of ½ is 2 · ½ · (1 + … + 10) / 21, that of the others,
    // 5.5 to 20 on both sides, is 12.75.
    let errors = points().map(f64::abs).collect();
    let outcome = IdentityOutcome { cell: CellName::Nau, errors };
    let (trained, beyond) = outcome.means();
    assert!((trained - 55.0 / 21.0).abs() < 1e-12 && (beyond - 12.75).abs() < 1e-12, "{trained} {beyond}");
    assert!(is_trained(-5.0) && is_trained(5.0) && !is_trained(5.5));
    let curve = &curves([&outcome, &outcome])[0];
    assert_eq!((curve.seeds, curve.trained, curve.beyond), (2, trained, beyond));
}
