//! Starts that fail leave nothing, and those that were killed are taken over.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::{BUSY, ended, spawn};
use crate::support::{json, program, run, stderr};

/// Gives the names in the folder of runs.
fn names(runs: &Path) -> Vec<String> {
    let entries = fs::read_dir(runs).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
}

/// The flags of a training, and of an experiment of arithmetic, that are called `run` and are short.
fn short(runs: &Path) -> [Vec<String>; 2] {
    let train = [&["train", "--steps", "4000"][..], BUSY].concat();
    let numeracy =
        ["numeracy", "identity", "--cell", "relu", "--seeds", "2", "--iterations", "100", "--quiet"].to_vec();
    [train, numeracy].map(|flags| {
        let named = ["--name", "run", "--runs", runs.to_str().expect("UTF-8")];
        flags.into_iter().chain(named).map(str::to_owned).collect()
    })
}

fn assert_succeeds(output: &Output) {
    assert!(output.status.success(), "{}: {}", output.status, stderr(output));
}

/// Fails unless the program failed with an error in one line, after warnings or none.
fn assert_fails(output: &Output, words: &[&str]) {
    let said = stderr(output);
    let errors: Vec<&str> = said.lines().filter(|line| !line.starts_with("warning: ")).collect();
    assert!(matches!(output.status.code(), Some(1 | 2)), "{}: {said}", output.status);
    assert!(errors.len() == 1 && errors[0].starts_with("error: "), "{said}");
    for word in words {
        assert!(errors[0].contains(word), "no {word:?} in {said}");
    }
}

#[test]
fn without_room_for_its_first_files_nothing_is_left_and_the_name_is_free() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [train, _] = short(folder.path());
    // In blocks of 512 or 1,024 bytes: no room for the lock, for config.json, for TensorBoard's file, for a checkpoint.
    for blocks in ["0", "1", "2", "8", "40"] {
        let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        let output = command.args(["-c", &script, env!("CARGO_BIN_EXE_gridworld")]).args(&train).output();
        assert_fails(&output.expect("a shell"), &["File too large"]);
        assert_eq!(names(folder.path()), <[String; 0]>::default(), "{blocks} blocks");
    }
    assert_succeeds(&ended(spawn(program().args(&train))));
}

#[test]
fn without_threads_there_is_an_error_and_nothing_is_left() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // A stack that no machine has room for: the system refuses the thread, as it does where there are too many.
    let without =
        |arguments: &[String]| ended(spawn(program().env("RUST_MIN_STACK", (1_u64 << 50).to_string()).args(arguments)));
    for arguments in short(folder.path()) {
        let thread = ["cannot start the thread of worker 1 of 2: ", "--workers", "ulimit -u"];
        let arguments = [arguments, vec!["--workers".to_owned(), "2".to_owned()]].concat();
        assert_fails(&without(&arguments), &thread);
        assert_eq!(names(folder.path()), <[String; 0]>::default(), "{arguments:?}");
        assert_succeeds(&ended(spawn(program().args(&arguments))));
        fs::remove_dir_all(folder.path().join("run")).expect("it is there");
    }
    let evaluate = ["evaluate", "oracle", "--T", "5..6", "--episodes", "5"].map(str::to_owned);
    assert_fails(&without(&evaluate), &["cannot start a thread", "ulimit -u"]);
}

/// Tests the leftovers of a start that is killed before its `config.json`.
#[test]
fn what_a_killed_start_leaves_is_no_run_and_its_name_is_free() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("run");
    for arguments in short(folder.path()) {
        fs::create_dir_all(path.join("checkpoints")).expect("a folder");
        fs::write(path.join(".lock"), "1\n").expect("a file");
        fs::write(path.join(".config.json.abc123.tmp"), "{\"version\": ").expect("a file");
        let runs = folder.path().to_str().expect("UTF-8");
        assert_eq!(json(&["runs", runs, "--json"])["runs"].as_array().map(Vec::len), Some(0));
        let resumed = run(&["train", "--resume", path.to_str().expect("UTF-8")]);
        assert_eq!(resumed.status.code(), Some(2));
        assert_fails(&resumed, &["no config.json"]);
        assert_succeeds(&ended(spawn(program().args(&arguments))));
        assert!(path.join("config.json").exists() && !path.join(".config.json.abc123.tmp").exists());
        let again = ended(spawn(program().args(&arguments)));
        assert_fails(&again, &["run already exists: choose another name, or resume it"]);
        fs::remove_dir_all(&path).expect("it is there");
    }
}

#[test]
fn the_folder_of_somebody_else_is_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let notes = folder.path().join("run/notes");
    fs::create_dir_all(notes.parent().expect("a folder")).expect("a folder");
    fs::write(&notes, "mine").expect("a file");
    for arguments in short(folder.path()) {
        assert_fails(&ended(spawn(program().args(&arguments))), &["run already exists"]);
        assert_eq!(fs::read_to_string(&notes).expect("it is there"), "mine");
        assert_eq!(names(notes.parent().expect("a folder")), ["notes"]);
    }
}
