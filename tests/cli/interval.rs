//! The second environment, through the same commands.

use std::fs;

use serde_json::Value;

use crate::support::{json, run, stderr, train};

const ENV: &[&str] = &["--env", "IntervalReproduction-v1"];

fn results(document: &Value) -> &Vec<Value> {
    document["results"].as_array().expect("results")
}

#[test]
fn it_is_trained_and_evaluated_like_the_first() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let trained = train(folder.path(), "interval", &[ENV, &["--agent", "lstm", "--T", "2..4"]].concat());
    let config: Value =
        serde_json::from_slice(&fs::read(trained.join("config.json")).expect("config.json")).expect("JSON");
    let expected = serde_json::json!(
        {"id": "IntervalReproduction-v1", "T": "2..4", "time_limit": 20, "reward": "graded", "tolerance": 1, "holdout": 0.0}
    );
    assert_eq!(config["environment"], expected);

    let path = trained.to_str().expect("UTF-8");
    let found = json(&["evaluate", path, "--T", "3,4,20", "--episodes", "40", "--json"]);
    assert_eq!(found["environment"], "IntervalReproduction-v1");
    let column = |name: &str| results(&found).iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("T"), [3, 4, 20]);
    assert_eq!(column("trained"), [true, true, false]);
    assert_eq!(column("time_limit"), [20, 20, 52]);
    assert_eq!(column("episodes"), [40; 3]);

    let other = run(&["evaluate", path, "--env", "TimedArrival-v1"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(stderr(&other).contains("--env") && stderr(&other).contains("IntervalReproduction-v1"));
}

#[test]
fn its_run_folder_is_named_after_it_and_goes_on_as_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    let flags = ["--steps", "4000", "--envs", "8", "--hidden", "8", "--eval-episodes", "2", "--mode", "sync", "--json"];
    let document = json(&[&["train", "--runs", runs, "--quiet", "--tolerance", "0"], ENV, &flags].concat());
    assert_eq!(document["environment"], "IntervalReproduction-v1");
    let path = document["run"].as_str().expect("a folder");
    let name = std::path::Path::new(path).file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.starts_with("IntervalReproduction-v1__lstm-nac__seed1__"), "{name}");
    let more = json(&["train", "--resume", path, "--steps", "6000", "--quiet", "--json"]);
    assert_eq!(more["environment"], "IntervalReproduction-v1");
    assert!(more["steps"].as_u64().expect("steps") >= 6000);
}

#[test]
fn the_oracle_reproduces_and_random_does_not() {
    let play = |agent, more: &[&str]| {
        json(&[&["evaluate", agent, "--T", "2,5,30", "--episodes", "300", "--json"], ENV, more].concat())
    };
    let ceiling = play("oracle", &["--reward", "exact", "--tolerance", "0"]);
    for row in &results(&ceiling)[1..] {
        assert_eq!((&row["success"], &row["feasible"]), (&1.0.into(), &1.0.into()));
        // What is judged is the response, not the step.
        assert_eq!((&row["arrival_mean"], &row["arrival_sd"]), (&row["T"].as_f64().into(), &0.0.into()));
        assert_eq!((&row["reward_mean"], &row["timeouts"]), (&1.0.into(), &0.0.into()));
    }
    let short = &results(&ceiling)[0];
    assert_eq!(short["success_of_feasible"], 1.0);
    // A wait of 1 and an interval of 2 leave 5 steps, and some targets are farther.
    assert!((0.9..1.0).contains(&short["feasible"].as_f64().expect("feasible")), "{short}");
    let floor = play("random", &[]);
    assert!(results(&floor).iter().all(|row| row["success_of_feasible"].as_f64().expect("a share") < 0.2));
}

#[test]
fn the_table_names_the_response_and_the_time_limits() {
    let text = |more: &[&str]| {
        let output = run(&[&["evaluate", "oracle", "--episodes", "20"], more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let table = text(&[ENV, &["--T", "5,30"]].concat());
    assert!(
        table.contains("response (sd)") && table.contains("time limit 36 to 72 steps (longer for larger T)"),
        "{table}"
    );
    let table = text(&["--T", "5..12"]);
    assert!(table.contains("arrival (sd)") && table.contains("time limit 20 steps"), "{table}");
}

#[test]
fn a_suite_of_it_has_its_ceiling() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().join("suite");
    let runs = runs.to_str().expect("UTF-8");
    let base = ["suite", "--agents", "lstm", "--seeds", "1", "--runs", runs, "--steps", "4000", "--json"];
    let rest = ["--T", "2..3", "--eval-T", "1,3", "--episodes", "400", "--", "--envs", "8", "--eval-episodes", "2"];
    let summary = json(&[&base, ENV, &rest].concat());
    assert_eq!(summary["unfinished"], serde_json::json!([]));
    let oracle = &summary["agents"][1];
    assert_eq!(oracle["agent"], "oracle");
    // Timed arrival's oracle gets 0.77 at T = 1, because most targets are farther.
    assert!(oracle["runs"][0]["results"][0]["reward_mean"].as_f64().expect("a mean") > 0.9, "{oracle}");
    let trained = fs::read_to_string(std::path::Path::new(runs).join("lstm__seed1/config.json")).expect("config.json");
    assert!(trained.contains("IntervalReproduction-v1"));
    let other = run(&[&base[..], &rest].concat());
    assert_eq!(other.status.code(), Some(2), "a suite of another environment went on: {}", stderr(&other));
}
