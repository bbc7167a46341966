//! An interrupted training goes on as if nothing had happened.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{TINY, metrics, program, run, stderr, train};
use crate::tensorboard::assert_the_reader_agrees;

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

/// Goes on with a tiny run to 30,000 steps.
fn lengthen(run: &Path, more: &[&str]) {
    let path = run.to_str().expect("UTF-8");
    let output = crate::support::run(&[&["train", "--resume", path, "--steps", "30000", "--quiet"], more].concat());
    assert!(output.status.success(), "{}", stderr(&output));
}

fn last(run: &Path) -> Vec<u8> {
    fs::read(run.join("checkpoints/last.safetensors")).expect("a checkpoint")
}

#[test]
fn flags_that_agree_are_taken_and_what_changes_is_recorded_wherever_the_run_is_now() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = train(folder.path(), "before", &["--seed", "3"]);
    let plain = train(folder.path(), "plain", &["--seed", "3"]);
    let moved = folder.path().join("elsewhere/moved");
    fs::create_dir(folder.path().join("elsewhere")).expect("a folder");
    fs::rename(path, &moved).expect("the run can be moved");
    let runs = folder.path().join("elsewhere");
    let place = ["--runs", runs.to_str().expect("UTF-8"), "--name", "moved"];
    // Everything that it was made with, except that it is to take more steps.
    let same = TINY.iter().filter(|flag| !["--steps", "20000", "--quiet"].contains(flag)).copied();
    let same: Vec<&str> = same.chain(["--seed", "3", "--T", "5..=12", "--time-limit", "20"]).chain(place).collect();
    lengthen(&moved, &same);
    lengthen(&plain, &[]);
    assert!(last(&moved) == last(&plain), "the same flags changed something");
    let config: serde_json::Value =
        serde_json::from_slice(&fs::read(moved.join("config.json")).expect("config.json")).expect("JSON");
    assert_eq!((&config["training"]["steps"], &config["device"]), (&30_000.into(), &"cpu".into()));
    let commands: Vec<&str> =
        config["commands"].as_array().expect("a list").iter().filter_map(|c| c.as_str()).collect();
    assert!(matches!(commands[..], [first, second] if !first.contains("--resume") && second.contains("--steps 30000")));
}

/// The event file of a run that was never resumed.
fn event_file(run: &Path) -> PathBuf {
    let paths = fs::read_dir(run).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut events = paths.filter(|path| path.to_string_lossy().contains("events.out.tfevents."));
    events.next().expect("an event file")
}

#[test]
fn torn_ends_of_metrics_and_events_are_mended_or_passed_over() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [torn, sound] = ["torn", "sound"].map(|name| train(folder.path(), name, &[]));
    let events = event_file(&torn);
    let piece = fs::read(&events).expect("events")[..20].to_vec();
    for (path, tail) in [(events, &piece[..]), (torn.join("metrics.jsonl"), b"{\"step\":20480,\"sec")] {
        OpenOptions::new().append(true).open(path).and_then(|mut file| file.write_all(tail)).expect("a longer file");
    }
    [&torn, &sound].iter().for_each(|run| lengthen(run, &[]));
    assert!(last(&torn) == last(&sound));
    let steps = |run| metrics(run).iter().map(|line| line["step"].as_u64().expect("a step")).collect::<Vec<_>>();
    assert_eq!(steps(&torn), steps(&sound));
    assert!(steps(&torn).iter().any(|&step| step > 20_480), "{:?}", steps(&torn));
    assert_the_reader_agrees(&torn);
}
