//! Running the program, and a small training that several tests look at.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// Flags of a training that takes about a second.
pub const TINY: &[&str] = &[
    "--steps",
    "20000",
    "--envs",
    "16",
    "--hidden",
    "16",
    "--eval-interval",
    "10000",
    "--eval-episodes",
    "5",
    "--mode",
    "sync",
    "--quiet",
];

/// The program, ready for arguments.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridworld"));
    command.env("RUST_BACKTRACE", "1").env("COLUMNS", "100");
    command
}

/// Runs the program to its end.
pub fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().expect("the program starts")
}

/// Runs the program, which must succeed, and reads its standard output as one JSON document.
pub fn json(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

/// Trains with the tiny flags and `more` into `runs/name`, and gives the run's folder.
pub fn train(runs: &Path, name: &str, more: &[&str]) -> PathBuf {
    let runs = runs.to_str().expect("UTF-8");
    let arguments = [&["train", "--runs", runs, "--name", name], TINY, more].concat();
    let output = run(&arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    Path::new(runs).join(name)
}

/// A finished tiny training of `lstm-nac` with seed 1 and two workers, shared by the tests that only
/// read it.
pub fn tiny_run() -> &'static Path {
    static RUN: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, run) = RUN.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let run = train(folder.path(), "tiny", &["--seed", "1"]);
        (folder, run)
    });
    run
}

/// Copies the tiny training, to be damaged.
pub fn copy_of_tiny_run(into: &Path) -> PathBuf {
    let copy = into.join("copy");
    std::fs::create_dir_all(copy.join("checkpoints")).expect("a folder");
    for file in ["config.json", "metrics.jsonl", "checkpoints/last.safetensors", "checkpoints/best.safetensors"] {
        std::fs::copy(tiny_run().join(file), copy.join(file)).expect("a copy");
    }
    copy
}

/// The Python that the tests' scripts need, as `make test` prepares it.
///
/// # Panics
/// If there is none: what is not compared has not passed.
pub fn python() -> Command {
    let python = std::env::var_os("GRIDWORLD_PYTHON").expect(
        "GRIDWORLD_PYTHON names no Python with scripts/requirements.txt: `make test` prepares one (alone: \
         `export GRIDWORLD_PYTHON=$(python3 scripts/venv.py)`)",
    );
    Command::new(python)
}

/// Gives the path of one of the project's scripts.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(name)
}

/// Writes what `watch --json` tells of an agent's greedy and of its sampled episodes into `folder`: these have all
/// actions in them, whatever was learnt.
pub fn watched(run_folder: &Path, folder: &Path, values: &str, episodes: &str) -> Vec<PathBuf> {
    let (run_name, name) = (run_folder.to_str().expect("UTF-8"), run_folder.file_name().expect("a name"));
    ["greedy", "sample"]
        .map(|policy| {
            let flags = ["--T", values, "--episodes", episodes, "--policy", policy, "--json"];
            let output = run(&[&["watch", run_name], &flags[..]].concat());
            assert!(output.status.success(), "{}", stderr(&output));
            let file = folder.join(format!("{}-{policy}.json", name.display()));
            std::fs::write(&file, output.stdout).expect("a document");
            file
        })
        .into()
}

/// Checks the report of a comparison with the steps that the program took, and prints it in a line, past the capture
/// of tests: how often an agent plays otherwise on its own is told, and no failure, as after a near tie it may.
pub fn check_compared(name: &str, report: &Value) {
    let number = |field: &Value| field.as_u64().expect("a number");
    let (steps, decided) = (number(&report["steps"]), number(&report["decided"]));
    assert_eq!(report["wrong"], serde_json::json!([]), "{name}: {report:#}");
    assert!(steps >= 500 && decided > 0, "{name}: too little was compared: {report:#}");
    let freely = &report["played_freely"];
    let (different, episodes) = (number(&freely["different"]), number(&freely["episodes"]));
    let line = format!("{name}: {steps} steps are the program's, {decided} of them with a choice beyond rounding");
    writeln!(std::io::stderr(), "{line}; on its own {different} of {episodes} episodes differ")
        .expect("standard error");
}

/// The lines of a run's metrics.
pub fn metrics(run: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(run.join("metrics.jsonl")).expect("metrics");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is a document")).collect()
}

/// Gives standard error as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
