//! Comparison with rliable 1.2.0, by the authors of Agarwal et al. 2021, on equal scores.

use std::io::Write;
use std::process::{Command, Stdio};

use gridworld_statistics::{Bootstrap, Estimate, Scores, iqm, mean, median, optimality_gap};
use serde_json::{Value, json};

use crate::{random, scores, seeded};

const SEED: u64 = 59;
const CONFIDENCE: f64 = 0.95;
/// Greatest distance of an interval's end from rliable's, in widths of that interval. With 20,000 resamples the
/// standard deviation of the difference of two ends is 0.7 % of the width of a normal distribution's interval: √2 ·
/// √(0.025 · 0.975 / 20,000) / (φ(1.96) · 3.92).
const NOISE: f64 = 0.04;

/// An aggregate of this crate.
type Statistic<'a> = &'a dyn Fn(&Scores) -> f64;

/// Runs rliable on a request, and gives its estimates.
///
/// # Panics
/// If there is no Python to run it: what is not compared has not passed.
fn rliable(wanted: &str, request: &Value) -> Vec<Estimate> {
    let python = std::env::var_os("GRIDWORLD_PYTHON").expect(
        "GRIDWORLD_PYTHON names no Python with scripts/requirements.txt: `make test` prepares one (alone: \
         `export GRIDWORLD_PYTHON=$(python3 scripts/venv.py)`)",
    );
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/rliable_reference.py");
    let mut command = Command::new(python);
    command.arg(script).arg(wanted).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("Python starts");
    child.stdin.take().expect("a pipe").write_all(request.to_string().as_bytes()).expect("it listens");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let numbers = |field: &str| -> Vec<f64> { serde_json::from_value(read[field].clone()).expect("numbers") };
    let intervals = numbers("lower").into_iter().zip(numbers("upper"));
    numbers("points").into_iter().zip(intervals).map(|(point, interval)| Estimate { point, interval }).collect()
}

/// Checks that both ends lie as near to rliable's as `noise` allows, which is in units of the scores.
fn compare_intervals(name: &str, found: Estimate, reference: Estimate, noise: f64) {
    let off = (found.interval.0 - reference.interval.0).abs().max((found.interval.1 - reference.interval.1).abs());
    println!("{name}: {:?}, rliable {:?}: off by {off:.5} of {noise:.5}", found.interval, reference.interval);
    assert!(off <= noise, "seed {SEED}, {name}: {found:?}, rliable {reference:?}");
}

fn width(estimate: Estimate) -> f64 {
    estimate.interval.1 - estimate.interval.0
}

fn bootstrap(repetitions: usize) -> Bootstrap {
    Bootstrap::new(repetitions, CONFIDENCE).expect("a bootstrap")
}

#[test]
fn aggregates_are_those_of_rliable() {
    // 60 scores, and 21, of which the quarter is no whole number; an odd and an even number of tasks.
    for (runs, tasks) in [(10, 6), (3, 7)] {
        let rows = random(runs, tasks, &mut seeded(SEED));
        let request = json!({ "scores": [rows], "repetitions": 20_000, "confidence": CONFIDENCE, "seed": SEED });
        let references = rliable("aggregates", &request);
        assert_eq!(references.len(), 4);
        let (of, rng) = (scores(&rows), &mut seeded(SEED));
        let gap = |scores: &Scores| optimality_gap(scores, 1.0);
        let statistics: [(&str, Statistic); 4] =
            [("IQM", &iqm), ("mean", &mean), ("median", &median), ("optimality gap", &gap)];
        for ((name, statistic), reference) in statistics.into_iter().zip(references) {
            let found = bootstrap(20_000).estimate(&of, statistic, rng);
            assert!((found.point - reference.point).abs() < 1e-12, "seed {SEED}, {name}: {found:?}, {reference:?}");
            assert!(width(reference) > 0.01, "seed {SEED}, {name}: {reference:?}");
            compare_intervals(name, found, reference, NOISE * width(reference));
        }
    }
}

#[test]
fn improvements_are_those_of_rliable() {
    // Rounded to tenths, so that there are ties. Powers of two, so that no sum is rounded.
    let rounded = |runs, seed| {
        let mut rows = random(runs, 2, &mut seeded(seed));
        rows.iter_mut().flatten().for_each(|score| *score = (*score * 10.0).round() / 10.0);
        rows
    };
    let (x, y) = (rounded(8, SEED), rounded(4, SEED + 1));
    let ties = (0..2).any(|task| x.iter().any(|x| y.iter().any(|y| x[task] == y[task])));
    assert!(ties, "seed {SEED}: {x:?}, {y:?}");
    // rliable takes a millisecond for each: half as many as elsewhere.
    let request = json!({ "scores": [x, y], "repetitions": 10_000, "confidence": CONFIDENCE, "seed": SEED });
    let references = rliable("improvement", &request);
    assert_eq!(references.len(), 1);
    let found = bootstrap(10_000).improvement(&scores(&x), &scores(&y), &mut seeded(SEED)).expect("the same tasks");
    assert_eq!(found.point, references[0].point);
    assert!(width(references[0]) > 0.1, "seed {SEED}: {references:?}");
    compare_intervals("improvement", found, references[0], NOISE * width(references[0]));
}

#[test]
fn profiles_are_those_of_rliable() {
    let rows = random(12, 4, &mut seeded(SEED));
    let mut thresholds: Vec<f64> = (-1..=25).map(|tenths| f64::from(tenths) / 10.0).collect();
    // A score is not above itself.
    thresholds.push(rows[3][2]);
    let request = json!({
        "scores": [rows], "thresholds": thresholds, "repetitions": 20_000, "confidence": CONFIDENCE, "seed": SEED
    });
    let references = rliable("profile", &request);
    let found = bootstrap(20_000).profile(&scores(&rows), &thresholds, &mut seeded(SEED));
    assert_eq!((found.len(), references.len()), (28, 28));
    let mut off = 0.0;
    for ((tau, &found), &reference) in thresholds.iter().zip(&found).zip(&references) {
        assert_eq!(found.point, reference.point, "seed {SEED}, τ = {tau}");
        // Shares go in steps of 1/48; an end may come to lie on either side of one.
        compare_intervals(
            &format!("τ = {tau}"),
            found,
            reference,
            if width(reference) > 0.0 { 1.0 / 48.0 } else { 0.0 },
        );
        off += (found.interval.0 - reference.interval.0).abs() + (found.interval.1 - reference.interval.1).abs();
    }
    let widths: f64 = references.iter().map(|&reference| width(reference)).sum();
    assert!(widths > 1.0 && off / 2.0 <= NOISE * widths, "seed {SEED}: {off} of {widths}");
}

#[test]
fn the_seed_decides_on_the_intervals_of_rliable() {
    let rows = random(5, 3, &mut seeded(SEED));
    let with = |seed| {
        rliable("aggregates", &json!({ "scores": [rows], "repetitions": 50, "confidence": CONFIDENCE, "seed": seed }))
    };
    let (once, again, other) = (with(1), with(1), with(2));
    assert_eq!(once, again);
    for (once, other) in once.iter().zip(&other) {
        assert_eq!(once.point, other.point);
        assert_ne!(once.interval, other.interval);
    }
}
