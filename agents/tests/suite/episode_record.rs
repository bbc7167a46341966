//! Films show what is evaluated, and what went on in the network as it acted.

use std::sync::Arc;

use gridworld_agents::evaluation::{AgentActor, Choice, EpisodeRecord, PolicyActor, play, record_episodes};
use gridworld_agents::{AgentName, Model};
use gridworld_envs::{Domain, FrameKey, Outcome, RandomPolicy, StreamId, Task};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use tch::{Device, Tensor};

use crate::fakes::Fake;
use crate::fakes::games::Lengths;

const STREAM: StreamId = StreamId { seed: 17, domain: Domain::Evaluation, index: 2 };
const DRAWS: StreamId = StreamId { seed: 18, domain: Domain::Actions, index: 2 };

fn actor(agent: AgentName, lanes: usize, choice: Choice) -> AgentActor {
    let task = Fake::new(Lengths);
    let model = Arc::new(Model::new(&crate::fakes::config(agent).model, &task.spec()));
    let parameters = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(19)));
    AgentActor::new(&model, &parameters, lanes, Device::Cpu, choice)
}

#[test]
fn a_film_shows_what_is_played() {
    let task = Fake::new(Lengths);
    for choice in [Choice::Greedy, Choice::Sample(DRAWS)] {
        let mut played = vec![EpisodeRecord::default(); 9];
        let mut frames: Vec<Vec<FrameKey>> = vec![Vec::new(); 9];
        let mut actions: Vec<Vec<u8>> = vec![Vec::new(); 9];
        play(&task, &mut actor(AgentName::LstmNau, 9, choice), 9, STREAM, |moment| {
            frames[moment.lane].push(moment.frame);
            actions[moment.lane].push(moment.action);
            played[moment.lane].last = moment.next;
        })
        .expect("an evaluation");
        let recorded =
            record_episodes(&task, &mut actor(AgentName::LstmNau, 9, choice), 0..9, STREAM).expect("recorded episodes");
        assert_eq!(recorded.len(), 9);
        for (lane, record) in recorded.iter().enumerate() {
            assert_eq!((record.actions(), record.last), (actions[lane].clone(), played[lane].last), "lane {lane}");
            assert!(record.step_records.iter().map(|step| step.frame).eq(frames[lane].iter().copied()), "lane {lane}");
            let (last, before) = record.step_records.split_last().expect("a step");
            assert!(last.outcome.ends() && before.iter().all(|step| step.outcome == Outcome::Running));
            assert_eq!((record.outcome(), record.info()), (last.outcome, last.info));
            // The instruction of this game is the length that an episode wants, its reward the time.
            assert!(
                record
                    .step_records
                    .iter()
                    .all(|step| step.instruction == record.step_records[0].instruction && step.instruction > 0.0)
            );
            assert_eq!(record.reward(), (1..=record.steps()).sum::<usize>() as f32);
            assert_eq!((record.frame(0), record.frame(record.steps())), (record.step_records[0].frame, record.last));
        }
        let some =
            record_episodes(&task, &mut actor(AgentName::LstmNau, 9, choice), 3..5, STREAM).expect("recorded episodes");
        assert_eq!(some, recorded[3..5], "the same lanes alone");
    }
}

#[test]
fn thoughts_are_those_that_the_action_came_from() {
    let task = Fake::new(Lengths);
    let recorded = record_episodes(&task, &mut actor(AgentName::LstmNau, 16, Choice::Greedy), 0..16, STREAM)
        .expect("recorded episodes");
    let gain = crate::fakes::config(AgentName::LstmNau).model.feedback.expect("a loop").gain;
    let mut looked = 0;
    for step in recorded.iter().flat_map(|record| &record.step_records) {
        let activations = step.activations.as_ref().expect("a network thinks");
        let probabilities = activations.probabilities();
        assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(probabilities.iter().all(|&p| p <= probabilities[usize::from(step.action)]), "{step:?}");
        assert_eq!(
            (activations.h.len(), activations.c.len(), activations.n.len(), activations.logits.len()),
            (16, 16, 3, 3)
        );
        assert!(activations.h.iter().any(|h| *h != 0.0) && activations.value.is_finite());
        for (n, read) in activations.n.iter().zip(&activations.read) {
            assert!(((gain * n).tanh() - read).abs() < 1e-6, "{activations:?}");
        }
        looked += 1;
    }
    assert!(looked > 16);
    let mut plain = actor(AgentName::Lstm, 2, Choice::Greedy);
    let record = record_episodes(&task, &mut plain, 0..1, STREAM).expect("recorded episodes").remove(0);
    let activations = record.step_records[0].activations.clone().expect("a network thinks");
    assert!(activations.n.is_empty() && activations.read.is_empty() && activations.h.len() == 16);
}

#[test]
fn counters_add_up_from_zero() {
    let task = Fake::new(Lengths);
    let recorded = record_episodes(&task, &mut actor(AgentName::LstmNau, 16, Choice::Greedy), 0..16, STREAM)
        .expect("recorded episodes");
    let record = recorded.iter().find(|record| record.steps() == 3).expect("a film of three steps");
    let n: Vec<_> = record.step_records.iter().map(|step| &step.activations.as_ref().expect("a thought").n).collect();
    // The clock adds the same in each step after the first, in which T was added too.
    for unit in 0..3 {
        let (second, third) = (n[1][unit] - n[0][unit], n[2][unit] - n[1][unit]);
        assert!((second - third).abs() < 1e-5, "{n:?}");
    }
}

#[test]
fn a_policy_without_a_network_has_no_thoughts() {
    let task = Fake::new(Lengths);
    let policy = Box::new(RandomPolicy::new(3, DRAWS));
    let record = record_episodes(&task, &mut PolicyActor { policy, lanes: 4 }, 2..3, STREAM)
        .expect("recorded episodes")
        .remove(0);
    assert!(record.step_records.iter().all(|step| step.activations.is_none()) && record.outcome().ends());
}
