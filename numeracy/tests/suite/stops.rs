//! Tests of a training's early end, and of the check by which a seed is judged (Madsen & Johansen 2020, appendix C.2).

use std::sync::atomic::{AtomicBool, AtomicU32};

use gridworld_numeracy::cells::{Cell, CellName};
use gridworld_numeracy::engine::Row;
use gridworld_numeracy::run_context::RunContext;
use gridworld_numeracy::schedule::{LearningRate, Sparsity};
use gridworld_numeracy::tasks::{Outcome, Problem, Range, Rules, SeedTraining, StopRule};
use gridworld_numeracy::training::train;

/// Problem whose result is the first input, which a single weight of 1 finds.
struct First;

impl Problem for First {
    fn targets(&self, x: &[Row<f32>], targets: &mut Row<f32>) {
        *targets = x[0];
    }
}

/// Makes rules under which every check counts as solved, as no finite error is above infinity.
fn rules(rate: &LearningRate, iterations: u64, sparsity: Sparsity) -> Rules<'_> {
    Rules {
        iterations,
        learning_rate: rate,
        sparsity,
        clip: None,
        interpolation: Range::new(1.0, 2.0),
        extrapolation: Range::new(2.0, 6.0),
        threshold: f64::INFINITY,
        until: StopRule::Converged,
    }
}

fn trained(rules: Rules<'_>) -> Outcome {
    let cells: Vec<Box<dyn Cell<f32>>> = vec![CellName::Nau.cell(1, 1)];
    let (stop, done) = (AtomicBool::new(false), AtomicU32::new(0));
    train(SeedTraining::new(First, rules, cells, 1), &RunContext::new(&stop, &done)).expect("nobody stops it")
}

#[test]
fn a_seed_settles_after_a_hundred_checks_in_a_row() {
    let rate = LearningRate::constant(1e-3);
    let outcome = trained(rules(&rate, 200_000, Sparsity::NONE));
    // Checks are a thousand updates apart, the first before any: the hundredth is after 99,000.
    assert_eq!((outcome.solved, outcome.iterations, outcome.solved_at), (true, 99_000, Some(0)));
    assert_eq!(outcome.curve.len(), 50, "every second check is kept");
    assert_eq!((outcome.curve[0].iteration, outcome.curve[1].iteration), (0, 2000));
}

#[test]
fn no_check_counts_before_the_regularizer_has_its_full_weight() {
    let rate = LearningRate::constant(1e-3);
    let outcome = trained(rules(&rate, 300_000, Sparsity { weight: 0.01, ramp: (0, 20_500) }));
    // The first that counts is that after 21,000 updates; the weight is 1 long before.
    assert_eq!(outcome.iterations, 21_000 + 99_000);
    assert!(outcome.chosen.sparsity < 1e-3, "{outcome:?}");
}

#[test]
fn weights_that_are_not_whole_keep_a_regularized_seed_from_settling() {
    // A step size that moves nothing: the weight stays where it begins, between 0 and 1.
    let rate = LearningRate::constant(1e-30);
    let outcome = trained(rules(&rate, 110_000, Sparsity { weight: 1e-9, ramp: (0, 1) }));
    assert!(outcome.chosen.sparsity > 1e-3, "{outcome:?}");
    assert_eq!(outcome.iterations, 110_000);
}

#[test]
fn a_seed_that_is_to_make_all_updates_does() {
    let rate = LearningRate::constant(1e-3);
    let all = Rules { until: StopRule::Last, ..rules(&rate, 101_500, Sparsity::NONE) };
    let outcome = trained(all);
    assert_eq!(outcome.iterations, 101_500, "the last check is after the last update, wherever that is");
}

#[test]
fn an_error_that_is_no_number_ends_a_seed_at_its_first_check() {
    let rate = LearningRate::constant(1e-3);
    /// Problem that no network can learn.
    struct Endless;
    impl Problem for Endless {
        fn targets(&self, _x: &[Row<f32>], targets: &mut Row<f32>) {
            targets.fill(f32::INFINITY);
        }
    }
    let (stop, done) = (AtomicBool::new(false), AtomicU32::new(0));
    let cells = || -> Vec<Box<dyn Cell<f32>>> { vec![CellName::Nau.cell(1, 1)] };
    let run = |rules| {
        let trial = SeedTraining::new(Endless, rules, cells(), 1);
        train(trial, &RunContext::new(&stop, &done)).expect("nobody stops it")
    };
    let outcome = run(rules(&rate, 50_000, Sparsity::NONE));
    assert_eq!((outcome.iterations, outcome.solved, outcome.chosen.interpolation), (0, false, None));
    // Whoever asks for all updates gets them.
    let outcome = run(Rules { until: StopRule::Last, ..rules(&rate, 2500, Sparsity::NONE) });
    assert_eq!((outcome.iterations, outcome.solved_at), (2500, None));
}

#[test]
fn a_seed_is_solved_where_its_error_passes_the_threshold() {
    let rate = LearningRate::constant(1e-3);
    let outcome = trained(Rules { threshold: 1e-6, ..rules(&rate, 30_000, Sparsity::NONE) });
    assert!(outcome.solved && outcome.solved_at.is_some_and(|at| at > 0), "{outcome:?}");
    assert!(outcome.curve[0].extrapolation.is_some_and(|error| error > 1e-6), "{outcome:?}");
    let impossible = trained(Rules { threshold: 0.0, ..rules(&rate, 3000, Sparsity::NONE) });
    assert_eq!((impossible.solved, impossible.solved_at), (false, None));
}
