//! Tests of the records in TensorBoard: its own reader finds the numbers of `metrics.jsonl`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{TINY, json, metrics, program, python, run, script, stderr, tiny_run};

const TAGS: &[&str] = &[
    "charts/episodic_return",
    "charts/episodic_length",
    "charts/success",
    "charts/SPS",
    "losses/policy",
    "losses/value",
    "losses/entropy",
    "losses/grad_norm",
    "eval/success_train",
    "eval/success_T05",
    "eval/success_T12",
    "eval/success_beyond",
];

#[test]
fn the_official_reader_finds_every_number() {
    let expected = assert_the_reader_agrees(tiny_run());
    for tag in TAGS {
        assert!(expected.contains(&(*tag).to_owned()), "{tag} was not recorded");
    }
    let described = &read(tiny_run())["descriptions"];
    for tag in &expected {
        let description = described[tag].as_str().unwrap_or_default();
        assert!(description.ends_with('.'), "{tag} is not described: {description:?}");
    }
}

/// Gives the findings of TensorBoard's reader in the events of `run`.
fn read(run: &Path) -> Value {
    let output = python().arg(script("read_events.py")).arg(run).output().expect("Python starts");
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn steps(events: &Value) -> Vec<u64> {
    events.as_array().expect("a list").iter().map(|event| event["step"].as_u64().expect("a step")).collect()
}

#[test]
fn a_run_shows_pictures_episodes_weights_its_settings_and_a_layout() {
    let read = read(tiny_run());
    // The two evaluations of the tiny training.
    let evaluations: Vec<u64> = metrics(tiny_run())
        .iter()
        .filter(|line| line.get("eval/success_train").is_some())
        .map(|line| line["step"].as_u64().expect("a step"))
        .collect();
    assert_eq!(evaluations.len(), 2);
    let pictures = &read["images"]["eval/success_by_T"];
    assert_eq!(steps(pictures), evaluations);
    assert_eq!((&pictures[0]["format"], &pictures[0]["width"]), (&"png".into(), &390.into()));
    let record_episodes = &read["images"]["episode/T12"];
    assert_eq!(steps(record_episodes), evaluations);
    assert_eq!(
        (&record_episodes[1]["format"], &record_episodes[1]["width"], &record_episodes[1]["height"]),
        (&"gif".into(), &536.into(), &312.into())
    );
    for input in ["T", "clock"] {
        let weights = &read["histograms"][format!("loop/weights_{input}")];
        assert_eq!(steps(weights), evaluations);
        for event in weights.as_array().expect("a list") {
            assert_eq!((&event["count"], &event["bars"]), (&16.0.into(), &16.0.into()), "{event}");
            assert!(event["min"].as_f64() >= Some(-1.0) && event["max"].as_f64() <= Some(1.0), "{event}");
        }
    }
    // The weights at the end are those that `inspect` tells of the last checkpoint.
    let inspected = json(&["inspect", tiny_run().to_str().expect("UTF-8"), "--checkpoint", "last", "--json"]);
    let of_t = inspected["feedback"]["counters"].as_array().expect("counters").iter();
    let greatest = of_t.map(|counter| counter["weights"]["T"].as_f64().expect("a weight")).fold(-1.0, f64::max);
    let shown = read["histograms"]["loop/weights_T"][1]["max"].as_f64().expect("a number");
    assert!((shown - greatest).abs() < 1e-6, "{shown} for {greatest}");
    let command = read["texts"]["run/command"][0]["text"].as_str().expect("a text");
    assert!(command.starts_with("    gridworld train --runs") && command.contains("--seed 1"), "{command}");
    let configuration = read["texts"]["run/configuration"][0]["text"].as_str().expect("a text");
    let file = std::fs::read(tiny_run().join("config.json")).expect("config.json");
    let [shown, kept]: [Value; 2] =
        [configuration.as_bytes(), &file].map(|text| serde_json::from_slice(text).expect("JSON"));
    assert_eq!(shown, kept);
    let started = &read["hyperparameters"]["_hparams_/session_start_info"]["session_start_info"]["hparams"];
    assert_eq!((&started["agent"], &started["hidden"]), (&"lstm-nac".into(), &16.0.into()));
    assert_eq!(started["seed"], 1.0);
    let experiment = &read["hyperparameters"]["_hparams_/experiment"]["experiment"];
    let metric = |info: &Value| info["name"]["tag"].as_str().map(str::to_owned);
    let results: Vec<String> =
        experiment["metric_infos"].as_array().expect("metrics").iter().filter_map(metric).collect();
    assert!(results.contains(&"eval/success_train".to_owned()), "{results:?}");
    for result in &results {
        assert!(read["tags"][result].is_object(), "no numbers for {result}");
    }
    let ended = &read["hyperparameters"]["_hparams_/session_end_info"]["session_end_info"];
    assert_eq!(ended["status"], "STATUS_SUCCESS");
    let titles: Vec<&str> = read["layout"]["category"]
        .as_array()
        .expect("categories")
        .iter()
        .filter_map(|category| category["title"].as_str())
        .collect();
    assert_eq!(titles, ["Success", "Learning", "Progress"]);
}

#[test]
fn a_run_that_was_killed_twice_shows_everything_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    // Those of the tiny training, with more evaluations.
    let flags: Vec<&str> = TINY.iter().map(|&flag| if flag == "20000" { "60000" } else { flag }).collect();
    let start = |name| [&["train", "--runs", runs, "--name", name], &flags[..]].concat();
    let whole = folder.path().join("whole");
    let ended = run(&start("whole"));
    assert!(ended.status.success(), "{}", stderr(&ended));
    let killed = |arguments: &[&str], fault: &str| {
        let ended = program().args(arguments).env("GRIDWORLD_FAULT", fault).output().expect("the program starts");
        assert!(ended.status.code().is_none(), "{arguments:?} was not killed: {}", stderr(&ended));
    };
    let parts = folder.path().join("parts");
    let resume = ["train", "--resume", parts.to_str().expect("UTF-8"), "--quiet"];
    // In the middle of the training, while a checkpoint of later than what is kept is written.
    killed(&start("parts"), "written:6");
    killed(&resume, "renamed:1");
    let ended = run(&resume);
    assert!(ended.status.success(), "{}", stderr(&ended));
    let (whole, parts) = (read(&whole), read(&parts));
    assert!(steps(&whole["images"]["eval/success_by_T"]).len() >= 6, "{}", whole["images"]);
    for kind in ["images", "histograms", "layout"] {
        assert_eq!(whole[kind], parts[kind], "{kind}");
    }
    for tag in ["experiment", "session_start_info", "session_end_info"] {
        let [whole, parts] =
            [&whole, &parts].map(|read| &read["hyperparameters"][format!("_hparams_/{tag}")]["events"]);
        assert_eq!(whole.as_array().map(Vec::len), Some(1));
        assert_eq!(whole, parts, "{tag}");
    }
    let commands = &parts["texts"]["run/command"];
    assert_eq!(steps(commands).len(), 2, "the first command, and those of the resumption that went on: {commands}");
    assert_eq!(commands[1]["text"].as_str().expect("a text").lines().count(), 3);
}

/// Fails unless TensorBoard's reader finds in the events of `run` what `metrics.jsonl` says, step by step, and gives the
/// tags.
pub fn assert_the_reader_agrees(run: &Path) -> Vec<String> {
    let read = read(run);
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
    expected.into_keys().collect()
}
