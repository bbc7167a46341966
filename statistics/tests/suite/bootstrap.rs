//! Tests of the resampling of scores, and of the intervals that it gives.

use std::cell::RefCell;
use std::collections::BTreeMap;

use gridworld_statistics::{Bootstrap, Estimate, Interval, Scores, iqm, mean, median, optimality_gap, profile};

use crate::{random, scores, seeded};

const SEED: u64 = 47;

fn bootstrap(repetitions: usize, confidence: f64) -> Bootstrap {
    Bootstrap::new(repetitions, confidence).expect("a bootstrap")
}

fn width((lower, upper): Interval) -> f64 {
    upper - lower
}

#[test]
fn resamples_draw_each_score_from_its_task() {
    // Two runs of two tasks have 2⁴ resamples, which are equally likely. Runs drawn whole would give
    // four of them, tasks that mix would give others.
    let of = scores(&[[0.0, 10.0], [1.0, 20.0]]);
    let seen = RefCell::new(Vec::new());
    let note = |resample: &Scores| {
        seen.borrow_mut().push(resample.values().to_vec());
        0.0
    };
    bootstrap(32_000, 0.95).estimate(&of, note, &mut seeded(SEED));
    let seen = seen.into_inner();
    assert_eq!((seen.len(), &seen[0][..]), (32_001, of.values()));
    let mut counts: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
    for resample in &seen[1..] {
        *counts.entry(resample.iter().map(|&score| score as u64).collect()).or_default() += 1;
    }
    assert_eq!(counts.len(), 16, "seed {SEED}");
    for (resample, count) in counts {
        assert!(resample.iter().zip([[0, 1], [10, 20], [0, 1], [10, 20]]).all(|(score, task)| task.contains(score)));
        // Five standard deviations of a binomial distribution.
        assert!(count.abs_diff(2_000) < 217, "seed {SEED}: {resample:?} {count} times");
    }
}

#[test]
fn ends_are_quantiles_of_the_resamples() {
    let of = scores(&random(6, 2, &mut seeded(SEED)));
    // Where they lie among the sorted values: 0.025 · 40 = 1 and 39; 0.25 · 2 = 0.5 and 1.5; one value.
    for (repetitions, confidence, (lower, upper)) in
        [(41, 0.95, ((1, 1), (39, 39))), (3, 0.5, ((0, 1), (1, 2))), (1, 0.95, ((0, 0), (0, 0)))]
    {
        let values = RefCell::new(Vec::new());
        let note = |resample: &Scores| {
            values.borrow_mut().push(mean(resample));
            mean(resample)
        };
        let found = bootstrap(repetitions, confidence).estimate(&of, note, &mut seeded(SEED));
        let mut values = values.into_inner().split_off(1);
        values.sort_by(f64::total_cmp);
        for (end, (a, b)) in [(found.interval.0, lower), (found.interval.1, upper)] {
            assert!((end - (values[a] + values[b]) / 2.0).abs() < 1e-12, "seed {SEED}: {found:?} of {values:?}");
        }
    }
}

#[test]
fn intervals_by_hand() {
    // The mean of a resample is 0, 1/2 or 1 with probability 1/4, 1/2 and 1/4.
    let of = scores(&[[0.0], [1.0]]);
    for (confidence, interval) in [(0.95, (0.0, 1.0)), (0.6, (0.0, 1.0)), (0.4, (0.5, 0.5))] {
        let found = bootstrap(10_000, confidence).estimate(&of, mean, &mut seeded(SEED));
        assert_eq!(found, Estimate { point: 0.5, interval }, "seed {SEED}, {confidence}");
    }
    // Tasks on which all runs score the same leave nothing to be unsure of.
    let sure = scores(&[[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]);
    let found = bootstrap(1_000, 0.95).estimate(&sure, mean, &mut seeded(SEED));
    assert_eq!(found, Estimate { point: 0.5, interval: (0.5, 0.5) });
}

#[test]
fn the_interval_of_one_run_is_its_point() {
    let one = scores(&random(1, 5, &mut seeded(SEED)));
    let few = bootstrap(100, 0.95);
    let gap = |scores: &Scores| optimality_gap(scores, 1.0);
    for statistic in [&iqm as &dyn Fn(&Scores) -> f64, &mean, &median, &gap] {
        let found = few.estimate(&one, statistic, &mut seeded(SEED));
        assert_eq!(found, Estimate { point: statistic(&one), interval: (found.point, found.point) });
    }
    let better = few.improvement(&one, &one, &mut seeded(SEED));
    assert_eq!(better, Ok(Estimate { point: 0.5, interval: (0.5, 0.5) }));
    for found in few.profile(&one, &[0.5, 1.0, 1.5], &mut seeded(SEED)) {
        assert_eq!(found.interval, (found.point, found.point));
    }
}

#[test]
fn more_confidence_is_a_wider_interval() {
    let (x, y) = (scores(&random(20, 3, &mut seeded(SEED))), scores(&random(6, 3, &mut seeded(SEED + 1))));
    let all = |confidence| {
        let bootstrap = bootstrap(5_000, confidence);
        let rng = &mut seeded(SEED);
        let improvement = bootstrap.improvement(&x, &y, rng).expect("the same tasks").interval;
        [bootstrap.estimate(&x, iqm, rng).interval, improvement, bootstrap.profile(&x, &[0.9], rng)[0].interval]
    };
    for ((half, most), nearly_all) in all(0.5).into_iter().zip(all(0.95)).zip(all(0.99)) {
        assert!(width(half) > 0.0, "seed {SEED}: {half:?}");
        assert!(width(half) < width(most) && width(most) < width(nearly_all), "seed {SEED}: {most:?}, {nearly_all:?}");
    }
}

#[test]
fn four_times_the_runs_are_half_the_interval() {
    let rows = random(10, 3, &mut seeded(SEED));
    let of =
        |rows: &[Vec<f64>]| width(bootstrap(20_000, 0.95).estimate(&scores(rows), mean, &mut seeded(SEED)).interval);
    let ratio = of(&vec![rows.clone(); 4].concat()) / of(&rows);
    assert!((ratio - 0.5).abs() < 0.02, "seed {SEED}: {ratio}");
}

#[test]
fn the_seed_decides_on_the_intervals() {
    let (x, y) = (scores(&random(8, 3, &mut seeded(SEED))), scores(&random(6, 3, &mut seeded(SEED + 1))));
    let with = |seed| {
        let few = bootstrap(50, 0.95);
        let improvement = few.improvement(&x, &y, &mut seeded(seed)).expect("the same tasks");
        let thresholds: Vec<f64> = (0..20).map(|tenths| f64::from(tenths) / 10.0).collect();
        (few.estimate(&x, iqm, &mut seeded(seed)), improvement, few.profile(&x, &thresholds, &mut seeded(seed)))
    };
    let (once, again, other) = (with(1), with(1), with(2));
    assert_eq!(once, again);
    assert_eq!((once.0.point, once.1.point), (other.0.point, other.1.point));
    assert_ne!(once.0.interval, other.0.interval);
    assert_ne!(once.1.interval, other.1.interval);
    assert_ne!(once.2, other.2);
    // What is drawn goes on: the second of two bootstraps is not the first again.
    let rng = &mut seeded(1);
    let few = bootstrap(50, 0.95);
    assert_ne!(few.estimate(&x, iqm, rng), few.estimate(&x, iqm, rng));
}

#[test]
fn both_sides_of_a_comparison_are_resampled() {
    // X over itself would be 1/2 in every resample if both sides were drawn alike.
    let x = scores(&random(8, 3, &mut seeded(SEED)));
    let found = bootstrap(2_000, 0.95).improvement(&x, &x, &mut seeded(SEED)).expect("the same tasks");
    assert_eq!(found.point, 0.5);
    assert!(found.interval.0 < 0.45 && found.interval.1 > 0.55, "seed {SEED}: {found:?}");
    // A side of one run stays, the other is drawn.
    let one = scores(&[[0.6, 1.0, 1.4]]);
    for (x, y) in [(&x, &one), (&one, &x)] {
        let found = bootstrap(2_000, 0.95).improvement(x, y, &mut seeded(SEED)).expect("the same tasks");
        assert!(width(found.interval) > 0.05, "seed {SEED}: {found:?}");
    }
}

#[test]
fn bands_are_as_monotone_as_their_profile() {
    let of = scores(&random(8, 3, &mut seeded(SEED)));
    let thresholds: Vec<f64> = (0..40).map(|hundredths| f64::from(5 * hundredths) / 100.0).collect();
    let band = bootstrap(2_000, 0.95).profile(&of, &thresholds, &mut seeded(SEED));
    assert_eq!(band.iter().map(|estimate| estimate.point).collect::<Vec<_>>(), profile(&of, &thresholds));
    for pair in band.windows(2) {
        assert!(pair[0].interval.0 >= pair[1].interval.0 && pair[0].interval.1 >= pair[1].interval.1, "seed {SEED}");
    }
    assert!(band.iter().all(|Estimate { point, interval }| interval.0 <= *point && *point <= interval.1));
}
