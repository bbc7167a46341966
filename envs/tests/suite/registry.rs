//! The registry: names, settings and tasks of the environments, of this crate and of another's.

use gridworld_envs::{Description, Registry, RegistryError, Reward, Settings, TimedArrivalConfig, TimedArrivalTask};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

fn settings(document: Value) -> Map<String, Value> {
    document.as_object().expect("an object").clone()
}

#[test]
fn every_environment_has_one_name_everywhere_and_reads_what_it_writes() {
    let registry = Registry::standard();
    let mut seen = 0;
    for description in registry.descriptions() {
        let environment = registry.configure(description.id, settings(json!({"T": "5..7,19"}))).expect("settings");
        assert_eq!((environment.id(), &*environment.task().spec().id), (description.id, description.id));
        assert_eq!(environment.task().instructions(), [5, 6, 7, 19]);
        let limit = environment.setting("time_limit").and_then(Value::as_u64).expect("a number");
        assert_eq!(environment.task().time_limit().map(u64::from), Some(limit));
        let written = serde_json::to_value(&environment).expect("a document");
        assert_eq!((&written["id"], &written["T"]), (&json!(description.id), &json!("5..7,19")));
        assert_eq!(registry.read(&written), Ok(environment));
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn settings_are_written_as_runs_have_them() {
    let registry = Registry::standard();
    let written = |id, given| {
        let environment = registry.configure(id, settings(given)).expect("settings");
        serde_json::to_value(&environment).expect("a document")
    };
    assert_eq!(
        written("TimedArrival-v1", json!({"reward": "exact"})),
        json!({"id": "TimedArrival-v1", "T": "5..12", "time_limit": 20, "reward": "exact", "holdout": 0.0})
    );
    assert_eq!(
        written("IntervalReproduction-v1", json!({"T": "3..5", "tolerance": 0})),
        json!({"id": "IntervalReproduction-v1", "T": "3..5", "time_limit": 22, "reward": "graded", "tolerance": 0, "holdout": 0.0})
    );
    for reward in Reward::ALL {
        assert_eq!(serde_json::to_value(reward).expect("a name"), reward.as_str());
    }
}

#[test]
fn what_cannot_be_had_is_named() {
    let registry = Registry::standard();
    let refused = |id, given| registry.configure(id, settings(given)).expect_err("refused").to_string();
    assert!(refused("TimedArival-v1", json!({})).starts_with("no environment is called `TimedArival-v1`; there are: "));
    let none = refused("TimedArrival-v1", json!({"tolerance": 1}));
    assert_eq!(none, "TimedArrival-v1 has no tolerance; it has: T, holdout, reward, time_limit");
    let unreadable = refused("TimedArrival-v1", json!({"reward": "huge"}));
    assert!(unreadable.contains("TimedArrival-v1") && unreadable.contains("huge"), "{unreadable}");
    let no_task = refused("TimedArrival-v1", json!({"T": "5..12", "time_limit": 9}));
    assert_eq!(no_task, "T = 12 can never be met: the time limit ends every episode at step 9");
    for nameless in [json!([]), json!({}), json!({"id": 3}), json!("TimedArrival-v1")] {
        assert_eq!(registry.read(&nameless), Err(RegistryError::NoId), "{nameless}");
    }
    let number = registry.configure("TimedArrival-v1", settings(json!({"T": 7}))).expect("a task");
    assert_eq!(number.instructions(), [7]);
}

/// An environment of another crate: timed arrival with one T.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default)]
struct Single {
    at: u32,
}

impl Default for Single {
    fn default() -> Single {
        Single { at: 9 }
    }
}

impl Settings for Single {
    type Task = TimedArrivalTask;

    const DESCRIPTION: Description =
        Description { id: "Single-v0", summary: "arrive at step 9", drawing: None, ..TimedArrivalConfig::DESCRIPTION };

    fn task(&self) -> Result<TimedArrivalTask, String> {
        let config = TimedArrivalConfig { instructions: vec![self.at], ..Default::default() };
        TimedArrivalTask::new(config).map_err(|error| error.to_string())
    }
}

#[test]
fn an_environment_of_another_crate_is_one_like_the_others() {
    let registry = Registry::standard().with::<Single>();
    assert_eq!(registry.descriptions().map(|description| description.id).last(), Some("Single-v0"));
    assert_eq!(registry.settings("Single-v0"), Ok(vec!["at".to_owned()]));
    let environment = registry.configure("Single-v0", settings(json!({"at": 7}))).expect("settings");
    assert_eq!(environment.task().instructions(), [7]);
    assert_eq!(registry.with::<Single>().descriptions().count(), 3, "one name, one environment");
}
