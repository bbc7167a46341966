//! Wrong usage: one line that names the culprit, status 2, and nothing done.

use std::fs;
use std::os::unix::fs::{lchown, symlink};
use std::path::Path;

use nix::unistd::geteuid;

use crate::support::{copy_of_tiny_run, json, run, stderr, tiny_run, train};

/// Runs `arguments`; they must be refused in one line that contains all of `words`.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = run(arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(output.stdout.is_empty(), "{arguments:?} printed on standard output");
    assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    assert!(said.starts_with("error: ") && !said.contains("panicked"), "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?}: no {word:?} in {said}");
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn flags_of_train_are_checked_before_anything_is_made() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().join("runs");
    let rows: &[(&[&str], &[&str])] = &[
        (&["--T", "0..5"], &["--T"]),
        (&["--T", "0"], &["--T"]),
        (&["--T", "-3..5"], &["--T"]),
        (&["--T", "12..5"], &["--T", "12..5"]),
        (&["--T", ""], &["--T"]),
        (&["--T", "five"], &["--T", "five"]),
        (&["--T", "5.."], &["--T"]),
        (&["--T", "5..12", "--time-limit", "6"], &["12", "6"]),
        (&["--env", "Interval"], &["--env", "TimedArrival-v1", "IntervalReproduction-v1"]),
        (&["--env", "timed-arrival"], &["--env", "TimedArrival-v1"]),
        (&["--env", "IntervalReproduction-v1", "--time-limit", "27"], &["--T", "12", "28", "27"]),
        (&["--env", "IntervalReproduction-v1", "--T", "0"], &["--T"]),
        (&["--env", "IntervalReproduction-v1", "--tolerance", "some"], &["--tolerance"]),
        (&["--env", "IntervalReproduction-v1", "--tolerance", "10001"], &["--tolerance"]),
        (&["--tolerance", "1"], &["--tolerance", "TimedArrival-v1"]),
        (&["--agent", "lstm-nak"], &["--agent", "lstm-nac"]),
        (&["--agent", "oracle"], &["--agent", "oracle"]),
        (&["--workers", "0"], &["--workers"]),
        (&["--envs", "0"], &["--envs"]),
        (&["--rollout", "0"], &["--rollout"]),
        (&["--steps", "0"], &["--steps"]),
        (&["--steps", "many"], &["--steps"]),
        (&["--learning-rate", "0"], &["--learning-rate"]),
        (&["--learning-rate", "NaN"], &["--learning-rate"]),
        (&["--lambda", "1.5"], &["--lambda"]),
        (&["--until", "1.5"], &["--until"]),
        (&["--units", "65"], &["--units", "64"]),
        (&["--device", "gpu"], &["--device"]),
        (&["--reward", "big"], &["--reward"]),
        (&["--name", "../elsewhere"], &["name"]),
        (&["--hidden", "1e6"], &["model.hidden", "parameters"]),
        (&["--workers", "1e6"], &["training.workers"]),
        (&["--on-nan", "ignore"], &["--on-nan", "rollback"]),
        (&["--nonsense"], &["--nonsense"]),
    ];
    for (flags, words) in rows {
        refused(&[&["train", "--runs", text(&runs)], *flags].concat(), words);
        assert!(!runs.exists(), "{flags:?} left a folder");
    }
}

#[test]
fn cuda_without_a_device_is_an_error() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let doctor = json(&["doctor", "--json", "--runs", text(folder.path())]);
    let devices = doctor["cuda_devices"].as_u64().expect("a number");
    let runs = folder.path().join("runs");
    refused(&["train", "--runs", text(&runs), "--device", &format!("cuda:{devices}")], &["--device"]);
    assert!(!runs.exists());
}

#[test]
fn a_file_is_no_folder_of_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    fs::write(&file, "kept").expect("a file");
    refused(&["train", "--runs", text(&file)], &["--runs", text(&file)]);
    assert_eq!(fs::read_to_string(&file).expect("the file"), "kept");
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let runs = tiny_run().parent().expect("a folder");
    refused(&["train", "--runs", text(runs), "--name", "tiny"], &["tiny"]);
}

#[test]
fn evaluate_names_the_flag_or_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    let tiny = text(tiny_run());
    refused(&["evaluate", text(&empty), "--T", "5"], &[text(&empty)]);
    refused(&["evaluate", text(&folder.path().join("nowhere")), "--T", "5"], &["nowhere"]);
    refused(&["evaluate", "oracle", "--env", "Nowhere-v1"], &["--env", "IntervalReproduction-v1"]);
    refused(&["suite", "--", "--env=IntervalReproduction-v1"], &["--env"]);
    refused(&["evaluate", tiny, "--T", "0"], &["--T"]);
    refused(&["evaluate", tiny, "--T", "10001"], &["--T"]);
    refused(&["evaluate", tiny, "--T", "5", "--episodes", "0"], &["--episodes"]);
    refused(&["evaluate", tiny, "--T", "5", "--policy", "clever"], &["--policy"]);
    refused(&["evaluate", tiny, "--T", "5", "--checkpoint", "nowhere.safetensors"], &["nowhere.safetensors"]);
    refused(&["evaluate", tiny, "--T", "5", "--trace", text(&empty)], &["--trace", text(&empty)]);
    let nowhere = folder.path().join("nowhere/trace.jsonl");
    refused(&["evaluate", tiny, "--T", "5", "--trace", text(&nowhere)], &["--trace", text(&nowhere)]);
}

#[test]
fn a_damaged_or_foreign_checkpoint_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let checkpoint = copy.join("checkpoints/best.safetensors");
    let whole = fs::read(&checkpoint).expect("a checkpoint");
    for length in [0, 7, 100, whole.len() / 2, whole.len() - 1] {
        fs::write(&checkpoint, &whole[..length]).expect("a shorter file");
        refused(&["evaluate", text(&copy), "--T", "5"], &["best.safetensors"]);
    }
    let other = train(folder.path(), "other", &["--agent", "lstm"]);
    fs::copy(other.join("checkpoints/best.safetensors"), &checkpoint).expect("a copy");
    refused(&["evaluate", text(&copy), "--T", "5"], &["--checkpoint", "lstm-nac"]);
}

#[test]
fn a_configuration_that_asks_for_what_there_is_not_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let whole = fs::read_to_string(copy.join("config.json")).expect("config.json");
    let rows = [
        ("\"hidden\": 16", "\"hidden\": 99999999999", "model.hidden"),
        ("\"kernel\": 8", "\"kernel\": 80", "model.convolutions.kernel"),
        ("\"stride\": 4", "\"stride\": 0", "model.convolutions.stride"),
        ("\"envs\": 16", "\"envs\": 1048576000", "training.envs"),
        ("\"T\": \"5..12\"", "\"T\": \"12..5\"", "12..5"),
        ("\"T\": \"5..12\"", "\"T\": \"../../..\"", "../../.."),
    ];
    for (from, to, culprit) in rows {
        assert!(whole.contains(from), "no {from} in {whole}");
        fs::write(copy.join("config.json"), whole.replace(from, to)).expect("another configuration");
        refused(&["evaluate", text(&copy), "--T", "5"], &["config.json", culprit]);
        refused(&["train", "--resume", text(&copy), "--steps", "40000"], &["config.json", culprit]);
    }
}

#[test]
fn a_run_whose_files_are_links_to_what_is_not_the_users_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let (mine, link) = (folder.path().join("mine"), copy.join("metrics.jsonl"));
    fs::write(&mine, "kept").expect("a file");
    fs::remove_file(&link).expect("no metrics");
    let root = geteuid().is_root();
    // What is another's: the link, which only root gives away, or else what it leads to.
    symlink(if root { &mine } else { Path::new("/etc/passwd") }, &link).expect("a link");
    if root {
        lchown(&link, Some(1), None).expect("given away");
    }
    for command in ["evaluate", "inspect"] {
        refused(&[command, text(&copy)], &["metrics.jsonl", "leads out"]);
    }
    refused(&["train", "--resume", text(&copy), "--steps", "40000"], &["metrics.jsonl", "leads out"]);
    assert_eq!(fs::read_to_string(&mine).expect("the file"), "kept");
}

#[test]
fn inspect_names_the_run_or_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let nowhere = folder.path().join("nowhere");
    refused(&["inspect"], &["RUN"]);
    refused(&["inspect", text(&nowhere)], &[text(&nowhere)]);
    refused(&["inspect", "oracle"], &["oracle", "run"]);
    refused(&["inspect", text(tiny_run()), "--checkpoint", text(&nowhere)], &["--checkpoint", text(&nowhere)]);
    let copy = copy_of_tiny_run(folder.path());
    fs::write(copy.join("checkpoints/best.safetensors"), "no checkpoint").expect("a file");
    refused(&["inspect", text(&copy)], &["best.safetensors"]);
}

#[test]
fn what_shows_an_agent_names_the_flag_or_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let nowhere = folder.path().join("nowhere");
    let (tiny, nowhere) = (text(tiny_run()), text(&nowhere));
    refused(&["watch"], &["RUN"]);
    refused(&["watch", nowhere], &[nowhere]);
    refused(&["watch", tiny, "--T", "0"], &["--T"]);
    refused(&["watch", tiny, "--T", "12..5"], &["--T", "5..12"]);
    refused(&["watch", tiny, "--episodes", "0"], &["--episodes"]);
    refused(&["watch", tiny, "--episodes", "257"], &["--episodes", "256"]);
    refused(&["watch", tiny, "--checkpoint", nowhere], &["--checkpoint", nowhere]);
    refused(&["watch", "oracle", "--tolerance", "1"], &["--tolerance"]);
    refused(&["play"], &["play", "terminal"]);
    refused(&["play", "--T", "0"], &["--T"]);
    refused(&["play", "--checkpoint", "last"], &["--against"]);
    let gif = folder.path().join("walk.gif");
    let gif = text(&gif);
    refused(&["record", tiny], &["--out"]);
    refused(&["record", tiny, "--out", text(folder.path())], &["--out", text(folder.path())]);
    refused(&["record", tiny, "--out", &format!("{nowhere}/walk.gif")], &["--out", nowhere]);
    refused(&["record", nowhere, "--out", gif], &[nowhere]);
    refused(&["record", tiny, "--out", gif, "--delay", "5"], &["--delay"]);
    refused(&["record", tiny, "--out", gif, "--frames", &format!("{nowhere}/frames")], &["--frames", nowhere]);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "something was left behind");
}

#[test]
fn resuming_takes_a_run_that_can_go_on_and_no_other_configuration() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    refused(&["train", "--resume", text(folder.path())], &["--resume"]);
    let tiny = text(tiny_run());
    refused(&["train", "--resume", tiny], &["--resume", "--steps"]);
    let rows: &[(&[&str], &str)] = &[
        (&["--seed", "4"], "--seed: the run has 1,"),
        (&["--T", "5..9"], "--T: the run has 5..12,"),
        (&["--env", "IntervalReproduction-v1"], "--env: the run has TimedArrival-v1,"),
        (&["--agent", "lstm"], "--agent: the run has lstm-nac,"),
        (&["--reward", "exact"], "--reward: the run has graded,"),
        (&["--time-limit", "30"], "--time-limit: the run has 20,"),
        (&["--mode", "async"], "--mode: the run has sync,"),
        (&["--optimizer", "rmsprop"], "--optimizer: the run has adam,"),
        (&["--eval-interval", "5"], "--eval-interval: the run has 10000,"),
        (&["--hidden", "32"], "--hidden: the run has 16,"),
        (&["--reading", "state"], "--reading: the run has additive,"),
        (&["--name", "other"], "--name: the run has tiny,"),
        (&["--runs", "/"], "--runs: the run has "),
        // What agrees comes first, and is no reason to refuse.
        (&["--seed", "1", "--agent", "lstm-nac", "--workers", "3"], "--workers: the run has 2,"),
    ];
    for (flags, words) in rows {
        refused(&[&["train", "--resume", tiny, "--steps", "30000"], *flags].concat(), &[words]);
    }
}
