//! Tests that seeds are independent of who works on them, and that the result of learning is known in advance.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::runner::{CrewError, Event, Experiment, work};
use gridworld_numeracy::tasks::static_arithmetic::{StaticArithmetic, StaticConfig};
use gridworld_numeracy::tasks::{Operation, Outcome};

fn addition(iterations: u64) -> StaticArithmetic {
    StaticArithmetic::new(StaticConfig::published(Operation::Add, CellName::Nau, iterations))
}

fn outcomes(experiment: &StaticArithmetic, seeds: &[u64], workers: usize) -> BTreeMap<u64, Outcome> {
    let mut outcomes = BTreeMap::new();
    let listen = |news| {
        if let Event::Finished { seed, outcome } = news {
            outcomes.insert(seed, outcome);
        }
        Ok::<(), Infallible>(())
    };
    work(experiment, seeds, workers, &AtomicBool::new(false), listen).expect("nothing can fail");
    outcomes
}

#[test]
fn outcomes_are_the_same_with_any_number_of_workers_in_any_order() {
    let experiment = addition(2000);
    let alone = outcomes(&experiment, &[1, 2, 3, 4, 5], 1);
    assert_eq!(alone.len(), 5);
    assert_eq!(outcomes(&experiment, &[5, 3, 1, 2, 4], 3), alone);
    assert_ne!(alone[&1].chosen, alone[&2].chosen);
}

#[test]
fn seeds_learn_to_add() {
    // Sixteen seeds needed 14,000 to 19,000 updates.
    for outcome in outcomes(&addition(40_000), &[1, 2, 3], 2).values() {
        assert!(outcome.solved, "{outcome:?}");
        assert!(outcome.solved_at.is_some_and(|at| at <= 40_000));
        assert!(outcome.curve[0].extrapolation > outcome.chosen.extrapolation);
    }
}

#[test]
fn workers_stop_when_they_are_told_to_or_nobody_listens() {
    let experiment = addition(1_000_000);
    let stop = AtomicBool::new(false);
    let stopped = work(&experiment, &[1, 2], 2, &stop, |news| {
        assert!(matches!(news, Event::Progress(done) if done < 2.0));
        stop.store(true, Ordering::Relaxed);
        Ok::<(), Infallible>(())
    });
    assert!(stopped.is_ok());
    let quick = addition(1000);
    let failed = work(&quick, &[1, 2, 3], 1, &AtomicBool::new(false), |_| Err("deaf"));
    assert!(matches!(failed, Err(CrewError::Listener("deaf"))), "{failed:?}");
    assert!(quick.scalars(&outcomes(&quick, &[1], 1)[&1]).len() >= 4);
}
