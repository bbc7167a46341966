//! Saving in the middle of an episode, and words that are no state.

use gridworld_envs::board::Action;
use gridworld_envs::conformance::equal;
use gridworld_envs::{Batch, Domain, Environment, Policy, RandomPolicy, Reward, StreamId};

use super::task;
use crate::training;

const ACTIONS: StreamId = StreamId { seed: 61, domain: Domain::Actions, index: 0 };

#[test]
fn goes_on_from_every_step_of_an_episode() {
    let task = task([3], Reward::Graded, 1);
    // Flashes at 2 and 5; the agent waits beside the target and enters at step 8.
    let action = |t: u32| if t == 8 { Action::Right } else { Action::Pass } as usize;
    for moment in 0..=8 {
        let mut environment = task.environment();
        environment.begin(6, 7, 3, 2);
        for t in 1..=moment {
            environment.step(action(t));
        }
        let mut restored = task.environment();
        restored.restore(&environment.save()).unwrap();
        assert_eq!(restored.info(), environment.info());
        for t in moment + 1..=8 {
            assert_eq!(restored.step(action(t)), environment.step(action(t)), "saved after {moment} steps, step {t}");
        }
        assert_eq!((restored.info(), restored.info().timing), (environment.info(), Some(3)));
    }
}

#[test]
fn an_environment_without_an_episode_is_restored_as_such() {
    let task = task([3], Reward::Graded, 1);
    let mut environment = task.environment();
    let none = environment.save();
    environment.begin(6, 7, 3, 2);
    environment.restore(&none).unwrap();
    assert_eq!((environment.save(), environment.info()), (vec![], Default::default()));
}

#[test]
fn a_batch_goes_on_from_any_moment() {
    let task = task(5..=12, Reward::Graded, 1);
    for moment in [0, 1, 5, 23, 180] {
        let mut batch = task.environments(9, training(62));
        let mut policy = RandomPolicy::new(5, ACTIONS);
        let mut row = [0; 9];
        for _ in 0..moment {
            policy.act(batch.observe(), &[false; 9], &mut row);
            batch.step(&row);
        }
        let mut again = task.environments(9, training(62));
        again.restore(&batch.save()).unwrap();
        if let Err(violation) = equal(&mut batch, &mut again, 300, ACTIONS) {
            panic!("after {moment} steps: {violation}");
        }
    }
}

#[test]
fn words_that_are_no_state_are_refused_and_change_nothing() {
    let mut environment = task(5..=12, Reward::Graded, 1).environment();
    environment.begin(6, 7, 5, 2);
    environment.step(Action::Pass as usize);
    let words = environment.save();
    assert_eq!(words, [6, 7, 5, 2, 1, 1, 0]);
    for (field, wrong) in [(0, 25), (1, 25), (2, 13), (2, 0), (3, 0), (3, 5), (4, 2), (5, 37), (6, 3)] {
        let mut changed = words.clone();
        changed[field] = wrong;
        let error = environment.restore(&changed).unwrap_err();
        assert!(error.to_string().starts_with("not a state of IntervalReproduction-v1: "), "{error}");
        assert_eq!(environment.save(), words, "field {field}");
    }
    for length in [1, 6] {
        assert!(environment.restore(&words[..length]).is_err());
    }
}
