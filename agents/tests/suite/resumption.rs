//! A training that was stopped goes on as if it had not been: parameters, best so far, and records, bit by bit.

use std::sync::atomic::AtomicBool;

use gridworld_agents::cores::CoreName;
use gridworld_agents::training::{CheckpointKind, Record, Tag, TrainError, Trainer};
use gridworld_agents::{AgentName, Config, FeedbackInput, Schedule};
use gridworld_checkpoint::{Array, Checkpoint, CheckpointError};
use serde_json::json;
use tch::Device;

use crate::fakes::Keys;
use crate::fakes::observer::Keeper;
use crate::fakes::runs::{bytes, config, task, through_bytes, train};

const AGENTS: [AgentName; 4] = [AgentName::Lstm, AgentName::LstmNac, AgentName::LstmNalu, AgentName::LstmNau];

/// A training in parts: what came out of all of them together.
#[derive(Clone, Default)]
struct Outcome {
    last: Option<Checkpoint>,
    best: Option<Vec<u8>>,
    records: Vec<Record>,
    /// Steps at which the training was interrupted.
    stops: Vec<u64>,
}

impl Outcome {
    /// Goes on with it, until `interrupt_at` or the end.
    fn and_then(mut self, config: &Config, interrupt_at: u64) -> Outcome {
        let interrupt = AtomicBool::new(false);
        let (summary, keeper) = train(config, Keys::Stable, self.last.as_ref(), interrupt_at, &interrupt);
        self.take(&keeper);
        if summary.interrupted {
            self.stops.push(summary.steps);
        }
        self
    }

    fn take(&mut self, keeper: &Keeper<'_>) {
        self.last = Some(through_bytes(keeper.last()));
        if let Some(best) = keeper.saved(CheckpointKind::Best).last() {
            self.best = Some(bytes(best));
        }
        // The rate is what a clock says.
        let without_rate = |record: &Record| Record {
            scalars: record.scalars.iter().copied().filter(|(tag, _)| *tag != Tag::StepsPerSecond).collect(),
            ..record.clone()
        };
        self.records.extend(keeper.records.iter().map(without_rate));
    }

    fn assert_equals(&self, expected: &Outcome, what: &str) {
        let last = |outcome: &Outcome| bytes(outcome.last.as_ref().expect("`last` was saved"));
        assert!(last(self) == last(expected), "{what}: another `last`");
        assert!(self.best.is_some() && self.best == expected.best, "{what}: another `best`");
        assert!(self.records.len() > 3 && self.records == expected.records, "{what}: other records");
    }
}

fn lengthened(config: &Config) -> Config {
    let mut longer = config.clone();
    longer.training.steps += 3_000;
    longer
}

/// Makes the configuration of an agent whose memory is its phase, and what its loop counts of it.
fn phased(seed: u64) -> Config {
    let mut config = config(AgentName::LstmNac, seed, 2);
    (config.model.core, config.model.phases) = (CoreName::Gated, 3);
    let looped = config.model.feedback.as_mut().expect("a feedback loop");
    looped.reading = FeedbackInput::Phases;
    config
}

#[test]
fn a_phase_that_the_agent_does_not_have_is_refused_by_name() {
    let config = phased(87);
    let mut last = Outcome::default().and_then(&config, u64::MAX).last.expect("`last` was saved");
    let mut resume = |phase: u8| {
        last.insert("worker1.phases".to_owned(), Array::flat(vec![phase; config.training.envs]));
        Trainer::resume(&task(Keys::Stable), &config, Device::Cpu, &last).map(drop)
    };
    resume(2).expect("the last of three phases");
    let error = resume(3).expect_err("a fourth phase");
    let named = matches!(&error, TrainError::Checkpoint(CheckpointError::Number { name }) if name == "worker1.phases");
    assert!(named, "{error}");
}

#[test]
fn stopped_at_any_step_it_ends_the_same() {
    let agents = AGENTS.map(|agent| config(agent, 81, 2)).into_iter().chain([phased(81)]);
    for config in agents {
        let agent = config.agent;
        let whole = Outcome::default().and_then(&config, u64::MAX);
        let mut stops = Vec::new();
        for interrupt_at in (1..config.training.steps - 300).step_by(410) {
            let parts = Outcome::default().and_then(&config, interrupt_at).and_then(&config, u64::MAX);
            parts.assert_equals(&whole, &format!("{agent}, stopped at {:?}", parts.stops));
            stops.extend(parts.stops);
        }
        stops.sort_unstable();
        stops.dedup();
        assert!(stops.len() >= 8, "{agent}: stopped at {stops:?} only");
    }
}

#[test]
fn with_more_steps_it_ends_the_same_wherever_it_is_stopped_after_that() {
    for agent in AGENTS {
        let config = config(agent, 82, 2);
        let longer = lengthened(&config);
        // From its end, and from where it was interrupted.
        for first_stop in [u64::MAX, 2_500] {
            let begun = Outcome::default().and_then(&config, first_stop);
            let straight = begun.clone().and_then(&longer, u64::MAX);
            let mut stops = 0;
            for interrupt_at in [3_200, 6_500, 8_000] {
                let parts = begun.clone().and_then(&longer, interrupt_at).and_then(&longer, u64::MAX);
                parts.assert_equals(&straight, &format!("{agent}, stopped at {:?}", parts.stops));
                stops += parts.stops.len();
            }
            assert!(stops >= 3, "{agent}: stopped {stops} times");
        }
    }
}

/// Tests that only the schedules of learning rate and entropy bonus and a NAU's way to whole weights depend on the number of
/// steps in all. Without those, steps that are added later are as good as steps that were asked for at once.
#[test]
fn without_schedules_more_steps_later_are_more_steps_from_the_start() {
    for agent in AGENTS {
        let mut config = config(agent, 83, 2);
        (config.training.schedule, config.training.entropy_schedule) = (Schedule::Constant, Schedule::Constant);
        config.training.sparsity = None;
        let longer = lengthened(&config);
        let whole = Outcome::default().and_then(&longer, u64::MAX);
        for stop in [u64::MAX, 1_500] {
            let raised = Outcome::default().and_then(&config, stop).and_then(&longer, u64::MAX);
            raised.assert_equals(&whole, &format!("{agent}, {:?}", raised.stops));
        }
    }
}

#[test]
fn counts_beyond_the_steps_of_the_checkpoint_are_refused_by_name() {
    let config = config(AgentName::Lstm, 1, 1);
    let interrupt = AtomicBool::new(false);
    let (summary, keeper) = train(&config, Keys::Stable, None, 1, &interrupt);
    let task = task(Keys::Stable);
    let resume = |pointer: &str, count: u64| {
        let mut checkpoint = through_bytes(keeper.last());
        let pending = checkpoint.metadata.get_mut("pending").expect("sums since the last record");
        *pending.pointer_mut(pointer).expect("a field") = json!(count);
        Trainer::resume(&task, &config, Device::Cpu, &checkpoint).map(drop)
    };
    for field in ["since", "updates", "statistics/steps", "statistics/episodes", "statistics/successes"] {
        let pointer = format!("/{field}");
        resume(&pointer, summary.steps).expect("as many as there are steps");
        for count in [summary.steps + 1, u64::MAX] {
            let error = resume(&pointer, count).expect_err("more than there are steps");
            let expected = format!("pending.{}", field.replace('/', "."));
            let named = matches!(&error, TrainError::Checkpoint(CheckpointError::Number { name }) if *name == expected);
            assert!(named, "{error}");
        }
    }
    // Checkpoints of earlier versions have no sums.
    let mut without = through_bytes(keeper.last());
    without.metadata.remove("pending");
    assert!(Trainer::resume(&task, &config, Device::Cpu, &without).is_ok());
}
