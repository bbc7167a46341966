//! Enumerated starts, and those that are held out.

use std::collections::HashSet;

use gridworld_envs::{
    Batch, Domain, Environment, FrameKey, IntervalReproductionConfig, IntervalReproductionTask, Outcome, Policy,
    Reward, StreamId, Task, TimedArrivalConfig, TimedArrivalTask,
};

use crate::{task, training};

/// A task of timed arrival with one T that holds out this share.
fn held_out(share: f64) -> TimedArrivalTask {
    let config = TimedArrivalConfig { instructions: vec![7], holdout: share, ..Default::default() };
    TimedArrivalTask::new(config).expect("a share")
}

/// First observations of all starts: the images' keys and the instructions.
fn shown(task: &dyn Task) -> Vec<(FrameKey, f32)> {
    let count = task.starts().expect("few starts");
    let batch = task.batch_of_starts(0..count, training(1));
    let shown = batch.observe();
    shown.frames.iter().copied().zip(shown.instructions.iter().copied()).collect()
}

#[test]
fn every_placement_begins_once_with_each_t() {
    let task = task([5, 9], Reward::Graded);
    let starts = shown(&task);
    assert_eq!((starts.len(), starts.iter().map(|(key, _)| key).collect::<HashSet<_>>().len()), (1200, 600));
    let of = |t: f32| starts.iter().filter(|&&(_, told)| told == t).map(|&(key, _)| key).collect::<HashSet<_>>();
    assert_eq!((of(5.0).len(), of(9.0)), (600, of(5.0)));
    // The cells of keys: agent and target differ, and all other pairs are there.
    let mut environment = task.environment();
    let begun: HashSet<FrameKey> = (0..25)
        .flat_map(|agent| (0..25).map(move |target| (agent, target)))
        .filter(|(agent, target)| agent != target)
        .map(|(agent, target)| environment.begin(agent, target, 5).frame)
        .collect();
    assert_eq!(begun, of(5.0));
}

#[test]
fn a_part_of_the_starts_is_that_part_of_all() {
    let task = task([5, 9], Reward::Graded);
    let batch = task.batch_of_starts(590..620, training(3));
    let part: Vec<(FrameKey, f32)> =
        batch.observe().frames.iter().copied().zip(batch.observe().instructions.iter().copied()).collect();
    assert_eq!(part, shown(&task)[590..620]);
}

/// Plays all starts with the oracle: the numbers of feasible and of successful first episodes.
fn oracle(task: &dyn Task) -> (usize, usize) {
    let count = task.starts().expect("few starts");
    let mut batch = task.batch_of_starts(0..count, training(1));
    let mut oracle = task.oracle(count).expect("an oracle");
    let (mut first, mut actions) = (vec![true; count], vec![0; count]);
    let mut verdicts = vec![None; count];
    while verdicts.iter().any(Option::is_none) {
        oracle.act(batch.observe(), &first, &mut actions);
        let transitions = batch.step(&actions);
        for (lane, verdict) in verdicts.iter_mut().enumerate() {
            first[lane] = transitions.outcomes[lane].ends();
            if first[lane] {
                verdict.get_or_insert(transitions.infos[lane]);
            }
        }
    }
    let infos = || verdicts.iter().flatten();
    (infos().filter(|info| info.feasible).count(), infos().filter(|info| info.success).count())
}

#[test]
fn the_oracle_succeeds_from_each_feasible_start() {
    // As many of 600 placements as are at most T steps apart.
    for (t, feasible) in [(1, 80), (5, 540), (6, 580), (7, 596), (8, 600), (12, 600)] {
        assert_eq!(oracle(&task([t], Reward::Exact)), (feasible, feasible), "T = {t}");
    }
    let config = IntervalReproductionConfig { intervals: vec![3], ..Default::default() };
    let (feasible, on_time) = oracle(&IntervalReproductionTask::new(config).expect("a task"));
    assert_eq!((feasible, on_time), (2400, 2400));
}

#[test]
fn every_wait_of_an_interval_begins_with_each_placement() {
    let config = IntervalReproductionConfig { intervals: vec![4, 6], ..Default::default() };
    let task = IntervalReproductionTask::new(config).expect("a task");
    let count = task.starts().expect("few starts");
    assert_eq!(count, 600 * IntervalReproductionTask::MAX_WAIT as usize * 2);
    // All starts of one placement show the same image first: they differ in the steps at which the image shows a flash.
    let mut batch = task.batch_of_starts(0..count, training(1));
    let mut course: Vec<Vec<FrameKey>> = batch.observe().frames.iter().map(|&key| vec![key]).collect();
    for _ in 0..IntervalReproductionTask::MAX_WAIT + 6 {
        let transitions = batch.step(&vec![4; count]);
        course.iter_mut().zip(transitions.finals.frames).for_each(|(course, &key)| course.push(key));
    }
    assert_eq!(course.iter().map(|course| course[0]).collect::<HashSet<_>>().len(), 600);
    assert_eq!(course.into_iter().collect::<HashSet<_>>().len(), count);
}

#[test]
fn held_out_placements_are_never_drawn_and_all_others_are() {
    for (share, count) in [(0.0, 0), (0.1, 60), (0.2, 120), (0.999, 599)] {
        let task = held_out(share);
        let all = shown(&task);
        let apart: HashSet<FrameKey> =
            (0..600).filter(|&start| task.is_held_out(start)).map(|start| all[start].0).collect();
        assert_eq!(apart.len(), count, "{share}");
        for domain in [Domain::Training, Domain::Validation, Domain::Evaluation] {
            let batch = task.environments(20_000, StreamId { domain, ..training(5) });
            let drawn: HashSet<FrameKey> = batch.observe().frames.iter().copied().collect();
            assert!(drawn.is_disjoint(&apart), "{share}");
            assert_eq!(drawn.len() + count, 600, "{share}");
        }
        let single = task.try_with_instruction(9).expect("a T");
        assert!((0..600).all(|start| single.is_held_out(start) == task.is_held_out(start)), "{share}");
    }
}

#[test]
fn a_larger_holdout_has_all_of_a_smaller_one() {
    let (small, large) = (held_out(0.1), held_out(0.3));
    assert!((0..600).all(|start| large.is_held_out(start) || !small.is_held_out(start)));
    // Shares are rounded: one placement in a hundred is six.
    let count = |share: f64| (0..600).filter(|&start| held_out(share).is_held_out(start)).count();
    assert_eq!([0.0008, 0.0009, 0.01].map(count), [0, 1, 6]);
}

#[test]
fn plain_and_fast_forms_draw_the_same_with_a_holdout() {
    let task = held_out(0.25);
    let mut plain = task.environment();
    let fast = task.environments(50, training(8));
    for lane in 0..50 {
        let begun = plain.reset(&mut gridworld_envs::Stream::new(training(8), lane, 0));
        assert_eq!(begun.frame, fast.observe().frames[lane as usize]);
    }
}

#[test]
fn a_start_goes_on_like_the_plain_form_from_there() {
    let task = task([6], Reward::Graded);
    let mut batch = task.batch_of_starts(0..600, training(1));
    let keys = batch.observe().frames.to_vec();
    let mut plain: Vec<_> = keys
        .iter()
        .map(|key| {
            let mut environment = task.environment();
            environment.begin((key.0 / 25) as u8, (key.0 % 25) as u8, 6);
            Some(environment)
        })
        .collect();
    for step in 0..14_u8 {
        let actions: Vec<u8> = (0..600_u16).map(|lane| ((lane + 7 * u16::from(step)) % 5) as u8).collect();
        let transitions = batch.step(&actions);
        for (lane, environment) in plain.iter_mut().enumerate() {
            let Some(running) = environment else { continue };
            let expected = running.step(usize::from(actions[lane]));
            assert_eq!((expected.reward, expected.outcome), (transitions.rewards[lane], transitions.outcomes[lane]));
            assert_eq!(expected.observation.frame, transitions.finals.frames[lane]);
            if expected.outcome != Outcome::Running {
                *environment = None;
            }
        }
    }
    assert!(plain.iter().all(Option::is_none), "the time limit is 14");
}

#[test]
fn a_holdout_is_a_share_that_leaves_something() {
    for share in [-0.1, 1.0, 1.5, f64::NAN] {
        let config = TimedArrivalConfig { holdout: share, ..Default::default() };
        let error = TimedArrivalTask::new(config).expect_err("no share").to_string();
        assert!(error.contains("must be at least 0 and less than 1"), "{error}");
        let config = IntervalReproductionConfig { holdout: share, ..Default::default() };
        assert!(IntervalReproductionTask::new(config).is_err(), "{share}");
    }
}

#[test]
#[should_panic(expected = "starts cannot be enumerated")]
fn a_task_without_starts_cannot_play_them() {
    let _ = crate::snow::task().batch_of_starts(0..1, training(1));
}
