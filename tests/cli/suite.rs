//! Many trainings at once, in parts, and interrupted.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{json, metrics, program, run, stderr};

/// Flags of a suite of two agents and two seeds whose trainings take `steps` steps.
fn flags<'a>(runs: &'a str, steps: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let base = ["suite", "--seeds", "2", "--runs", runs, "--steps", steps, "--eval-T", "5,9", "--episodes", "20"];
    let train = ["--", "--envs", "16", "--hidden", "16", "--eval-interval", "10000", "--eval-episodes", "5"];
    [&base[..], more, &train[..]].concat()
}

fn checkpoint(runs: &Path, name: &str) -> Vec<u8> {
    fs::read(runs.join(name).join("checkpoints/last.safetensors")).expect("a checkpoint")
}

const NAMES: [&str; 4] = ["lstm__seed1", "lstm-nac__seed1", "lstm__seed2", "lstm-nac__seed2"];

#[test]
fn shards_make_a_whole_and_nothing_is_done_twice() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let runs = path.to_str().expect("UTF-8");
    let half = json(&flags(runs, "20000", &["--shard", "1/2", "--json"]));
    assert_eq!(half["unfinished"], serde_json::json!(["lstm-nac__seed1", "lstm-nac__seed2"]));
    let before = checkpoint(&path, "lstm__seed1");
    let other = run(&flags(runs, "20000", &["--shard", "2/2"]));
    assert!(other.status.success(), "{}", stderr(&other));

    let whole = json(&flags(runs, "20000", &["--json"]));
    assert_eq!(whole["unfinished"], serde_json::json!([]));
    assert!(before == checkpoint(&path, "lstm__seed1"), "a finished training was touched");
    let agents: Vec<(&str, usize)> = whole["agents"]
        .as_array()
        .expect("agents")
        .iter()
        .map(|entry| (entry["agent"].as_str().expect("a name"), entry["runs"].as_array().expect("runs").len()))
        .collect();
    assert_eq!(agents, [("lstm", 2), ("lstm-nac", 2), ("oracle", 1), ("random", 1)]);
    for entry in whole["agents"].as_array().expect("agents") {
        for run in entry["runs"].as_array().expect("runs") {
            let values: Vec<&Value> = run["results"].as_array().expect("rows").iter().map(|row| &row["T"]).collect();
            assert_eq!(values, [5, 9]);
        }
    }
    assert_eq!(whole["agents"][2]["runs"][0]["results"][0]["success_of_feasible"], 1.0, "the oracle is the ceiling");

    let refused = run(&flags(runs, "30000", &[]));
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("--steps=20000"), "{}", stderr(&refused));
}

#[test]
fn an_interrupted_suite_goes_on_and_ends_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [straight, parts] = ["straight", "parts"].map(|name| folder.path().join(name));
    let steps = "60000";
    let done = run(&flags(straight.to_str().expect("UTF-8"), steps, &["--jobs", "2"]));
    assert!(done.status.success(), "{}", stderr(&done));

    let arguments = flags(parts.to_str().expect("UTF-8"), steps, &["--jobs", "2"]);
    let child = program().args(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !parts.join(NAMES[0]).join("metrics.jsonl").exists() || metrics(&parts.join(NAMES[0])).is_empty() {
        assert!(Instant::now() < deadline, "no training began");
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let interrupted = child.wait_with_output().expect("the suite ends");
    assert_eq!(interrupted.status.code(), Some(130), "{}", stderr(&interrupted));
    assert!(stderr(&interrupted).contains("the same command goes on"), "{}", stderr(&interrupted));

    let resumed = run(&arguments);
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    // With one worker nothing depends on the order of threads: even an asynchronous training repeats.
    for name in NAMES {
        assert!(checkpoint(&straight, name) == checkpoint(&parts, name), "{name} differs");
    }
}

#[test]
fn a_training_that_fails_is_named_and_the_others_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let arguments = flags(path.to_str().expect("UTF-8"), "20000", &["--agents", "lstm"]);
    fs::create_dir_all(path.join(NAMES[0]).join("checkpoints")).expect("a folder");
    fs::write(path.join(NAMES[0]).join("checkpoints/last.safetensors"), "no checkpoint").expect("a file");
    fs::write(path.join(NAMES[0]).join("config.json"), "{}").expect("a file");
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.lines().last().is_some_and(|line| line.contains("lstm__seed1")), "{said}");
    assert!(path.join("lstm__seed2/evaluation.json").exists(), "{said}");
}

#[test]
fn a_suite_with_a_name_writes_its_page_and_the_figures_behind_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (runs, page, reference) = (path("runs"), path("docs/page.md"), path("figures/reference.json"));
    let files = ["--runs", &runs, "--page", &page, "--reference", &reference];
    let sizes = ["--seeds", "2", "--steps", "4000", "--eval-T", "4,5,12,30", "--episodes", "20"];
    let train = ["--", "--envs", "16", "--hidden", "16", "--eval-interval", "4000", "--eval-episodes", "5"];
    let output = run(&[&["suite", "paper"][..], &files, &sizes, &train].concat());
    assert!(output.status.success(), "{}", stderr(&output));

    let figures: Value =
        serde_json::from_str(&fs::read_to_string(&reference).expect("the figures")).expect("a JSON document");
    assert_eq!(figures["T"], serde_json::json!([4, 5, 12, 30]));
    assert_eq!(figures["command"], "gridworld suite paper --seeds 2");
    let names: Vec<&str> = figures["agents"]
        .as_array()
        .expect("agents")
        .iter()
        .map(|agent| agent["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["lstm", "lstm-nac", "lstm-nalu", "lstm-nau", "oracle", "random"]);
    assert_eq!(figures["agents"][0]["runs"].as_array().expect("runs").len(), 2);
    assert_eq!(figures["agents"][4]["runs"][0]["success_of_feasible"], serde_json::json!([1.0, 1.0, 1.0, 1.0]));

    let text = fs::read_to_string(&page).expect("the page");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&"| T | lstm | lstm-nac | lstm-nalu | lstm-nau | oracle | random |"), "{text}");
    assert!(text.contains("| 12\\* |") && text.contains("| 30 |") && text.contains("| 4 |"), "{text}");
    // Every row of a table is as wide as its head.
    let tables = lines.iter().filter(|line| line.starts_with('|'));
    let widths: Vec<usize> = tables.map(|line| line.matches('|').count()).collect();
    assert!(widths.len() > 20, "{text}");
    for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
        assert_eq!(pair[0].matches('|').count(), pair[1].matches('|').count(), "{}", pair[1]);
    }

    let refused = run(&["suite", "paper", "--agents", "lstm"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).starts_with("error: --agents: "), "{}", stderr(&refused));
}
