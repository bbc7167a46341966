//! Episodes played to be counted: as many as were asked for, none chosen for being short, and
//! what is counted in them.

use std::sync::Arc;

use gridworld_agents::evaluation::{
    Actor, AgentActor, Choice, IntervenedActor, Intervention, PolicyActor, StepRecord, Tally, evaluate, play,
    record_episodes,
};
use gridworld_agents::{AgentName, Model};
use gridworld_envs::{Batch, Domain, Observations, Policy, Stream, StreamId, Task};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use tch::{Device, Tensor};

use crate::fakes::Fake;
use crate::fakes::games::{Lengths, Recall};

const STREAM: StreamId = StreamId { seed: 91, domain: Domain::Evaluation, index: 3 };

/// Always goes left, and notes how often it was told of an episode's beginning.
struct Left {
    lanes: usize,
    beginnings: Vec<u32>,
    steps: Vec<u32>,
}

impl Left {
    fn new(lanes: usize) -> Left {
        Left { lanes, beginnings: vec![0; lanes], steps: vec![0; lanes] }
    }
}

impl Actor for Left {
    fn lanes(&self) -> usize {
        self.lanes
    }

    fn act(&mut self, batch: &dyn Batch, first: &[bool], actions: &mut [u8]) {
        assert_eq!((batch.lanes(), first.len(), actions.len()), (self.lanes, self.lanes, self.lanes));
        for (lane, &first) in first.iter().enumerate() {
            // A lane of this game begins where its picture shows time 0.
            assert_eq!(first, batch.observe().frames[lane].0 == 0, "lane {lane}");
            self.beginnings[lane] += u32::from(first);
            self.steps[lane] += 1;
        }
        actions.fill(0);
    }
}

/// Counts the results of the episodes of [`Lengths`] from the numbers that they are drawn from.
fn counted(lanes: usize, episodes: usize, stream: StreamId) -> Tally {
    let mut tally = Tally::default();
    for lane in 0..lanes {
        let quota = episodes / lanes + usize::from(lane < episodes % lanes);
        for episode in 0..quota {
            let length = Lengths::drawn(&mut Stream::new(stream, lane as u32, episode as u64));
            tally.episodes += 1;
            tally.successes += u64::from(length == 2);
            tally.feasible += u64::from(length >= 2);
            if length <= 3 {
                tally.arrivals += 1;
                // The time that this game judges is how far its length is from 2.
                let timing = length as f64 - 2.0;
                tally.timed += 1;
                tally.timings.0 += timing;
                tally.timings.1 += timing * timing;
            } else {
                tally.truncations += 1;
            }
            tally.reward += [1.0, 3.0, 6.0, 6.0][length as usize - 1];
        }
    }
    tally
}

#[test]
fn as_many_episodes_are_reported_as_were_asked_for() {
    let task = Fake::new(Lengths);
    for (lanes, episodes) in [(1, 1), (1, 7), (4, 100), (7, 100), (10, 3), (64, 64), (64, 65), (5, 0)] {
        let tally = evaluate(&task, &mut Left::new(lanes), episodes, STREAM).expect("an evaluation");
        assert_eq!(tally.episodes, episodes as u64, "{lanes} lanes");
        assert_eq!(tally.arrivals + tally.truncations, tally.episodes, "{lanes} lanes");
        assert_eq!(tally, counted(lanes, episodes, STREAM), "{lanes} lanes, {episodes} episodes");
    }
}

#[test]
fn all_kinds_of_episodes_are_counted() {
    let tally = evaluate(&Fake::new(Lengths), &mut Left::new(16), 4_000, STREAM).expect("an evaluation");
    for (count, share) in
        [(tally.successes, 0.25), (tally.feasible, 0.75), (tally.arrivals, 0.75), (tally.truncations, 0.25)]
    {
        let found = count as f64 / 4e3;
        assert!((found - share).abs() < 0.03, "{STREAM:?}: {found}, not {share}: {tally:?}");
    }
    assert!((tally.success() - 0.25).abs() < 0.03);
    assert!((tally.success_of_feasible() - 1.0 / 3.0).abs() < 0.03);
    let (mean, deviation) = tally.timing().expect("some ended");
    // −1, 0 and 1, equally often: variance 2/3.
    assert!(mean.abs() < 0.05 && (deviation - (2_f64 / 3.0).sqrt()).abs() < 0.03, "{mean} ± {deviation}");
}

#[test]
fn actors_hear_of_every_beginning() {
    let mut actor = Left::new(6);
    evaluate(&Fake::new(Lengths), &mut actor, 60, STREAM).expect("an evaluation");
    for lane in 0..6 {
        assert!(actor.beginnings[lane] >= 10 && actor.steps[lane] > actor.beginnings[lane], "lane {lane}");
    }
}

#[test]
fn every_step_of_every_episode_is_told_in_order() {
    let (lanes, episodes) = (7, 100);
    let mut told = vec![Vec::new(); lanes];
    let mut last = None;
    play(&Fake::new(Lengths), &mut Left::new(lanes), episodes, STREAM, |moment| {
        assert_eq!(moment.action, 0);
        // Time after time, and at each time lane after lane.
        let at = (told[moment.lane].len(), moment.lane);
        assert!(last.is_none_or(|last| last < at), "{at:?} after {last:?}");
        last = Some(at);
        told[moment.lane].push((moment.frame.0, moment.outcome.ends()));
    })
    .expect("an evaluation");
    for (lane, told) in told.iter().enumerate() {
        let quota = episodes / lanes + usize::from(lane < episodes % lanes);
        let expected: Vec<(u64, bool)> = (0..quota as u64)
            .flat_map(|episode| {
                let length = Lengths::drawn(&mut Stream::new(STREAM, lane as u32, episode));
                // The game's picture shows the time, and a game is cut short at 3.
                (0..length.min(3)).map(move |t| (t, t + 1 == length.min(3)))
            })
            .collect();
        assert_eq!(*told, expected, "lane {lane}");
    }
}

#[test]
fn streams_decide_on_the_episodes() {
    let task = Fake::new(Lengths);
    let play = |stream| evaluate(&task, &mut Left::new(8), 200, stream).expect("an evaluation");
    assert_eq!(play(STREAM), play(STREAM));
    for other in [
        StreamId { seed: 92, ..STREAM },
        StreamId { index: 4, ..STREAM },
        StreamId { domain: Domain::Validation, ..STREAM },
        StreamId { domain: Domain::Training, ..STREAM },
    ] {
        assert_ne!(play(STREAM), play(other), "{other:?}");
    }
}

/// Knows the cue, which is all that there is to [`Recall`] without delay.
struct Knowing;

impl Policy for Knowing {
    fn act(&mut self, observations: Observations<'_>, _first: &[bool], actions: &mut [u8]) {
        for (frame, action) in observations.frames.iter().zip(actions) {
            *action = u8::from(frame.0 == 0b1000_1000);
        }
    }
}

#[test]
fn policies_are_evaluated_like_agents() {
    let mut actor = PolicyActor { policy: Box::new(Knowing), lanes: 7 };
    let tally = evaluate(&Fake::new(Recall::new(0)), &mut actor, 50, STREAM).expect("an evaluation");
    let expected = Tally {
        episodes: 50,
        successes: 50,
        feasible: 50,
        arrivals: 50,
        truncations: 0,
        timed: 0,
        timings: (0.0, 0.0),
        reward: 50.0,
    };
    assert_eq!(tally, expected);
}

#[test]
fn agents_are_evaluated_as_their_choice_says() {
    let task = Fake::new(Recall::new(1));
    let model = Arc::new(Model::new(&crate::fakes::config(AgentName::LstmNac).model, &task.spec()));
    let parameters = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(93)));
    let play = |choice| {
        let mut actor = AgentActor::new(&model, &parameters, 9, Device::Cpu, choice);
        evaluate(&task, &mut actor, 100, STREAM).expect("an evaluation")
    };
    let draws = |index| Choice::Sample(StreamId { seed: 94, domain: Domain::Actions, index });
    assert_eq!(play(Choice::Greedy), play(Choice::Greedy));
    assert_eq!(play(draws(0)), play(draws(0)));
    assert!((1..5).any(|index| play(draws(index)) != play(draws(0))), "streams draw alike");
    for choice in [Choice::Greedy, draws(0)] {
        assert_eq!(play(choice).episodes, 100);
    }
}

#[test]
fn one_actor_plays_one_task_after_another() {
    let task = Fake::new(Recall::new(1));
    let model = Arc::new(Model::new(&crate::fakes::config(AgentName::LstmNac).model, &task.spec()));
    let parameters = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(95)));
    let actor = || AgentActor::new(&model, &parameters, 9, Device::Cpu, Choice::Greedy);
    let mut used = actor();
    evaluate(&task, &mut used, 40, STREAM).expect("an evaluation");
    assert_eq!(
        evaluate(&task, &mut used, 40, STREAM).expect("an evaluation"),
        evaluate(&task, &mut actor(), 40, STREAM).expect("an evaluation")
    );
}

#[test]
fn counters_are_changed_once_in_each_episode() {
    const AFTER: u32 = 2;
    let task = Fake::new(Recall::new(4));
    let model = Arc::new(Model::new(&crate::fakes::config(AgentName::LstmNac).model, &task.spec()));
    let parameters = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(96)));
    let agent = || AgentActor::new(&model, &parameters, 9, Device::Cpu, Choice::Greedy);
    let mut acting = agent();
    let added: Vec<f32> = (0..acting.counters()).map(|counter| counter as f32 - 1.5).collect();
    let mut changed = IntervenedActor::new(&mut acting, Intervention { after: AFTER, added: added.clone() });
    // The second episodes of the lanes begin anew.
    evaluate(&task, &mut changed, 9, STREAM).expect("an evaluation");
    let records = record_episodes(&task, &mut changed, 0..9, STREAM).expect("episodes");
    let plain = record_episodes(&task, &mut agent(), 0..9, STREAM).expect("episodes");
    for (changed, plain) in records.iter().zip(&plain) {
        // This game is as long whatever one does, and the counters depend on nothing but T and the time.
        assert_eq!(changed.steps(), plain.steps());
        assert!(plain.steps() > AFTER as usize + 1);
        for (step, (changed, plain)) in (0..).zip(changed.step_records.iter().zip(&plain.step_records)) {
            let counters = |record: &StepRecord| record.activations.clone().expect("a network").n;
            let amount = |added: f32| if step >= AFTER { added } else { 0.0 };
            for ((changed, plain), &added) in counters(changed).iter().zip(counters(plain)).zip(&added) {
                // Both are sums of a few numbers below 8.
                assert!((changed - plain - amount(added)).abs() < 1e-5, "step {step}: {changed} and {plain}");
            }
        }
    }
}

#[test]
fn timings_have_the_samples_mean_and_deviation() {
    let of = |timings: &[f64]| {
        let sums = (timings.iter().sum(), timings.iter().map(|timing| timing * timing).sum());
        Tally { episodes: 9, timed: timings.len() as u64, timings: sums, ..Tally::default() }.timing()
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[7.0]), Some((7.0, 0.0)));
    assert_eq!(of(&[2.0, 4.0, 6.0]), Some((4.0, 2.0)));
    assert_eq!(of(&[-5.0, -5.0, -5.0, -5.0]), Some((-5.0, 0.0)));
}

#[test]
fn tallies_add_up() {
    let task = Fake::new(Lengths);
    let play = |index| evaluate(&task, &mut Left::new(4), 30, StreamId { index, ..STREAM }).expect("an evaluation");
    let (a, b) = (play(1), play(2));
    let both = a.joined(&b);
    assert_eq!(both.episodes, 60);
    assert_eq!(both, b.joined(&a));
    assert_eq!(a.joined(&Tally::default()), a);
    assert_eq!((both.successes, both.feasible), (a.successes + b.successes, a.feasible + b.feasible));
    assert_eq!((both.arrivals, both.truncations), (a.arrivals + b.arrivals, a.truncations + b.truncations));
    assert_eq!(both.timed, a.timed + b.timed);
    assert_eq!(both.timings, (a.timings.0 + b.timings.0, a.timings.1 + b.timings.1));
    assert_eq!(both.reward, a.reward + b.reward);
    let hopeless = Tally { episodes: 4, feasible: 0, ..Tally::default() };
    assert_eq!((hopeless.success(), hopeless.success_of_feasible()), (0.0, 1.0));
}
