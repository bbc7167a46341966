//! The hundred checks in a row after which a seed has converged, and what interrupts them.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::engine::Row;
use gridworld_numeracy::run_context::RunContext;
use gridworld_numeracy::schedule::{LearningRate, Sparsity};
use gridworld_numeracy::tasks::{Outcome, Problem, Range, Rules, SeedTraining, StopRule};
use gridworld_numeracy::training::train;

/// Number of batches of a check, in each range.
const BATCHES: u32 = 79;

/// A problem whose results beyond the training range are infinite in some checks, counted from 0.
struct Broken<'a> {
    broken: &'a dyn Fn(u32) -> bool,
    asked: Cell<u32>,
    /// Set at this check, to stop the training.
    stop: Option<(u32, &'a AtomicBool)>,
}

impl Problem for Broken<'_> {
    fn targets(&self, x: &[Row<f32>], targets: &mut Row<f32>) {
        *targets = x[0];
        // Trained on 1 to 2, tested on 3 to 4.
        if x[0][0] < 3.0 {
            return;
        }
        let check = self.asked.get() / BATCHES;
        self.asked.set(self.asked.get() + 1);
        if (self.broken)(check) {
            targets.fill(f32::INFINITY);
        }
        if let Some((_, stop)) = self.stop.filter(|(at, _)| *at == check) {
            stop.store(true, Ordering::Relaxed);
        }
    }
}

/// Trains a weight that does not move, so that all checks have one error on the training range and the first of the last
/// hundred is chosen.
fn trained(broken: &dyn Fn(u32) -> bool, iterations: u64, stop: Option<u32>, until: StopRule) -> Option<Outcome> {
    let (stopped, done) = (AtomicBool::new(false), AtomicU32::new(0));
    let rate = LearningRate::constant(1e-30);
    let rules = Rules {
        iterations,
        learning_rate: &rate,
        sparsity: Sparsity::NONE,
        clip: None,
        interpolation: Range::new(1.0, 2.0),
        extrapolation: Range::new(3.0, 4.0),
        threshold: f64::INFINITY,
        until,
    };
    let problem = Broken { broken, asked: Cell::new(0), stop: stop.map(|at| (at, &stopped)) };
    let cells = vec![CellName::Nau.cell(1, 1)];
    train(SeedTraining::new(problem, rules, cells, 1), &RunContext::new(&stopped, &done))
}

#[test]
fn a_check_that_fails_begins_the_count_anew() {
    // Check 0 is the chosen one until it is older than the last hundred, at check 100: from there it takes a hundred.
    let outcome = trained(&|check| check == 0, 300_000, None, StopRule::Converged).expect("nobody stops it");
    assert_eq!((outcome.iterations, outcome.solved), (199_000, true));
    assert_eq!((outcome.chosen.iteration, outcome.solved_at), (100_000, Some(1000)));
    // A check that fails and is never chosen changes nothing.
    let outcome = trained(&|check| check == 7, 300_000, None, StopRule::Converged).expect("nobody stops it");
    assert_eq!((outcome.iterations, outcome.chosen.iteration, outcome.solved_at), (99_000, 0, Some(0)));
}

#[test]
fn a_seed_that_is_not_solved_in_the_end_was_never_solved() {
    // Check 1 fails and is the chosen one at the end: what was solved before it does not count.
    let outcome = trained(&|check| check == 1, 100_000, None, StopRule::Last).expect("nobody stops it");
    assert_eq!((outcome.iterations, outcome.chosen.iteration), (100_000, 1000));
    assert_eq!((outcome.solved, outcome.solved_at, outcome.chosen.extrapolation), (false, None, None));
    let patient = trained(&|_| true, 120_000, None, StopRule::Converged).expect("nobody stops it");
    assert_eq!((patient.iterations, patient.solved), (120_000, false), "patience ends with the updates");
}

#[test]
fn a_seed_that_is_stopped_has_no_outcome_unless_it_was_at_its_end() {
    assert!(trained(&|_| false, 5000, Some(2), StopRule::Last).is_none());
    assert!(trained(&|_| false, 5000, Some(5), StopRule::Last).is_some(), "the last check was the end");
    assert!(trained(&|_| false, 200_000, Some(99), StopRule::Converged).is_some(), "it had converged");
}
