//! The vectorized implementation against the reference implementation, lane by lane and to the bit, from any moment on.

use gridworld_envs::conformance::{Rule, equal};
use gridworld_envs::{
    Batch, BatchOf, Domain, Policy, RandomPolicy, Reward, StreamId, TimedArrival, TimedArrivalConfig, TimedArrivalTask,
};

use crate::{task, training};

fn tasks() -> Vec<TimedArrivalTask> {
    let tight = TimedArrivalConfig {
        instructions: vec![1, 2, 3],
        time_limit: Some(3),
        reward: Reward::Graded,
        ..Default::default()
    };
    let single =
        TimedArrivalConfig { instructions: vec![1], time_limit: Some(1), reward: Reward::Exact, ..Default::default() };
    vec![
        task(5..=12, Reward::Graded),
        task(5..=12, Reward::Exact),
        task([300], Reward::Graded),
        TimedArrivalTask::new(tight).unwrap(),
        TimedArrivalTask::new(single).unwrap(),
    ]
}

fn plain(task: &TimedArrivalTask, lanes: usize, stream: StreamId) -> BatchOf<TimedArrival> {
    BatchOf::new(lanes, stream, || task.environment())
}

fn actions(seed: u64) -> StreamId {
    StreamId { seed, domain: Domain::Actions, index: 0 }
}

/// Plays random actions for some steps.
fn advance(batch: &mut dyn Batch, steps: usize, seed: u64) {
    let mut policy = RandomPolicy::new(5, actions(seed));
    let mut row = vec![0; batch.lanes()];
    let first = vec![false; batch.lanes()];
    for _ in 0..steps {
        policy.act(batch.observe(), &first, &mut row);
        batch.step(&row);
    }
}

#[test]
fn the_fast_form_plays_as_the_plain_one() {
    let mut compared = 0;
    for task in tasks() {
        for (lanes, seed) in [(1, 21), (7, 22), (64, 23)] {
            let stream = training(seed);
            let (mut fast, mut plain) = (task.environments(lanes, stream), plain(&task, lanes, stream));
            if let Err(violation) = equal(&mut fast, &mut plain, 1500, actions(seed)) {
                panic!("{lanes} lanes, seed {seed}, {task:?}: {violation}");
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 15);
}

#[test]
fn both_forms_go_on_from_any_moment() {
    let mut compared = 0;
    for task in tasks() {
        for moment in [0, 1, 2, 3, 11, 50, 333] {
            let stream = training(31);
            let (mut fast, mut plain_form) = (task.environments(9, stream), plain(&task, 9, stream));
            advance(&mut fast, moment, 32);
            advance(&mut plain_form, moment, 32);
            let (mut fast_again, mut plain_again) = (task.environments(9, stream), plain(&task, 9, stream));
            fast_again.restore(&fast.save()).unwrap();
            plain_again.restore(&plain_form.save()).unwrap();
            for pair in
                [(&mut fast as &mut dyn Batch, &mut fast_again as &mut dyn Batch), (&mut plain_form, &mut plain_again)]
            {
                if let Err(violation) = equal(pair.0, pair.1, 200, actions(33)) {
                    panic!("seed 31, after {moment} steps, {task:?}: {violation}");
                }
                compared += 1;
            }
            // All four were played alike, so any two are still equal.
            equal(&mut fast_again, &mut plain_again, 200, actions(34)).unwrap();
        }
    }
    assert_eq!(compared, 70);
}

#[test]
fn a_difference_is_found() {
    let stream = training(41);
    let (mut graded, mut exact) = (task([5], Reward::Graded).environments(4, stream), task([5], Reward::Exact));
    let violation = equal(&mut graded, &mut exact.environments(4, stream), 200, actions(1)).unwrap_err();
    assert_eq!(violation.rule, Rule::Equality);
    exact = task([5], Reward::Graded);
    let violation = equal(&mut exact.environments(4, stream), &mut exact.environments(5, stream), 1, actions(1));
    assert_eq!(violation.unwrap_err().rule, Rule::Equality);
}

#[test]
fn words_that_are_no_state_are_refused_and_change_nothing() {
    let task = task(5..=12, Reward::Graded);
    let mut batch = task.environments(3, training(51));
    advance(&mut batch, 6, 52);
    let words = batch.save();
    // agent, target, T, feasible, time, episode: values that none of them can have.
    for (field, wrong) in [(0, 25), (1, 25), (1, words[6]), (2, 13), (3, 2), (4, 20), (5, 1 << 40)] {
        let mut changed = words.clone();
        changed[6 + field] = wrong;
        let error = batch.restore(&changed).unwrap_err();
        assert!(error.to_string().starts_with("not a state of TimedArrival-v1: lane 1:"), "{error}");
        assert_eq!(batch.save(), words, "field {field}");
    }
    let mut plain = plain(&task, 3, training(51));
    advance(&mut plain, 6, 52);
    let words = plain.save();
    // How many words, episode, time, frame and instruction of the lane, and then six of its own.
    for (field, wrong) in [(0, 5), (1, 1 << 40), (2, 1 << 32), (4, 1 << 32), (5, 25), (6, 25), (7, 13), (8, 2), (10, 3)]
    {
        let mut changed = words.clone();
        changed[11 + field] = wrong;
        assert!(plain.restore(&changed).is_err(), "field {field}");
    }
    plain.restore(&words).unwrap();
    assert_eq!(plain.save(), words);
}

#[test]
#[should_panic(expected = "lane 3: action 7: there are 5")]
fn the_fast_form_names_the_lane_and_the_action_out_of_range() {
    task([5], Reward::Graded).environments(5, training(1)).step(&[0, 1, 4, 7, 9]);
}

#[test]
#[should_panic(expected = "lane 3: action 7: there are 5")]
fn the_plain_form_names_the_lane_and_the_action_out_of_range() {
    plain(&task([5], Reward::Graded), 5, training(1)).step(&[0, 1, 4, 7, 9]);
}

#[test]
#[should_panic(expected = "one action a lane")]
fn too_few_actions_panic() {
    task([5], Reward::Graded).environments(5, training(1)).step(&[0; 4]);
}
