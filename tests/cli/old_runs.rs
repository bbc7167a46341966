//! Runs that an earlier revision wrote: they are listed, evaluated, resumed, reported and drawn by this one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{json, metrics, run, stderr};

/// The agents' runs, and the values of T that each was trained on.
const AGENTS: [(&str, &str); 5] =
    [("lstm", "5..7"), ("lstm-nac", "5..7"), ("lstm-nalu", "5..7"), ("lstm-nau", "5..7"), ("interval", "3..5")];
/// The tasks of arithmetic.
const TASKS: [&str; 6] = ["identity", "static", "single", "recurrent", "language", "program"];

/// Copies all runs into a folder of their own.
fn copies(into: &Path) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/runs");
    let runs = into.join("runs");
    copy(&fixtures, &runs);
    runs
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let (path, to) = (entry.as_ref().expect("an entry").path(), to.join(entry.expect("an entry").file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a copy");
        }
    }
}

fn succeeds(arguments: &[&str]) {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
}

#[test]
fn agents_of_an_earlier_revision_are_played_resumed_and_reported() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = copies(folder.path());
    let paths: Vec<String> = AGENTS.iter().map(|(name, _)| runs.join(name).display().to_string()).collect();
    let listed = json(&["runs", runs.to_str().expect("UTF-8"), "--json"]);
    assert_eq!(listed["runs"].as_array().map(Vec::len), Some(AGENTS.len()), "{listed}");
    for (path, (name, trained)) in paths.iter().zip(AGENTS) {
        let evaluation = json(&["evaluate", path, "--T", trained, "--episodes", "20", "--json"]);
        assert_eq!(evaluation["results"].as_array().map(Vec::len), Some(3), "{name}: {evaluation}");
        succeeds(&["watch", path, "--T", "5", "--text"]);
        let before = metrics(Path::new(path)).len();
        succeeds(&["train", "--resume", path, "--steps", "4000", "--quiet"]);
        let after = metrics(Path::new(path));
        assert!(after.len() > before && after.last().is_some_and(|line| line["step"].as_u64() >= Some(4000)), "{name}");
        if name != "lstm" {
            succeeds(&["inspect", path]);
        }
    }
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let page = folder.path().join("report.html").display().to_string();
    let report = json(&[&["report"], &paths[..], &["--out", &page, "--json"]].concat());
    assert_eq!(report["players"].as_array().map(Vec::len), Some(AGENTS.len()), "{report}");
    let figures = folder.path().join("figures").display().to_string();
    succeeds(&["plot", paths[1], paths[3], "--out", &figures, "--format", "svg"]);
}

#[test]
fn experiments_of_an_earlier_revision_are_read_resumed_and_drawn() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = copies(folder.path());
    for task in TASKS {
        let path = runs.join(format!("n-{task}"));
        let results = |path: &Path| fs::read_to_string(path.join("results.json")).expect("results");
        let summary = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON")["summary"].clone();
        let before = summary(&results(&path));
        succeeds(&["numeracy", task, "--resume", path.to_str().expect("UTF-8"), "--quiet"]);
        let mut after = summary(&results(&path));
        // A range that was once written under the name of an error has a name of its own now.
        for entry in after.as_array_mut().into_iter().flatten().filter_map(serde_json::Value::as_object_mut) {
            entry.remove("extrapolation_range");
        }
        assert_eq!(after, before, "{task}: the same seeds come to something else");
        let figures = folder.path().join(task).display().to_string();
        let drawn = run(&["plot", path.to_str().expect("UTF-8"), "--out", &figures, "--format", "svg"]);
        assert!(drawn.status.success(), "{task}: {}", stderr(&drawn));
    }
}
