//! Sync mode gives the same checkpoint, whoever watches and whatever is printed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{TINY, program, tiny_run};

/// Trains as the tiny run was, but for how it is shown.
fn train(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The flags of the tiny run, but for the one that hides what it does.
fn shown() -> Vec<&'static str> {
    TINY.iter().copied().filter(|flag| *flag != "--quiet").collect()
}

/// Fails unless the checkpoints are those of the tiny run.
fn assert_same(trained: &Path) {
    for file in ["last.safetensors", "best.safetensors"] {
        let read = |run: &Path| fs::read(run.join("checkpoints").join(file)).expect("a checkpoint");
        assert!(read(trained) == read(tiny_run()), "{}: another {file}", trained.display());
    }
}

#[test]
fn what_is_shown_changes_no_bit() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    let base = |name: &'static str| [&["train", "--runs", runs, "--seed", "1", "--name", name], &shown()[..]].concat();
    train(program().args(base("lines")));
    train(program().args(base("json")).arg("--json"));
    train(program().args(base("debug")).envs([("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full")]));
    train(program().args(base("narrow")).envs([("COLUMNS", "20"), ("TERM", "dumb"), ("LC_ALL", "C"), ("TZ", "UTC-9")]));
    // libtorch's own threads must not matter: they are switched off.
    train(program().args(base("threads")).envs([("OMP_NUM_THREADS", "7"), ("MKL_NUM_THREADS", "7")]));
    for name in ["lines", "json", "debug", "narrow", "threads"] {
        assert_same(&folder.path().join(name));
    }
}

#[test]
#[ignore = "needs script, of util-linux: make test runs it where it is there"]
fn a_terminal_changes_no_bit_with_script() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    let flags = [&["train", "--runs", runs, "--seed", "1", "--name", "terminal"], &shown()[..]].concat();
    let line = [&[env!("CARGO_BIN_EXE_gridworld")], &flags[..]].concat().join(" ");
    train(Command::new("script").args(["-q", "-e", "-c", &line, "/dev/null"]));
    assert_same(&folder.path().join("terminal"));
}
