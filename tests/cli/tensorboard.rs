//! What is recorded opens in TensorBoard: its own reader finds what `metrics.jsonl` says.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{metrics, tiny_run};

const TAGS: &[&str] = &[
    "charts/episodic_return",
    "charts/success",
    "charts/SPS",
    "losses/policy",
    "losses/value",
    "losses/entropy",
    "losses/grad_norm",
    "eval/success_train",
    "eval/success_T05",
    "eval/success_T12",
];

#[test]
fn the_official_reader_finds_every_number() {
    if let Some(expected) = assert_the_reader_agrees(tiny_run()) {
        for tag in TAGS {
            assert!(expected.contains(&(*tag).to_owned()), "{tag} was not recorded");
        }
    }
}

/// Fails unless TensorBoard's reader finds in the events of `run` what `metrics.jsonl` says, step by step, and gives the
/// tags; nothing where there is no such reader.
pub fn assert_the_reader_agrees(run: &Path) -> Option<Vec<String>> {
    let Some(python) = std::env::var_os("GRIDWORLD_PYTHON") else {
        eprintln!("skipped: GRIDWORLD_PYTHON names no Python with tensorboard; `make test` prepares one");
        return None;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/read_events.py");
    let output = Command::new(python).arg(script).arg(run).output().expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut expected: BTreeMap<String, Vec<(u64, f64)>> = BTreeMap::new();
    for line in metrics(run) {
        let step = line["step"].as_u64().expect("a step");
        for (tag, value) in line.as_object().expect("an object") {
            if let (true, Some(value)) = (tag.contains('/'), value.as_f64()) {
                expected.entry(tag.clone()).or_default().push((step, value));
            }
        }
    }
    for (tag, points) in &expected {
        let numbers = |field: &str| read["tags"][tag][field].as_array().unwrap_or_else(|| panic!("no {tag}")).clone();
        let steps: Vec<_> = numbers("steps").iter().map(|step| step.as_u64().expect("a step")).collect();
        assert_eq!(steps, points.iter().map(|(step, _)| *step).collect::<Vec<_>>(), "{tag}");
        for (found, (_, value)) in numbers("values").iter().zip(points) {
            let found = found.as_f64().expect("a number");
            assert!((found - value).abs() <= 1e-6 * value.abs().max(1e-6), "{tag}: {found} for {value}");
        }
    }
    Some(expected.into_keys().collect())
}
