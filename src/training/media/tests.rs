//! Tests of the exhibits, and of the moments at which they are shown.

use gridworld_agents::{AgentName, Config};
use gridworld_envs::{Configured, TimedArrivalConfig};
use gridworld_records::{HParamValue, Place};

use super::{FILMS, PICTURES, hparams, is_due};
use crate::run::configuration::RunConfig;

/// The evaluations at which something is due that comes `count` times in `steps` steps: each evaluation is a little
/// after its milestone, because a rollout is taken to its end.
fn due(steps: u64, interval: u64, count: u64) -> Vec<u64> {
    let mut training = Config::of(AgentName::Lstm).training;
    (training.steps, training.eval_interval) = (steps, interval);
    let milestones = (1..=steps.div_ceil(interval)).map(|index| (index * interval).min(steps));
    milestones
        .map(|milestone| milestone.next_multiple_of(1280))
        .filter(|&step| is_due(step, &training, count))
        .collect()
}

#[test]
fn no_training_shows_more_than_its_share_and_each_shows_its_end() {
    for steps in [20_000, 100_000, 1_000_000, 4_000_000, 12_345_678, 1_000_000_000] {
        for interval in [10_000, 100_000, 3_000_000] {
            for count in [PICTURES, FILMS] {
                let shown = due(steps, interval, count);
                let evaluations = steps.div_ceil(interval);
                let whole = format!("{count} times in {steps} steps, {interval} apart: {shown:?}");
                assert!(shown.len() as u64 <= count, "{whole}");
                assert!(shown.len() as u64 >= count.min(evaluations).min(3), "{whole}");
                assert!(shown.last().is_some_and(|&last| last >= steps), "{whole}");
            }
        }
    }
    assert_eq!(due(4_000_000, 100_000, 4), [1_000_960, 2_000_640, 3_000_320, 4_000_000]);
}

#[test]
fn every_agent_has_the_same_columns_and_its_own_values() {
    let environment = Configured::new(TimedArrivalConfig::default()).expect("an environment");
    let of = |agent| hparams(&RunConfig::new(environment.clone(), Config::of(agent), "cpu".to_owned()));
    let (lstm, nau) = (of(AgentName::Lstm), of(AgentName::LstmNau));
    let names = |hparams: &gridworld_records::HParams| {
        let mut names: Vec<String> = hparams.columns.iter().map(|column| column.name.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&lstm), names(&nau));
    let value = |name: &str| nau.own.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
    assert_eq!(value("agent"), Some(HParamValue::Word("lstm-nau".to_owned())));
    assert_eq!(value("T"), Some(HParamValue::Word("5..12".to_owned())));
    assert_eq!(value("feedback.units"), Some(HParamValue::Number(16.0)));
    // Not the nearest number of 32 bits.
    assert_eq!(value("entropy"), Some(HParamValue::Number(0.13)));
    assert_eq!(value("convolutions"), Some(HParamValue::Word("16/8/4, 32/4/2".to_owned())));
    assert!(!lstm.own.iter().any(|(name, _)| name.starts_with("feedback")));
    let first = nau.columns.iter().filter(|column| column.place == Place::First).count();
    assert_eq!(first, 6);
}
