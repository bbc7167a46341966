//! The training loop, seen by a training that writes down what is asked of it.

mod patience;
mod rates;
mod runner;

use std::f64::consts::PI;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use gridworld_numeracy::engine::Descent;
use gridworld_numeracy::run_context::RunContext;
use gridworld_numeracy::schedule::{LearningRate, Sparsity};
use gridworld_numeracy::training::{End, Rate, Schedule, Training, train};

/// Calls to a training, in their order.
#[derive(Clone, Debug, PartialEq)]
enum Asked {
    Evaluation(u64),
    Update(u64, Descent),
    Outcome(End),
}

/// A training that learns nothing, and ends where it is told to.
struct Diary<'a> {
    schedule: Schedule,
    /// Evaluation that ends the training.
    settles_at: Option<u64>,
    /// Update that ends the training.
    diverges_at: Option<u64>,
    /// Update during which the training is told to stop, and the flag that tells it.
    stopped_at: Option<(u64, &'a AtomicBool)>,
    asked: Vec<Asked>,
}

impl Training for Diary<'_> {
    type Outcome = Vec<Asked>;

    fn schedule(&self) -> Schedule {
        self.schedule.clone()
    }

    fn evaluate(&mut self, iteration: u64) -> ControlFlow<End> {
        self.asked.push(Asked::Evaluation(iteration));
        if self.settles_at == Some(iteration) { ControlFlow::Break(End::Converged) } else { ControlFlow::Continue(()) }
    }

    fn update(&mut self, iteration: u64, descent: &Descent) -> ControlFlow<End> {
        self.asked.push(Asked::Update(iteration, *descent));
        if let Some((_, stop)) = self.stopped_at.filter(|(at, _)| *at == iteration) {
            stop.store(true, Ordering::Relaxed);
        }
        if self.diverges_at == Some(iteration) {
            return ControlFlow::Break(End::Diverged { iteration });
        }
        ControlFlow::Continue(())
    }

    fn outcome(mut self, end: End) -> Vec<Asked> {
        self.asked.push(Asked::Outcome(end));
        self.asked
    }
}

fn diary(updates: u64, evaluate_every: u64, rate: Rate) -> Diary<'static> {
    let schedule = Schedule { updates, evaluate_every, rate, sparsity: Sparsity::NONE, clip: None };
    Diary { schedule, settles_at: None, diverges_at: None, stopped_at: None, asked: Vec::new() }
}

fn constant() -> Rate {
    Rate::Each(LearningRate::constant(0.5))
}

/// Gives the calls to a training that nobody stops.
fn asked(diary: Diary<'_>) -> Vec<Asked> {
    let (stop, done) = (AtomicBool::new(false), AtomicU32::new(0));
    train(diary, &RunContext::new(&stop, &done)).expect("nobody stops it")
}

fn evaluations(asked: &[Asked]) -> Vec<u64> {
    asked.iter().filter_map(|asked| if let Asked::Evaluation(at) = asked { Some(*at) } else { None }).collect()
}

fn descents(asked: &[Asked]) -> Vec<Descent> {
    asked.iter().filter_map(|asked| if let Asked::Update(_, descent) = asked { Some(*descent) } else { None }).collect()
}

#[test]
fn every_update_is_made_once_between_the_first_evaluation_and_the_last() {
    for (updates, every, expected) in [
        (7, 3, vec![0, 3, 6, 7]),
        (6, 3, vec![0, 3, 6]),
        (2, 5, vec![0, 2]),
        (1, 1, vec![0, 1]),
        // Nothing to learn: one look, which is the first and the last.
        (0, 5, vec![0]),
    ] {
        let asked = asked(diary(updates, every, constant()));
        assert_eq!(evaluations(&asked), expected, "{updates} updates");
        let made: Vec<u64> =
            asked.iter().filter_map(|asked| if let Asked::Update(at, _) = asked { Some(*at) } else { None }).collect();
        assert_eq!(made, (0..updates).collect::<Vec<_>>());
        assert_eq!(asked.last(), Some(&Asked::Outcome(End::Last)));
    }
}

#[test]
fn an_evaluation_is_of_the_updates_before_it() {
    let asked = asked(diary(4, 2, constant()));
    let order: Vec<String> = asked
        .iter()
        .map(|asked| match asked {
            Asked::Evaluation(at) => format!("e{at}"),
            Asked::Update(at, _) => format!("u{at}"),
            Asked::Outcome(_) => "end".to_owned(),
        })
        .collect();
    assert_eq!(order.join(" "), "e0 u0 u1 e2 u2 u3 e4 end");
}

#[test]
fn a_seed_that_has_settled_makes_no_more_updates() {
    let asked = asked(Diary { settles_at: Some(4), ..diary(1_000_000, 2, constant()) });
    assert_eq!(descents(&asked).len(), 4);
    assert_eq!(asked.last(), Some(&Asked::Outcome(End::Converged)));
    // At the last evaluation, too, it is said that it settled.
    let last = self::asked(Diary { settles_at: Some(6), ..diary(6, 2, constant()) });
    assert_eq!(last.last(), Some(&Asked::Outcome(End::Converged)));
}

#[test]
fn a_seed_that_diverged_is_not_looked_at_again() {
    let asked = asked(Diary { diverges_at: Some(5), ..diary(100, 3, constant()) });
    assert_eq!(evaluations(&asked), [0, 3]);
    assert_eq!(asked.last(), Some(&Asked::Outcome(End::Diverged { iteration: 5 })));
    assert_eq!(descents(&asked).len(), 6, "the update at which it diverged is the last");
}

#[test]
fn a_seed_that_is_told_to_stop_comes_to_nothing_at_the_next_evaluation() {
    let (stop, done) = (AtomicBool::new(false), AtomicU32::new(0));
    let stopped = Diary { stopped_at: Some((4, &stop)), ..diary(100, 3, constant()) };
    assert_eq!(train(stopped, &RunContext::new(&stop, &done)), None);
    // It was asked before updates 0, 3 and 6: 6 hundredths were done, of a thousand million parts.
    assert_eq!(done.load(Ordering::Relaxed), 60_000_000);
    // Where there is nothing left to do, it does not matter any more.
    stop.store(false, Ordering::Relaxed);
    let late = Diary { stopped_at: Some((5, &stop)), ..diary(6, 3, constant()) };
    assert!(train(late, &RunContext::new(&stop, &done)).is_some());
}

#[test]
fn the_rate_of_each_update_is_that_of_its_number() {
    // From 10⁻² to 10⁻⁴ over four updates, exponentially: a factor of √10 each.
    let rate = LearningRate::through(1e-2, [(4, 1e-4)]);
    let each = descents(&asked(diary(5, 2, Rate::Each(rate.clone()))));
    let expected = [-2.0, -2.5, -3.0, -3.5, -4.0].map(|power: f64| 10_f64.powf(power));
    assert!(each.iter().zip(expected).all(|(found, expected)| (found.rate / expected - 1.0).abs() < 1e-12), "{each:?}");
    // Held from evaluation to evaluation, at 0, 2 and 4.
    let held = descents(&asked(diary(5, 2, Rate::Held(rate))));
    let expected = [1e-2, 1e-2, 1e-3, 1e-3, 1e-4];
    assert!(held.iter().zip(expected).all(|(found, expected)| (found.rate / expected - 1.0).abs() < 1e-12), "{held:?}");
}

#[test]
fn a_cosine_falls_from_its_rate_to_nothing_after_other_updates() {
    let rate = Rate::Cosine { rate: 0.2, warm: 2, factor: 10.0 };
    let found = descents(&asked(diary(8, 8, rate)));
    assert_eq!([found[0].rate, found[1].rate], [2.0, 2.0], "ten times as great before it");
    // cos(π/2) = 0: half the rate in the middle; cos(3π/4) = −√½; the first of the cosine is at a quarter of the way.
    let half_root = 0.5_f64.sqrt();
    for (at, expected) in [(2, 0.1 * (1.0 + half_root)), (4, 0.1), (6, 0.1 * (1.0 - half_root))] {
        assert!((found[at].rate - expected).abs() < 1e-12, "{at}: {}", found[at].rate);
    }
    assert!(found[7].rate < 0.1 * (1.0 + (PI * 0.8).cos()) && found[7].rate > 0.0);
}

#[test]
fn the_regularizer_and_the_greatest_norm_come_with_each_update() {
    let mut diary = diary(8, 4, constant());
    diary.schedule.sparsity = Sparsity { weight: 3.0, ramp: (2, 6) };
    diary.schedule.clip = Some(1.5);
    let found = descents(&asked(diary));
    let weights: Vec<f64> = found.iter().map(|descent| descent.sparsity).collect();
    assert_eq!(weights, [0.0, 0.0, 0.0, 0.75, 1.5, 2.25, 3.0, 3.0]);
    assert!(found.iter().all(|descent| descent.clip == Some(1.5)));
}
