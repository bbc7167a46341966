//! An interrupted training goes on as if nothing had happened.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{metrics, program, run, stderr};

const FLAGS: &[&str] = &[
    "--seed",
    "5",
    "--mode",
    "sync",
    "--envs",
    "16",
    "--hidden",
    "16",
    "--steps",
    "400000",
    "--eval-interval",
    "40000",
    "--eval-episodes",
    "2",
    "--quiet",
];

fn arguments<'a>(runs: &'a str, name: &'a str) -> Vec<&'a str> {
    [&["train", "--runs", runs, "--name", name], FLAGS].concat()
}

/// Waits until the training has recorded something.
fn wait_for_metrics(run: &Path) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while fs::metadata(run.join("metrics.jsonl")).map_or(0, |file| file.len()) == 0 {
        assert!(Instant::now() < deadline, "the training records nothing");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn interrupted_and_resumed_equals_uninterrupted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    let whole = run(&arguments(runs, "whole"));
    assert!(whole.status.success(), "{}", stderr(&whole));

    let mut training = program();
    training.args(arguments(runs, "parts")).stdout(Stdio::null()).stderr(Stdio::piped());
    let child = training.spawn().expect("the training starts");
    let parts = folder.path().join("parts");
    wait_for_metrics(&parts);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let interrupted = child.wait_with_output().expect("the training ends");
    let said = stderr(&interrupted);
    assert_eq!(interrupted.status.code(), Some(130), "{said}");
    assert!(said.lines().last().expect("a line").contains("--resume"), "{said}");

    let resumed = run(&["train", "--resume", parts.to_str().expect("UTF-8"), "--quiet"]);
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    let last = |run: &Path| fs::read(run.join("checkpoints/last.safetensors")).expect("a checkpoint");
    assert!(last(&folder.path().join("whole")) == last(&parts), "the checkpoints differ");
    let steps: Vec<_> = metrics(&parts).iter().map(|line| line["step"].as_u64().expect("a step")).collect();
    assert!(steps.is_sorted() && steps.last().is_some_and(|&step| step >= 400_000), "{steps:?}");
}
