//! Evaluations that play each start once, and those of a training.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

use gridworld_agents::AgentName;
use gridworld_agents::evaluation::{Choice, PolicyActor, Tally, evaluate_exactly, lanes_for, play_starts};
use gridworld_agents::training::{Tag, Trainer};
use gridworld_envs::{
    Domain, IntervalReproductionConfig, IntervalReproductionTask, StreamId, Task, TimedArrivalConfig, TimedArrivalTask,
};
use tch::Device;

use crate::fakes::Fake;
use crate::fakes::games::Recall;
use crate::fakes::observer::Keeper;

const STREAM: StreamId = StreamId { seed: 12, domain: Domain::Evaluation, index: 0 };

fn timed_arrival(t: u32, holdout: f64) -> TimedArrivalTask {
    TimedArrivalTask::new(TimedArrivalConfig { instructions: vec![t], holdout, ..Default::default() }).expect("a task")
}

fn oracle(task: &dyn Task, lanes: usize) -> PolicyActor {
    PolicyActor { policy: task.oracle(lanes).expect("an oracle"), lanes }
}

#[test]
fn each_start_is_played_once_however_many_lanes_there_are() {
    let task = timed_arrival(6, 0.0);
    for lanes in [1, 7, 200, 599, 600] {
        let mut ended: HashMap<usize, u32> = HashMap::new();
        let mut lengths: HashMap<usize, u32> = HashMap::new();
        play_starts(&task, &mut oracle(&task, lanes), 0..600, STREAM, |start, moment| {
            *lengths.entry(start).or_default() += 1;
            *ended.entry(start).or_default() += u32::from(moment.outcome.ends());
        })
        .expect("an evaluation");
        assert_eq!(ended.len(), 600, "{lanes} lanes");
        assert!(ended.values().all(|&count| count == 1), "{lanes} lanes");
        // The oracle arrives at step 6, or as soon as it can: 20 starts are 7 or 8 steps away.
        assert_eq!(lengths.values().filter(|&&length| length == 6).count(), 580, "{lanes} lanes");
        assert_eq!(lengths.values().sum::<u32>(), 580 * 6 + 16 * 7 + 4 * 8, "{lanes} lanes");
    }
}

#[test]
fn a_part_of_the_starts_is_played_alone() {
    let task = timed_arrival(6, 0.0);
    let mut seen = Vec::new();
    play_starts(&task, &mut oracle(&task, 8), 100..130, STREAM, |start, moment| {
        seen.extend(moment.outcome.ends().then_some(start));
    })
    .expect("an evaluation");
    seen.sort_unstable();
    assert_eq!(seen, (100..130).collect::<Vec<_>>());
}

#[test]
fn the_oracles_shares_are_exact() {
    // Placements at most T steps apart, of 600.
    for (t, feasible) in [(5, 540), (7, 596), (9, 600)] {
        let task = timed_arrival(t, 0.0);
        let exact = evaluate_exactly(&task, &mut oracle(&task, 200), STREAM).expect("an evaluation").expect("starts");
        let counts = |tally: &Tally| (tally.episodes, tally.successes, tally.feasible, tally.truncations);
        assert_eq!((counts(&exact.drawn), counts(&exact.held_out)), ((600, feasible, feasible, 0), (0, 0, 0, 0)));
    }
    let config = IntervalReproductionConfig { intervals: vec![4], ..Default::default() };
    let task = IntervalReproductionTask::new(config).expect("a task");
    let exact = evaluate_exactly(&task, &mut oracle(&task, 240), STREAM).expect("an evaluation").expect("starts");
    assert_eq!((exact.drawn.episodes, exact.drawn.successes), (2400, 2400));
}

#[test]
fn held_out_starts_are_counted_apart() {
    let task = timed_arrival(5, 0.25);
    let exact = evaluate_exactly(&task, &mut oracle(&task, 200), STREAM).expect("an evaluation").expect("starts");
    assert_eq!((exact.drawn.episodes, exact.held_out.episodes), (450, 150));
    assert_eq!(exact.drawn.feasible + exact.held_out.feasible, 540);
    assert!(exact.held_out.feasible > 0 && exact.held_out.successes == exact.held_out.feasible);
}

#[test]
fn a_task_that_cannot_enumerate_is_not_judged_exactly() {
    let task = Fake::new(Recall::new(0));
    let policy = Box::new(gridworld_envs::FixedPolicy::new(0));
    let mut actor = PolicyActor { policy, lanes: 4 };
    assert_eq!(evaluate_exactly(&task, &mut actor, STREAM).expect("no violation"), None);
    let violation = play_starts(&task, &mut actor, 0..4, STREAM, |_, _| ()).expect_err("no starts");
    assert!(violation.to_string().contains("starts cannot be enumerated"), "{violation}");
}

#[test]
fn lanes_divide_episodes_evenly() {
    for (episodes, lanes) in [(0, 1), (1, 1), (100, 100), (256, 256), (257, 129), (600, 200), (1000, 250), (2400, 240)]
    {
        assert_eq!(lanes_for(episodes), lanes, "{episodes}");
    }
}

/// The evaluations of a short training with a learning rate of zero, whose parameters never change, and their exact
/// success at each T.
fn evaluations(task: &dyn Task, episodes: Option<usize>, workers: usize) -> (Vec<Vec<(Tag, f64)>>, Vec<f64>) {
    let mut config = crate::fakes::config(AgentName::LstmNac);
    let training = &mut config.training;
    (training.steps, training.eval_interval, training.learning_rate) = (1_600, 400, 0.0);
    (training.eval_episodes, training.workers) = (episodes, workers);
    let interrupt = AtomicBool::new(false);
    let mut observer = Keeper::new(&interrupt);
    let mut trainer = Trainer::new(task, &config, Device::Cpu).expect("a training");
    trainer.run(&mut observer, &interrupt).expect("the end");
    let success = |&t: &u32| {
        let mut actor = trainer.actor(100, Choice::Greedy);
        let exact = evaluate_exactly(&*task.with_instruction(t), &mut actor, STREAM).expect("an evaluation");
        exact.expect("starts").drawn.success_of_feasible()
    };
    let of_evaluations = observer.records.iter().filter(|record| record.get(Tag::EvalSuccessTrain).is_some());
    let found = of_evaluations.map(|record| record.scalars.clone()).collect();
    (found, task.instructions().iter().map(success).collect())
}

#[test]
fn exact_evaluations_of_the_same_parameters_are_the_same() {
    let config = TimedArrivalConfig { instructions: vec![2, 5], ..Default::default() };
    let task = TimedArrivalTask::new(config).expect("a task");
    let (found, again) = evaluations(&task, None, 1);
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
    // Shares of 600 starts: of those that are feasible, 204 at T = 2 and 540 at T = 5; and one T beyond the range.
    let share = |tag: Tag| found[0].iter().find(|(other, _)| *other == tag).expect("a share").1;
    for (t, feasible) in [(2, 204.0), (5, 540.0)] {
        let successes = share(Tag::EvalSuccess(t)) * feasible;
        assert!((successes - successes.round()).abs() < 1e-9, "T = {t}: {successes} of {feasible}");
    }
    let all = (share(Tag::EvalSuccess(2)) * 204.0 + share(Tag::EvalSuccess(5)) * 540.0) / 744.0;
    assert!((share(Tag::EvalSuccessTrain) - all).abs() < 1e-12);
    assert_eq!([2, 5].map(|t| share(Tag::EvalSuccess(t))).to_vec(), again);
    // Several threads that share the work come to the same.
    let (found, again) = evaluations(&task, None, 3);
    assert!(found.iter().all(|one| *one == found[0]), "{found:?}");
    let shares: Vec<f64> = found[0].iter().take(2).map(|(_, share)| *share).collect();
    assert_eq!(shares, again);
}

#[test]
fn sampled_evaluations_draw_other_episodes_each_time() {
    let config = TimedArrivalConfig { instructions: vec![2, 3, 4, 5, 6], ..Default::default() };
    let task = TimedArrivalTask::new(config).expect("a task");
    let (found, _) = evaluations(&task, Some(40), 1);
    assert_eq!(found.len(), 4);
    assert!(found.iter().any(|one| *one != found[0]), "{found:?}");
}
