//! Tests of the records of an experiment in its folder, and of going on from there.

mod resume;

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use gridworld_numeracy::run_context::RunContext;
use gridworld_numeracy::runner::Experiment;
use gridworld_numeracy::seed_log::{SeedLog, read_outcomes};
use gridworld_records::{Nobody, RecordError, RunFolder, read_metrics};
use serde::{Deserialize, Serialize};

/// An experiment in which the outcome of a seed is its square; even ones succeed.
struct Squares {
    /// Seed that is never finished.
    never: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Square {
    square: u64,
}

impl Experiment for Squares {
    type Outcome = Square;

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<Square> {
        let _ = watch.goes_on(0.5);
        (self.never != Some(seed)).then_some(Square { square: seed * seed })
    }

    fn is_success(&self, outcome: &Square) -> bool {
        outcome.square.is_multiple_of(2)
    }

    fn scalars(&self, outcome: &Square) -> Vec<(&'static str, f64)> {
        vec![("seeds/square", outcome.square as f64)]
    }
}

fn folder(runs: &Path) -> RunFolder {
    let (folder, lock) = RunFolder::create_for(runs, Some("squares"), "", SystemTime::now()).expect("a folder");
    // A folder in which nothing was begun goes with its lock.
    lock.keep();
    folder
}

/// Number of steps that each seed counts for.
const STEPS: u64 = 50;

/// Works on so many seeds, one after the other; gives how many times something was told.
fn worked(folder: &RunFolder, seeds: u64, experiment: &Squares) -> usize {
    let mut seed_log = SeedLog::open(folder, STEPS, |_| Nobody).expect("a journal");
    let mut told = 0;
    let stop = AtomicBool::new(false);
    seed_log.work(experiment, seeds, Some(1), &stop, || told += 1).expect("it works");
    seed_log.finish().expect("it is on the disk");
    told
}

fn seeds(folder: &RunFolder) -> String {
    fs::read_to_string(folder.path().join("seeds.jsonl")).expect("seeds")
}

#[test]
fn each_seed_is_a_line_and_a_record() {
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    assert_eq!(worked(&folder, 3, &Squares { never: None }), 3);
    assert_eq!(seeds(&folder), "{\"seed\":1,\"square\":1}\n{\"seed\":2,\"square\":4}\n{\"seed\":3,\"square\":9}\n");
    let lines = read_metrics(&folder.metrics()).expect("metrics");
    let of = |name: &str| -> Vec<Option<f64>> { lines.iter().map(|line| line.scalars[name]).collect() };
    assert_eq!(lines.iter().map(|line| line.step).collect::<Vec<_>>(), [50, 100, 150]);
    assert_eq!(of("seeds/seed"), [Some(1.0), Some(2.0), Some(3.0)]);
    assert_eq!(of("seeds/square"), [Some(1.0), Some(4.0), Some(9.0)]);
    // Of the seeds so far: none of one, one of two, one of three.
    assert_eq!(of("charts/success"), [Some(0.0), Some(0.5), Some(1.0 / 3.0)]);
}

#[test]
fn what_is_recorded_is_not_worked_on_again() {
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    worked(&folder, 2, &Squares { never: None });
    let before = seeds(&folder);
    // A line that a kill has torn is no seed: it is removed, and the seed worked on.
    fs::write(folder.path().join("seeds.jsonl"), format!("{before}{{\"seed\":3,\"squ")).expect("a torn line");
    let outcomes = read_outcomes::<Square>(&folder).expect("outcomes");
    assert_eq!(outcomes.keys().copied().collect::<Vec<_>>(), [1, 2]);
    assert!(seeds(&folder).ends_with("squ"), "whoever only reads changes nothing");
    assert_eq!(worked(&folder, 4, &Squares { never: None }), 2);
    assert_eq!(seeds(&folder), format!("{before}{{\"seed\":3,\"square\":9}}\n{{\"seed\":4,\"square\":16}}\n"));
    assert_eq!(read_metrics(&folder.metrics()).expect("metrics").last().map(|line| line.step), Some(200));
    // Everything is done: nothing is told.
    assert_eq!(worked(&folder, 4, &Squares { never: None }), 0);
}

#[test]
fn a_seed_that_was_stopped_is_not_recorded() {
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    worked(&folder, 3, &Squares { never: Some(2) });
    assert_eq!(read_outcomes::<Square>(&folder).expect("outcomes").keys().copied().collect::<Vec<_>>(), [1]);
}

#[test]
fn damage_that_is_not_at_the_end_is_told_with_its_line() {
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    let path = folder.path().join("seeds.jsonl");
    fs::write(&path, "{\"seed\":1,\"square\":1}\n{\"seed\":2}\n{\"seed\":3,\"square\":9}\n").expect("a file");
    let error = read_outcomes::<Square>(&folder).expect_err("line 2 has no square");
    assert!(matches!(&error, RecordError::Damaged { line: 2, .. }), "{error}");
    assert!(SeedLog::<Square>::open(&folder, STEPS, |_| Nobody).is_err(), "it is not gone on with");
    assert!(read_outcomes::<Square>(&folder).is_err(), "and nothing of it was repaired");
}

#[test]
fn a_run_without_a_seed_has_no_outcomes() {
    let runs = tempfile::tempdir().expect("a folder");
    assert_eq!(read_outcomes::<Square>(&folder(runs.path())).expect("none").len(), 0);
}
