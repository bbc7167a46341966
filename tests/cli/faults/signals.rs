//! Signals: what was begun is saved, whoever sends them and however often.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Output};
use std::time::Duration;

use gridworld::run::checkpoint_file;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{BUSY, ended, resume, spawn, start, wait_for_records, wait_until};
use crate::support::{program, stderr};

/// Number of steps that no test waits for.
const ENDLESS: &str = "1e9";

fn send(child: &Child, signals: &[Signal]) {
    let process = Pid::from_raw(i32::try_from(child.id()).expect("a process"));
    signals.iter().for_each(|&signal| kill(process, signal).expect("it is ours"));
}

/// Fails unless the program was interrupted, has said so once, and has nothing else to complain of.
fn assert_interrupted(output: &Output, way_on: &str) {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(130), "{}: {said}", output.status);
    assert_eq!(said.matches("interrupt again to quit immediately").count(), 1, "{said}");
    assert!(!said.contains("panicked") && !said.contains("error"), "{said}");
    assert!(said.lines().last().is_some_and(|line| line.contains(way_on)), "no {way_on:?} in {said}");
}

fn saved_steps(run: &Path) -> u64 {
    let last = checkpoint_file::load(&run.join("checkpoints/last.safetensors")).expect("it is whole");
    last.field("steps").expect("steps")
}

/// `timeout` signals the program and its group, some parents pass on what the terminal has sent to all, and a terminal
/// that goes away is told of by the system, by the shell and by the manager of the session.
#[test]
fn a_request_that_comes_twice_is_one_and_the_training_is_saved() {
    use Signal::{SIGHUP, SIGINT, SIGTERM};
    let folder = tempfile::tempdir().expect("a temporary folder");
    let requests: [&[Signal]; 4] =
        [&[SIGTERM, SIGTERM, SIGTERM], &[SIGINT, SIGINT], &[SIGHUP], &[SIGHUP, SIGHUP, SIGTERM]];
    for (name, request) in requests.iter().enumerate() {
        let run = folder.path().join(name.to_string());
        let child = start(folder.path(), &name.to_string(), ENDLESS, &[]);
        wait_for_records(&run);
        send(&child, request);
        assert_interrupted(&ended(child), "gridworld train --resume");
        assert!(saved_steps(&run) > 0, "{request:?}");
    }
}

#[test]
fn a_second_ctrl_c_ends_a_training_at_once_and_without_an_error_of_its_workers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // An update takes long, so that the workers compute when the second one comes.
    let slow = ["--envs", "1024", "--rollout", "200", "--hidden", "128", "--workers", "2"];
    for delay in [300, 450, 600] {
        let name = delay.to_string();
        let mut child = start(folder.path(), &name, ENDLESS, &slow);
        wait_until("there is no checkpoint", || {
            folder.path().join(&name).join("checkpoints/last.safetensors").exists()
        });
        send(&child, &[Signal::SIGINT]);
        let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        while !line.contains("interrupt again") {
            assert!(said.read_line(&mut line).expect("UTF-8") > 0, "it does not say that it was interrupted: {line}");
        }
        std::thread::sleep(Duration::from_millis(delay));
        send(&child, &[Signal::SIGINT]);
        said.read_to_string(&mut line).expect("UTF-8");
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), Some(130), "{status}: {line}");
        assert!(!line.contains("panicked") && !line.contains("a bug"), "{line}");
        saved_steps(&folder.path().join(&name));
    }
}

#[test]
fn who_is_interrupted_at_the_start_can_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = folder.path().join("run");
    let child = start(folder.path(), "run", ENDLESS, &[]);
    wait_until("there is no folder", || run.exists());
    send(&child, &[Signal::SIGINT]);
    assert_interrupted(&ended(child), "gridworld train --resume");
    let output = ended(resume(&run, &["--steps", "4000"]));
    assert!(output.status.success(), "{}", stderr(&output));
}

/// Tests signals that are ignored at the start, as by `nohup`, and by shells without job control for what runs in the
/// background.
#[test]
fn signals_that_are_ignored_at_the_start_stay_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = folder.path().join("run");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "trap '' HUP INT; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_gridworld")]);
    command.args(["train", "--name", "run", "--steps", ENDLESS, "--runs"]).arg(folder.path()).args(BUSY);
    let mut child = spawn(&mut command);
    wait_for_records(&run);
    send(&child, &[Signal::SIGHUP, Signal::SIGINT, Signal::SIGHUP, Signal::SIGINT]);
    let before = saved_steps(&run);
    wait_until("it does not go on", || saved_steps(&run) > before + 20_000);
    assert!(child.try_wait().expect("it is ours").is_none());
    send(&child, &[Signal::SIGTERM]);
    assert_interrupted(&ended(child), "gridworld train --resume");
}

#[test]
fn an_experiment_of_arithmetic_keeps_what_is_done() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = program();
    command.args(["numeracy", "identity", "--cell", "relu", "--seeds", "1000", "--iterations", "2000", "--quiet"]);
    let child = spawn(command.args(["--name", "run", "--runs"]).arg(folder.path()));
    let seeds = folder.path().join("run/seeds.jsonl");
    wait_until("no seed is done", || fs::read_to_string(&seeds).is_ok_and(|text| text.contains('\n')));
    send(&child, &[Signal::SIGTERM, Signal::SIGTERM]);
    assert_interrupted(&ended(child), "gridworld numeracy identity --resume");
}
