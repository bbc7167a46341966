//! Tests of the output of a training, and of the files that it leaves behind.

use std::fs;

use crate::support::{TINY, json, metrics, run, tiny_run, train};

#[test]
fn a_run_folder_has_everything() {
    let run = tiny_run();
    let config: serde_json::Value =
        serde_json::from_slice(&fs::read(run.join("config.json")).expect("config.json")).expect("JSON");
    assert_eq!(config["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(config["agent"], "lstm-nac");
    assert_eq!(config["training"]["seed"], 1);
    assert!(config["commands"][0].as_str().expect("a command").contains("train"));
    let names: Vec<_> =
        fs::read_dir(run).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    let events = names.iter().filter(|name| name.to_string_lossy().starts_with("events.out.tfevents.")).count();
    assert_eq!(events, 1, "{names:?}");
    for file in ["checkpoints/last.safetensors", "checkpoints/best.safetensors"] {
        assert!(run.join(file).is_file(), "{file}");
    }
    let steps: Vec<u64> = metrics(run).iter().map(|line| line["step"].as_u64().expect("a step")).collect();
    assert!(steps.len() >= 2 && steps.is_sorted(), "{steps:?}");
}

#[test]
fn json_is_one_document_and_the_folder_is_named_by_what_it_holds() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    let document = json(&[&["train", "--agent", "lstm", "--runs", runs, "--json"], TINY].concat());
    assert_eq!(document["agent"], "lstm");
    assert_eq!(document["environment"], "TimedArrival-v1");
    assert!(document["steps"].as_u64().expect("steps") >= 20_000);
    for field in ["seconds", "steps_per_second", "success_of_feasible"] {
        assert!(document[field].as_f64().expect(field) >= 0.0, "{field}");
    }
    assert!(document["mastery"].is_null(), "nobody masters the task in 20,000 steps");
    let path = std::path::Path::new(document["run"].as_str().expect("a path"));
    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
    let time = name.strip_prefix("TimedArrival-v1__lstm__seed1__").expect("what the folder holds");
    let (date, time) = time.split_once('-').expect("date and time");
    assert!(date.len() == 8 && time.len() == 6 && (date.to_owned() + time).bytes().all(|b| b.is_ascii_digit()));
}

#[test]
fn two_sync_runs_are_equal_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let checkpoint = |run: &std::path::Path| fs::read(run.join("checkpoints/last.safetensors")).expect("a checkpoint");
    let again = train(folder.path(), "again", &["--seed", "1"]);
    let other = train(folder.path(), "other", &["--seed", "2"]);
    assert!(checkpoint(tiny_run()) == checkpoint(&again), "the same seed gave another checkpoint");
    assert!(checkpoint(tiny_run()) != checkpoint(&other), "another seed gave the same checkpoint");
}

#[test]
fn help_has_examples_and_list_names_every_agent() {
    for command in ["train", "evaluate", "suite", "list", "doctor"] {
        let help = run(&[command, "--help"]);
        assert!(help.status.success());
        assert!(
            String::from_utf8_lossy(&help.stdout)
                .contains(&format!("Examples:\n  {} {command}", env!("CARGO_BIN_EXE_gridworld"))),
            "{command}"
        );
    }
    let listed = json(&["list", "--json"]);
    let agents: Vec<_> = listed["agents"].as_array().expect("agents").iter().map(|agent| &agent["name"]).collect();
    assert_eq!(
        agents,
        [
            "lstm",
            "lstm-nac",
            "lstm-nalu",
            "lstm-nau",
            "lstm-nmu",
            "lstm-ternary",
            "lstm-elapsed",
            "lstm-remaining",
            "oracle",
            "random"
        ]
    );
    let environments: Vec<_> = listed["environments"].as_array().expect("a list").iter().map(|e| &e["id"]).collect();
    assert_eq!(environments, ["TimedArrival-v1", "IntervalReproduction-v1"]);
}
