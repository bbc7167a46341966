//! The checkpoint and the game from outside: a stranger, who knows docs/checkpoint.md and NumPy, takes the same steps.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{check_compared, json, python, run, script, stderr, tiny_run, watched};

const VALUES: [&str; 4] = ["5", "8", "12", "30"];
const EPISODES: usize = 250;

/// Gives the lines of `--trace` about each episode.
fn traced(run_folder: &Path, file: &Path) -> Vec<Value> {
    let (run_folder, name) = (run_folder.to_str().expect("UTF-8"), file.to_str().expect("UTF-8"));
    let (values, episodes) = (VALUES.join(","), EPISODES.to_string());
    let output = run(&["evaluate", run_folder, "--T", &values, "--episodes", &episodes, "--trace", name]);
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = std::fs::read_to_string(file).expect("a trace");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line is a document")).collect()
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

/// An agent of the usual size, soon trained; a NAU's weights are whole.
fn trained(runs: &Path, agent: &str, core: &str, steps: &str) -> PathBuf {
    let loops: &[&str] = if core == "gated" { &["--feedback-input", "phases"] } else { &[] };
    let flags =
        ["train", "--agent", agent, "--core", core, "--seed", "1", "--mode", "sync", "--workers", "1", "--quiet"];
    let name = format!("{agent}-{core}");
    let more = ["--steps", steps, "--runs", runs.to_str().expect("UTF-8"), "--name", &name];
    let output = run(&[&flags[..], &more, loops].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    runs.join(name)
}

#[test]
fn a_stranger_with_numpy_takes_the_same_steps() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let agents = [
        ("lstm-nau", "lstm", "120000"),
        ("lstm-nmu", "gru", "30000"),
        ("lstm-nac", "mingru", "30000"),
        ("lstm-ternary", "latch", "30000"),
        ("lstm-ternary", "gated", "30000"),
        ("lstm-elapsed", "lstm", "30000"),
        ("lstm", "feed-forward", "30000"),
    ];
    for (agent, core, steps) in agents {
        let agent = trained(folder.path(), agent, core, steps);
        let mut command = python();
        command.arg(script("compare_outsider.py")).arg(agent.join("checkpoints/best.safetensors"));
        command.args(watched(&agent, folder.path(), &VALUES.join(","), "64"));
        let output = command.output().expect("Python starts");
        let found = serde_json::from_slice(&output.stdout);
        let found = found.unwrap_or_else(|error| panic!("{core}: {error}: {}", stderr(&output)));
        check_compared(&format!("the outsider, {core}"), &found);
    }
    let first = folder.path().join("lstm-nau-lstm");
    let mut command = python();
    command.arg(script("precision.py")).arg(first.join("checkpoints/best.safetensors")).args(["--T", "5"]);
    let output = command.output().expect("Python starts");
    let found: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    let found = &found["agents"][0]["results"][0];
    let evaluated = json(&["evaluate", first.to_str().expect("UTF-8"), "--T", "5", "--json"]);
    let on_time = evaluated["results"][0]["success"].as_f64().expect("a share") * 600.0;
    // An episode differs where two logits are as near to each other as rounding: hardly any.
    let of = |index: usize| found["on_time"][index].as_f64().expect("a number");
    assert!((of(0) - on_time).abs() <= 6.0 && (of(1) - on_time).abs() <= 6.0, "{found} for {on_time}");
    assert!(found["same_actions"].as_u64().expect("a number") >= 594, "{found}");
}
