//! The checkpoint and the game from outside: a stranger, who knows docs/checkpoint.md and NumPy, chooses
//! the same actions.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{run, stderr, tiny_run};

const VALUES: [&str; 4] = ["5", "8", "12", "30"];
const EPISODES: usize = 250;

/// What `--trace` says of each episode.
fn traced(run_folder: &Path, file: &Path) -> Vec<Value> {
    let (run_folder, name) = (run_folder.to_str().expect("UTF-8"), file.to_str().expect("UTF-8"));
    let (values, episodes) = (VALUES.join(","), EPISODES.to_string());
    let output = run(&["evaluate", run_folder, "--T", &values, "--episodes", &episodes, "--trace", name]);
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = std::fs::read_to_string(file).expect("a trace");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line is a document")).collect()
}

/// An agent of the usual size that has learnt, in seconds, to do more than stand still; its NAU's
/// weights are whole.
fn trained(runs: &Path) -> PathBuf {
    let flags = ["train", "--agent", "lstm-nau", "--seed", "1", "--mode", "sync", "--workers", "1", "--quiet"];
    let more = ["--steps", "300000", "--runs", runs.to_str().expect("UTF-8"), "--name", "nau"];
    let output = run(&[&flags[..], &more].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    runs.join("nau")
}

#[test]
fn a_trace_has_a_line_for_each_episode_in_a_fixed_order() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lines = traced(tiny_run(), &folder.path().join("trace.jsonl"));
    let place = |line: &Value| ["T", "lane", "episode"].map(|field| line[field].as_u64().expect("a number"));
    let places: Vec<_> = lines.iter().map(place).collect();
    assert!(places.is_sorted() && places.len() == VALUES.len() * EPISODES);
    for line in &lines {
        let (length, limit) = (line["actions"].as_array().expect("actions").len() as u64, place(line)[0].max(12) + 8);
        match line["outcome"].as_str() {
            Some("truncated") => assert!(length == limit && line["success"] == false, "{line}"),
            Some("terminated") => {
                assert!(length <= limit && line["success"] == (length == place(line)[0]), "{line}");
            }
            _ => panic!("{line}"),
        }
    }
    let again = traced(tiny_run(), &folder.path().join("again.jsonl"));
    assert_eq!(again, lines, "a second evaluation differs");
}

#[test]
fn a_stranger_with_numpy_chooses_the_same_actions() {
    let Some(python) = std::env::var_os("GRIDWORLD_PYTHON") else {
        eprintln!("skipped: GRIDWORLD_PYTHON names no Python with NumPy; `make test` prepares one");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let agent = trained(folder.path());
    let ours = traced(&agent, &folder.path().join("trace.jsonl"));

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/outsider.py");
    let mut command = Command::new(python);
    command.arg(script).arg(agent.join("checkpoints/best.safetensors")).arg("--T").args(VALUES);
    let output = command.args(["--episodes", &EPISODES.to_string()]).output().expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let theirs = read["episodes"].as_array().expect("episodes");

    assert_eq!((ours.len(), theirs.len()), (1000, 1000));
    let fields = ["T", "lane", "episode", "start", "actions", "outcome"];
    let differ = |(ours, theirs): &(&Value, &Value)| fields.iter().any(|&field| ours[field] != theirs[field]);
    let different: Vec<_> = ours.iter().zip(theirs).filter(differ).collect();
    // A near tie would be a reason, and no excuse: the least gap says whether there was one.
    let (gap, first) = (&read["least_gap"], different.first());
    assert_eq!(different.len(), 0, "episodes differ; least gap of two logits {gap}; the first: {first:?}");

    let chosen =
        |action: u64| ours.iter().any(|line| line["actions"].as_array().is_some_and(|a| a.contains(&action.into())));
    assert!((0..5).filter(|&action| chosen(action)).count() >= 3, "an agent that stands still proves nothing");
    assert!(ours.iter().any(|line| line["outcome"] == "terminated"), "no episode ended in an arrival");
}
