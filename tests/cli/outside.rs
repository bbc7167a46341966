//! The crate in examples/outside-crate, built as somebody else would who copies it: out of this folder, with its own lock
//! file, against this checkout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Copies the template, with paths that lead here.
fn copy(folder: &Path) {
    let template = Path::new(ROOT).join("examples/outside-crate");
    for file in ["Cargo.toml", "build.rs", ".cargo/config.toml", "src/lib.rs", "src/main.rs", "src/bin/press.rs"] {
        let text = fs::read_to_string(template.join(file)).expect("a file of the template");
        let here = |path: &str| format!("\"{}{path}\"", ROOT);
        let mended = text.replace("\"../..\"", &here("")).replace("\"../../", &format!("\"{ROOT}/"));
        // What the workspace has in its environment is another word for the same folder: cargo builds nothing twice.
        let mended = mended.replace(", relative = true", "");
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, mended).expect("a file");
    }
    fs::copy(Path::new(ROOT).join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file");
}

/// Gives the folder in which this test was built.
fn target() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_gridworld"));
    program.ancestors().nth(2).expect("a folder").to_owned()
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("a process");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn a_crate_of_somebody_else_trains_and_has_every_command() {
    let place = tempfile::tempdir().expect("a temporary folder");
    copy(place.path());
    let mut build = Command::new(env!("CARGO"));
    // What cargo tells this test is not what a user's shell has.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_") && name != "CARGO_HOME") {
        build.env_remove(name);
    }
    run(build.args(["build", "--release", "--offline", "--quiet", "--target-dir"]).arg(target()).current_dir(&place));
    let program = |name: &str| {
        let mut command = Command::new(target().join("release").join(name));
        command.current_dir(&place).env_remove("LD_LIBRARY_PATH");
        command
    };
    let said = run(program("train").arg("20000"));
    assert_eq!(String::from_utf8_lossy(&said.stdout).lines().filter(|line| line.starts_with("T = ")).count(), 3);

    let runs = run(program("press").args(["runs", "runs", "--json"]));
    let runs: Value = serde_json::from_slice(&runs.stdout).expect("JSON");
    let found = &runs["runs"][0];
    assert_eq!((&found["environment"], &found["status"]), (&"Press-v1".into(), &"finished".into()), "{found}");
    let run_folder = place.path().join(found["run"].as_str().expect("a path"));
    let metrics = fs::read_to_string(run_folder.join("metrics.jsonl")).expect("metrics");
    assert!(metrics.lines().all(|line| line.contains("\"press/records\"")), "{metrics}");
    let events = fs::read_dir(&run_folder).expect("a folder").filter_map(Result::ok).map(|entry| entry.path());
    let events =
        events.filter(|path| path.to_string_lossy().contains("events.out")).map(|path| fs::read(path).expect("a file"));
    let events: Vec<u8> = events.flatten().collect();
    let has = |words: &str| events.windows(words.len()).any(|window| window == words.as_bytes());
    assert!(has("_hparams_/session_start_info") && has("grace") && has("press/records"));

    let name = run_folder.to_string_lossy().into_owned();
    let evaluated = run(program("press").args(["evaluate", &name, "--T", "1..3", "--episodes", "10", "--json"]));
    let evaluated: Value = serde_json::from_slice(&evaluated.stdout).expect("JSON");
    assert_eq!(evaluated["results"].as_array().map(Vec::len), Some(3));
    let out = |file: &str| place.path().join(file).to_string_lossy().into_owned();
    for words in [
        vec!["watch", &name, "--T", "3", "--text"],
        vec!["inspect", &name],
        vec!["compare", &name, &name],
        vec!["record", &name, "--T", "3", "--out", &out("press.gif")],
        vec!["plot", &name, "--format", "svg", "--out", &out("figures")],
        vec!["report", &name, "--out", &out("report.html")],
        vec!["train", "--resume", &name, "--steps", "30000", "--quiet"],
        vec!["train", "--env", "Press-v1", "--set", "grace=5", "--T", "2..3", "--steps", "2000", "--quiet"],
    ] {
        run(program("press").args(words));
    }
    let refused = program("press").args(["evaluate", "oracle", "--env", "Press-v1"]).output().expect("a process");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the best policy in Press-v1 is not known"));
}

#[test]
fn the_template_is_short_and_optimizes_as_the_workspace_does() {
    let read = |file: &str| fs::read_to_string(Path::new(ROOT).join(file)).expect("a file");
    let lines: usize = ["lib.rs", "main.rs"]
        .iter()
        .map(|file| read(&format!("examples/outside-crate/src/{file}")).lines().count())
        .sum();
    assert!(lines <= 120, "{lines} lines");
    let profile = "[profile.release]\nstrip = true\ncodegen-units = 1\n";
    assert!(read("Cargo.toml").contains(profile) && read("examples/outside-crate/Cargo.toml").contains(profile));
}
