//! Tests that counts and sums are learned, with the same result on any number of threads.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use gridworld_numeracy::runner::{Event, Experiment, work};
use gridworld_numeracy::tasks::digits::{
    Dataset, Digits, DigitsCell, DigitsConfig, DigitsOperation, DigitsOutcome, Labelled, Reference, Source,
};

use super::drawn;

fn experiment(operation: DigitsOperation, cell: DigitsCell, steps: u64) -> Digits {
    let labelled = |(pixels, labels)| Labelled { pixels, labels };
    let dataset = Dataset::new(labelled(drawn::digits(500, 1)), labelled(drawn::digits(200, 2)));
    let dataset = Arc::new(dataset);
    let digits = Source::new("drawn".into(), dataset.clone());
    let (learning_rate, sparsity, reference) = (3e-3, 0.1, None);
    let config = DigitsConfig {
        operation,
        cell,
        steps,
        batch: 8,
        length: operation.length(),
        learning_rate,
        sparsity,
        digits,
        reference,
    };
    Digits::new(config, dataset)
}

fn outcomes(experiment: &Digits, seeds: &[u64], workers: usize) -> BTreeMap<u64, DigitsOutcome> {
    let mut outcomes = BTreeMap::new();
    let worked = work(experiment, seeds, workers, &AtomicBool::new(false), |news| {
        if let Event::Finished { seed, outcome } = news {
            outcomes.insert(seed, outcome);
        }
        Ok::<(), Infallible>(())
    });
    worked.expect("the system gives threads");
    outcomes
}

#[test]
fn drawn_digits_are_counted_far_beyond_the_lengths_that_were_learned() {
    let outcome = &outcomes(&experiment(DigitsOperation::Count, DigitsCell::Counter, 600), &[1], 1)[&1];
    let [one, ten, hundred, thousand] = outcome.errors[..] else { panic!("four lengths") };
    assert_eq!([one, ten, hundred, thousand].map(|errors| errors.length), [1, 10, 100, 1000]);
    assert!(one.exact > 0.9, "{one:?}");
    // Of 1,000 digits 100 are of each class; a cell that forgets or explodes is off by those, or by more.
    assert!(thousand.mae.unwrap() < 30.0, "{thousand:?}");
    assert_eq!(outcome.sparsity, Some(0.0), "rounded weights are whole");
}

#[test]
fn drawn_digits_are_added() {
    let outcome = &outcomes(&experiment(DigitsOperation::Sum, DigitsCell::Counter, 600), &[1], 1)[&1];
    // Sums of ten have a deviation of 9.
    assert!(outcome.errors[1].mae.unwrap() < 4.0, "{:?}", outcome.errors);
    assert!(outcome.errors[3].mae.unwrap() < 450.0, "{:?}", outcome.errors);
}

#[test]
fn a_seed_is_the_same_beside_others() {
    for cell in [DigitsCell::Nau, DigitsCell::Lstm] {
        let experiment = experiment(DigitsOperation::Sum, cell, 30);
        let alone = outcomes(&experiment, &[1, 2, 3], 1);
        assert_eq!(outcomes(&experiment, &[3, 1, 2], 3), alone);
        assert_ne!(alone[&1], alone[&2]);
    }
}

#[test]
fn every_cell_answers_every_question_with_finite_numbers_after_a_few_updates() {
    for (operation, _) in DigitsOperation::ALL {
        for (cell, name) in DigitsCell::ALL {
            // A product of all that is read, asked for a sum, leaves every range soon.
            let multiplies = matches!(cell, DigitsCell::NacMul | DigitsCell::Nmu | DigitsCell::NmuRounded);
            if multiplies && operation != DigitsOperation::Product {
                continue;
            }
            let outcome = &outcomes(&experiment(operation, cell, 21), &[1], 1)[&1];
            assert_eq!(outcome.diverged_at, None, "{name}");
            assert!(outcome.errors[1].mse.is_some_and(f64::is_finite), "{name}: {:?}", outcome.errors);
            let arithmetic =
                !matches!(cell, DigitsCell::Perfect | DigitsCell::Lstm | DigitsCell::Gru | DigitsCell::Rnn);
            assert_eq!(outcome.sparsity.is_some(), arithmetic, "{name}");
        }
    }
}

#[test]
fn without_a_reference_no_seed_counts_as_solved() {
    let experiment = experiment(DigitsOperation::Sum, DigitsCell::Perfect, 21);
    let found = outcomes(&experiment, &[1, 2], 1);
    assert!(found.values().all(|outcome| !experiment.is_success(outcome)));
    let reference = Reference::new("itself".into(), found.values()).unwrap();
    // The threshold lies above the mean of two: one of them at least is below it.
    assert!(found.values().any(|outcome| reference.is_met_by(outcome)));
}
