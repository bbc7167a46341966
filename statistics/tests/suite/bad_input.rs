//! Tests that bad matrices of scores, bootstraps and comparisons are errors that say so.

use gridworld_statistics::StatisticsError::{self, *};
use gridworld_statistics::{Bootstrap, Scores, improvement};

use crate::{scores, seeded};

#[test]
fn matrices_are_full_and_finite() {
    let nothing: [[f64; 2]; 0] = [];
    assert_eq!(Scores::new(&nothing), Err(NoRuns));
    assert_eq!(Scores::new(&[[], []]), Err(NoTasks));
    assert_eq!(Scores::new(&[vec![1.0, 2.0], vec![1.0]]), Err(Ragged { run: 1, found: 1, expected: 2 }));
    assert_eq!(Scores::new(&[vec![1.0], vec![1.0], vec![]]), Err(Ragged { run: 2, found: 0, expected: 1 }));
    for value in [f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Scores::new(&[[0.0, 1.0], [0.0, value]]), Err(NotFinite { run: 1, task: 1, value }));
    }
    // NaN does not equal itself.
    let found = Scores::new(&[[f64::NAN, 1.0]]).map_err(|error| error.to_string());
    assert_eq!(found, Err("the score of run 0 on task 0 is NaN, which is no finite number".into()));
    let full = scores(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!((full.runs(), full.tasks(), full.values()), (2, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0][..]));
}

#[test]
fn bootstraps_repeat_and_are_confident() {
    assert_eq!(Bootstrap::new(0, 0.95), Err(NoRepetitions));
    for confidence in [0.0, 1.0, -0.5, 95.0, f64::INFINITY] {
        assert_eq!(Bootstrap::new(10, confidence), Err(Confidence { confidence }));
    }
    assert!(matches!(Bootstrap::new(10, f64::NAN), Err(Confidence { .. })));
    assert_eq!(Bootstrap::new(50_000, 0.95), Ok(Bootstrap::default()));
    let other = Bootstrap::new(7, 0.5).expect("a bootstrap");
    assert_eq!((other.repetitions(), other.confidence()), (7, 0.5));
}

#[test]
fn comparisons_are_on_the_same_tasks() {
    let (x, y) = (scores(&[[1.0, 2.0]]), scores(&[[1.0, 2.0, 3.0]]));
    let expected: StatisticsError = DifferentTasks { x: 2, y: 3 };
    assert_eq!(improvement(&x, &y), Err(expected));
    assert_eq!(Bootstrap::default().improvement(&x, &y, &mut seeded(1)), Err(expected));
}
