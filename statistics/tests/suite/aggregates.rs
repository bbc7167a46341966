//! Tests of aggregates without intervals.

use gridworld_statistics::{improvement, iqm, mean, median, optimality_gap, profile};

use crate::{random, scores, seeded};

const SEED: u64 = 31;

#[test]
fn the_interquartile_mean_by_hand() {
    // −50, 1, | 2, 3, 4, 5, | 6, 100.
    assert_eq!(iqm(&scores(&[[1.0, 2.0], [3.0, 4.0], [100.0, -50.0], [5.0, 6.0]])), 3.5);
    // A quarter of 7 is 1 whole score: 0, | 1, 2, 3, 4, 5, | 1000.
    assert_eq!(iqm(&scores(&[[1000.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0]])), 3.0);
    // Of three nothing is cut.
    assert_eq!(iqm(&scores(&[[0.0], [1.0], [5.0]])), 2.0);
}

#[test]
fn mean_and_median_by_hand() {
    // Means over runs: 1, 5 and 150, then without the last task.
    let three = scores(&[[0.0, 4.0, 100.0], [2.0, 6.0, 200.0]]);
    assert_eq!((mean(&three), median(&three)), (52.0, 5.0));
    let two = scores(&[[0.0, 4.0], [2.0, 6.0]]);
    assert_eq!((mean(&two), median(&two)), (3.0, 3.0));
}

#[test]
fn the_optimality_gap_by_hand() {
    let of = scores(&[[0.5, 2.0], [1.0, 0.0]]);
    assert_eq!(optimality_gap(&of, 1.0), 1.0 - (0.5 + 1.0 + 1.0 + 0.0) / 4.0);
    assert_eq!(optimality_gap(&of, 2.0), 2.0 - (0.5 + 2.0 + 1.0 + 0.0) / 4.0);
}

#[test]
fn equal_scores_are_their_own_aggregate() {
    for (runs, tasks) in [(1, 1), (2, 3), (5, 5), (7, 2)] {
        let equal = scores(&vec![vec![0.625; tasks]; runs]);
        assert_eq!((iqm(&equal), mean(&equal), median(&equal)), (0.625, 0.625, 0.625), "{runs} × {tasks}");
        assert_eq!(optimality_gap(&equal, 1.0), 0.375, "{runs} × {tasks}");
    }
}

#[test]
fn outliers_move_the_mean_and_not_the_interquartile_mean() {
    let mut rows = random(8, 3, &mut seeded(SEED));
    let before = (iqm(&scores(&rows)), mean(&scores(&rows)));
    let best = rows.iter_mut().map(|row| &mut row[2]).max_by(|a, b| a.total_cmp(b)).expect("a run");
    *best += 1e6;
    assert_eq!(iqm(&scores(&rows)), before.0, "seed {SEED}");
    assert!(mean(&scores(&rows)) > before.1 + 1e4, "seed {SEED}");
}

#[test]
fn improvement_by_hand() {
    // Task 0: 1 exceeds 0; 3 exceeds 2 and 0 and equals 3. Task 1: 5 equals 5 and exceeds 1, twice.
    let (x, y) = (scores(&[[1.0, 5.0], [3.0, 5.0]]), scores(&[[2.0, 5.0], [0.0, 7.0], [3.0, 1.0]]));
    assert_eq!(improvement(&x, &y), Ok((3.5 / 6.0 + 3.0 / 6.0) / 2.0));
}

#[test]
fn improvements_over_each_other_add_up_to_one() {
    let mut rng = seeded(SEED);
    for (runs, others, tasks) in [(1, 1, 1), (4, 9, 3), (10, 3, 7)] {
        let (x, y) = (scores(&random(runs, tasks, &mut rng)), scores(&random(others, tasks, &mut rng)));
        let sum = improvement(&x, &y).expect("one number") + improvement(&y, &x).expect("one number");
        assert!((sum - 1.0).abs() < 1e-12, "seed {SEED}: {sum}");
        assert_eq!(improvement(&x, &x), Ok(0.5), "seed {SEED}");
        let better: Vec<Vec<f64>> = (0..runs).map(|_| vec![9.0; tasks]).collect();
        assert_eq!(improvement(&scores(&better), &y), Ok(1.0), "seed {SEED}");
        assert_eq!(improvement(&y, &scores(&better)), Ok(0.0), "seed {SEED}");
    }
}

#[test]
fn a_profile_by_hand() {
    let of = scores(&[[0.0, 0.5], [1.0, 0.5]]);
    assert_eq!(profile(&of, &[-1.0, 0.0, 0.25, 0.5, 1.0]), [1.0, 0.75, 0.75, 0.25, 0.0]);
    assert!(profile(&of, &[]).is_empty());
}

#[test]
fn profiles_never_rise_and_go_from_one_to_zero() {
    let of = scores(&random(10, 4, &mut seeded(SEED)));
    let thresholds: Vec<f64> = (-1..=300).map(|hundredths| f64::from(hundredths) / 100.0).collect();
    let found = profile(&of, &thresholds);
    assert_eq!((found.len(), found[0], found[301]), (302, 1.0, 0.0), "seed {SEED}");
    assert!(found.windows(2).all(|pair| pair[0] >= pair[1]), "seed {SEED}");
    assert!(found.windows(2).filter(|pair| pair[0] > pair[1]).count() > 20, "seed {SEED}");
}

#[test]
fn the_mean_is_the_area_under_the_profile() {
    // x = 1/8 · Σ_k 1[x > k/8] for each x that is one of 0, 1/8 … 1. Eight scores, so that nothing is
    // rounded.
    let of = scores(&[[0.0, 0.125, 1.0, 0.5], [0.75, 0.75, 0.375, 0.25]]);
    let thresholds: Vec<f64> = (0..8).map(|eighths| f64::from(eighths) / 8.0).collect();
    assert_eq!(profile(&of, &thresholds).iter().sum::<f64>() / 8.0, mean(&of));
}
