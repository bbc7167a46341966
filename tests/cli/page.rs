//! The report's page as it is used: its own JavaScript takes the steps that the program takes, in V8 alone and in a real
//! browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use crate::support::{check_compared, json, python, run, script, stderr, watched};

/// The players of a page: the run of each, and what the program told of it.
type Players = Vec<(PathBuf, Vec<PathBuf>)>;

/// Runs one of the scripts beside the page's tests, with the page and its players.
fn compare(name: &str, page: &Path, players: &Players, more: &[String]) -> Output {
    let mut command = python();
    command.arg(script("page").join(name)).arg(page).args(more);
    for (run_folder, watched) in players {
        command.arg("--player").arg(run_folder.join("checkpoints/best.safetensors")).args(watched);
    }
    command.output().expect("Python starts")
}

/// Reads the findings of a script, as one document.
fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

/// Checks the findings of the scripts about each player: all of its steps are the program's, and all actions were
/// taken.
fn check_played(found: &Value, players: &Players) {
    let found = found.as_array().expect("players");
    assert_eq!(found.len(), players.len());
    found.iter().for_each(|player| check_compared(player["player"].as_str().expect("a name"), player));
    let taken = |action: u64| {
        found.iter().any(|player| player["actions"].as_array().expect("actions").contains(&action.into()))
    };
    assert!((0..5).all(taken), "not all actions were taken: {found:#?}");
}

/// Trains an agent long enough to do more than stand still, in a second or two.
fn trained(runs: &Path, name: &str, flags: &[&str]) -> PathBuf {
    let size = [
        "--steps",
        "50000",
        "--hidden",
        "24",
        "--features",
        "28",
        "--workers",
        "1",
        "--mode",
        "sync",
        "--seed",
        "1",
        "--quiet",
    ];
    let more = ["--runs", runs.to_str().expect("UTF-8"), "--name", name, "--eval-episodes", "10"];
    let output = run(&[&["train"], &size[..], &more, flags].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    runs.join(name)
}

/// The page of these runs, and its players, in their order.
fn page(folder: &Path, runs: &[PathBuf]) -> (PathBuf, Players) {
    let page = folder.join("report.html");
    let names: Vec<&str> = runs.iter().map(|run| run.to_str().expect("UTF-8")).collect();
    let out = ["--out", page.to_str().expect("UTF-8"), "--json"];
    let document = json(&[&["report"], &names[..], &out].concat());
    assert_eq!(document["without_player"], serde_json::json!([]), "{document}");
    let players = document["players"].as_array().expect("players").iter().map(|name| name.as_str().expect("a name"));
    let player = |name: &str| {
        let run = runs.iter().find(|run| run.ends_with(name)).expect("a run of this name");
        (run.clone(), watched(run, folder, "5..13,20,100", "3"))
    };
    (page.clone(), players.map(player).collect())
}

/// One small agent for each cell and core: a page has room for a few megabytes.
fn small_agents(folder: &Path) -> Vec<PathBuf> {
    let interval = [
        "--agent",
        "lstm-nac",
        "--env",
        "IntervalReproduction-v1",
        "--T",
        "3..6",
        "--feedback-input",
        "additive-state",
    ];
    let phased = [
        "--agent",
        "lstm-ternary",
        "--env",
        "IntervalReproduction-v1",
        "--T",
        "3..6",
        "--feedback-input",
        "phases",
        "--core",
        "gated",
    ];
    let agents: [(&str, &[&str]); 13] = [
        ("lstm", &["--agent", "lstm", "--learning-rate", "8e-3"]),
        ("lstm-nac", &["--agent", "lstm-nac"]),
        ("lstm-nalu", &["--agent", "lstm-nalu", "--feedback-input", "recurrent"]),
        ("lstm-nau", &["--agent", "lstm-nau"]),
        ("lstm-nmu", &["--agent", "lstm-nmu"]),
        ("latch", &["--agent", "lstm-elapsed", "--core", "latch"]),
        ("lstm-remaining", &["--agent", "lstm-remaining", "--counter-input", "tanh", "--gain", "10"]),
        ("gru", &["--agent", "lstm-ternary", "--core", "gru"]),
        ("mingru", &["--agent", "lstm-nac", "--core", "mingru", "--instruction-input", "first"]),
        ("feed-forward", &["--agent", "lstm-nau", "--core", "feed-forward"]),
        ("nmu-recurrent", &["--agent", "lstm-nmu", "--feedback-input", "recurrent"]),
        ("interval", &interval),
        ("phased", &phased),
    ];
    agents.iter().map(|(name, flags)| trained(folder, name, flags)).collect()
}

#[test]
fn the_page_takes_the_steps_that_the_program_takes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = small_agents(folder.path());
    let (page, players) = page(folder.path(), &runs);
    assert_eq!(players.len(), runs.len());
    check_played(&document(&compare("engine.py", &page, &players, &[])), &players);
}

/// `make test-page`: small agents, or those of the runs in `GRIDWORLD_PAGE_RUNS`; pictures in `GRIDWORLD_PAGE_SHOTS`.
#[test]
#[ignore = "needs Chromium: make test-page"]
fn the_page_is_used_in_chromium() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let named = std::env::var("GRIDWORLD_PAGE_RUNS").unwrap_or_default();
    // Copies: nothing is to be written into the runs.
    let copy = |run: &str| {
        let (run, copy) = (Path::new(run), folder.path().join(Path::new(run).file_name().expect("a name")));
        fs::create_dir_all(copy.join("checkpoints")).expect("a folder");
        for file in ["config.json", "metrics.jsonl", "checkpoints/best.safetensors"] {
            fs::copy(run.join(file), copy.join(file)).unwrap_or_else(|error| panic!("{file} of {run:?}: {error}"));
        }
        copy
    };
    let named: Vec<PathBuf> = named.split_whitespace().map(copy).collect();
    let runs = if named.is_empty() { small_agents(folder.path()) } else { named };
    let (page, players) = page(folder.path(), &runs);
    let pictures = std::env::var("GRIDWORLD_PAGE_SHOTS").ok().filter(|folder| !folder.is_empty());
    let more: Vec<String> = pictures.into_iter().flat_map(|folder| ["--screenshots".to_owned(), folder]).collect();
    let output = compare("browser.py", &page, &players, &more);
    assert_ne!(output.status.code(), Some(3), "{} (Debian's package is called chromium)", stderr(&output));
    let found = document(&output);
    assert_eq!(found["wrong"], serde_json::json!([]), "{found:#}");
    check_played(&found["played"], &players);
}
