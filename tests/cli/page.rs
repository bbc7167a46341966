//! The report's page as it is used: its own JavaScript chooses the actions that the program chooses, in V8 alone and in
//! a real browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{json, run, stderr};

/// Lists of T and episodes for each: a thousand in all.
const PLAYED: [(&str, &str); 3] = [("5..13,15,17,19,20,25,30", "64"), ("100", "20"), ("300", "20")];

/// One of the scripts beside the page's tests, with the page and its traces; nothing without a Python to run it.
fn script(name: &str, page: &Path, traces: &[PathBuf], more: &[String]) -> Option<Output> {
    let Some(python) = std::env::var_os("GRIDWORLD_PYTHON") else {
        eprintln!("skipped: GRIDWORLD_PYTHON names no Python with mini-racer; `make test` prepares one");
        return None;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/page").join(name);
    let output = Command::new(python).arg(script).arg(page).args(traces).args(more).output();
    Some(output.expect("Python starts"))
}

/// What the scripts found of each player: a thousand episodes, of which none differs, or hardly any. Who adds in another
/// order differs where two logits are as good as the same, and after little training that happens.
fn check_played(found: &Value, players: usize, most_ties: u64) {
    let found = found.as_array().expect("players");
    assert_eq!(found.len(), players);
    for player in found {
        let [episodes, different, ties] =
            ["episodes", "different", "ties"].map(|field| player[field].as_u64().expect("a number"));
        assert!(episodes == 1000 && different == ties && ties <= most_ties, "{player}");
    }
}

/// Trains an agent long enough to do more than stand still, in a second or two.
fn trained(runs: &Path, name: &str, flags: &[&str]) -> PathBuf {
    let size = ["--steps", "120000", "--hidden", "24", "--workers", "1", "--mode", "sync", "--seed", "1", "--quiet"];
    let more = ["--runs", runs.to_str().expect("UTF-8"), "--name", name, "--eval-episodes", "10"];
    let output = run(&[&["train"], &size[..], &more, flags].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    runs.join(name)
}

/// What the program plays of a run, in the order of its trace.
fn traced(run_folder: &Path, file: &Path) -> String {
    let mut lines = String::new();
    let (run_name, name) = (run_folder.to_str().expect("UTF-8"), file.to_str().expect("UTF-8"));
    for (values, episodes) in PLAYED {
        let output = run(&["evaluate", run_name, "--T", values, "--episodes", episodes, "--trace", name]);
        assert!(output.status.success(), "{}", stderr(&output));
        lines += &fs::read_to_string(file).expect("a trace");
    }
    fs::write(file, &lines).expect("a trace");
    lines
}

/// The page of these runs, and the traces of its players.
fn page(folder: &Path, runs: &[PathBuf]) -> (PathBuf, Vec<PathBuf>) {
    let page = folder.join("report.html");
    let names: Vec<&str> = runs.iter().map(|run| run.to_str().expect("UTF-8")).collect();
    let out = ["--out", page.to_str().expect("UTF-8"), "--json"];
    let document = json(&[&["report"], &names[..], &out].concat());
    assert_eq!(document["without_player"], serde_json::json!([]), "{document}");
    let players = document["players"].as_array().expect("players").iter().map(|name| name.as_str().expect("a name"));
    let trace = |name: &str| {
        let run = runs.iter().find(|run| run.ends_with(name)).expect("a run of this name");
        let file = folder.join(format!("{name}.jsonl"));
        let lines = traced(run, &file);
        let used =
            (0..5).filter(|action| lines.contains(&format!(",{action}")) || lines.contains(&format!("[{action}")));
        assert!(used.count() >= 3, "{name}: an agent that stands still proves nothing");
        file
    };
    (page.clone(), players.map(trace).collect())
}

/// Uses the page in Chromium, if there is one. Gives what was looked at.
fn browse(page: &Path, traces: &[PathBuf], most_ties: u64, more: &[String]) -> Option<Value> {
    let output = script("browser.py", page, traces, more)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(3) {
        eprintln!("skipped: {} (Debian's package is called chromium)", said.trim());
        return None;
    }
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!(found["wrong"], serde_json::json!([]), "{said}");
    check_played(&found["played"], traces.len(), most_ties);
    Some(found)
}

#[test]
fn the_page_chooses_what_the_program_chooses() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let interval =
        ["--agent", "lstm-nac", "--env", "IntervalReproduction-v1", "--T", "3..6", "--reading", "additive-state"];
    let agents: [(&str, &[&str]); 5] = [
        ("lstm", &["--agent", "lstm", "--learning-rate", "8e-3"]),
        ("lstm-nac", &["--agent", "lstm-nac"]),
        ("lstm-nalu", &["--agent", "lstm-nalu", "--reading", "recurrent"]),
        ("lstm-nau", &["--agent", "lstm-nau"]),
        ("interval", &interval),
    ];
    let runs: Vec<PathBuf> = agents.iter().map(|(name, flags)| trained(folder.path(), name, flags)).collect();
    let (page, traces) = page(folder.path(), &runs);
    assert_eq!(traces.len(), agents.len());
    let Some(output) = script("engine.py", &page, &traces, &[]) else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    check_played(&found, agents.len(), 5);
    browse(&page, &traces, 5, &[]);
}

/// `make test-page`: the agents of the runs in `GRIDWORLD_PAGE_RUNS`, and pictures in `GRIDWORLD_PAGE_SHOTS`.
#[test]
#[ignore = "needs trained agents and a browser: make test-page"]
fn trained_agents_in_the_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let named = std::env::var("GRIDWORLD_PAGE_RUNS").unwrap_or_default();
    // Copies: an evaluation replaces the one that is in a run.
    let copy = |run: &str| {
        let (run, copy) = (Path::new(run), folder.path().join(Path::new(run).file_name().expect("a name")));
        fs::create_dir_all(copy.join("checkpoints")).expect("a folder");
        for file in ["config.json", "metrics.jsonl", "checkpoints/best.safetensors"] {
            fs::copy(run.join(file), copy.join(file)).unwrap_or_else(|error| panic!("{file} of {run:?}: {error}"));
        }
        copy
    };
    let runs: Vec<PathBuf> = named.split_whitespace().map(copy).collect();
    assert!(!runs.is_empty(), "name runs: make test-page RUNS=\"runs/mine runs/other\"");
    let (page, traces) = page(folder.path(), &runs);
    let pictures = std::env::var("GRIDWORLD_PAGE_SHOTS").ok().filter(|folder| !folder.is_empty());
    let more: Vec<String> = pictures.into_iter().flat_map(|folder| ["--screenshots".to_owned(), folder]).collect();
    let found = browse(&page, &traces, 0, &more).expect("a browser and a Python");
    println!("{found:#}");
}
