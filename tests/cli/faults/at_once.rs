//! Several processes at one folder.

use std::fs;
use std::path::Path;

use gridworld::run::checkpoint_file;
use serde_json::Value;

use super::{BUSY, ended, resume, spawn, start, wait_for_records, wait_until};
use crate::support::{program, run, stderr};

/// Number of steps that no test waits for.
const ENDLESS: &str = "1e9";

#[test]
fn a_second_training_in_a_folder_is_refused_until_the_first_has_ended_however() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("run");
    let mut first = start(folder.path(), "run", ENDLESS, &[]);
    wait_for_records(&path);
    let config = fs::read(path.join("config.json")).expect("config.json");
    let second = ended(resume(&path, &["--steps", "2e9"]));
    let said = stderr(&second);
    assert_eq!((second.status.code(), said.lines().count()), (Some(2), 1), "{said}");
    assert!(said.contains(&format!("is being trained by another process (process {})", first.id())), "{said}");
    assert_eq!(fs::read(path.join("config.json")).expect("config.json"), config, "the refused one wrote something");
    first.kill().expect("it is ours");
    ended(first);
    let third = ended(resume(&path, &["--steps", "1"]));
    assert!(stderr(&third).contains("it has already trained for "), "no lock is left: {}", stderr(&third));
}

#[test]
fn two_that_start_at_once_do_not_share_a_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let named = [(); 2].map(|()| start(folder.path(), "one", "640", &[])).map(ended);
    let mut codes = named.each_ref().map(|output| output.status.code());
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(2)], "{named:?}");
    let refused = named.iter().find(|output| !output.status.success()).map(stderr).expect("one was refused");
    assert!(refused.contains("one already exists: choose another name, or resume it"), "{refused}");

    let unnamed = || spawn(program().args(["train", "--steps", "640", "--runs"]).arg(folder.path()).args(BUSY));
    for output in [(); 3].map(|()| unnamed()).map(ended) {
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1 + 3);
}

#[test]
fn what_is_read_during_a_training_is_whole() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("run");
    let mut training = start(folder.path(), "run", ENDLESS, &[]);
    let [last, best] = ["last", "best"].map(|name| path.join(format!("checkpoints/{name}.safetensors")));
    wait_until("there is no evaluation", || best.exists());
    let steps =
        |path: &Path| -> u64 { checkpoint_file::load(path).expect("it is whole").field("steps").expect("steps") };
    let (begun, mut read) = (steps(&last), 0);
    // Checkpoints are read many times while dozens are written, however busy the machine …
    while steps(&last) < begun + 60_000 || read < 100 {
        steps(&best);
        read += 2;
    }
    // … and the command does the same.
    let mut latest = 0;
    for checkpoint in ["last", "best", "last", "best", "last"] {
        let path = path.to_str().expect("UTF-8");
        let output = run(&["evaluate", path, "--T", "5", "--episodes", "1", "--checkpoint", checkpoint, "--json"]);
        assert!(output.status.success(), "{}", stderr(&output));
        let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        if checkpoint == "last" {
            let steps = document["steps"].as_u64().expect("steps");
            assert!(steps > latest, "{steps} after {latest}");
            latest = steps;
        }
    }
    training.kill().expect("it is ours");
    ended(training);
}

#[test]
fn two_suites_do_not_share_a_folder_and_parts_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    let suite = |more: &[&str]| {
        let flags = ["suite", "--agents", "lstm", "--seeds", "2", "--runs", runs, "--steps", "100000", "--eval-T", "5"];
        let train = ["--episodes", "5", "--", "--envs", "16", "--hidden", "8", "--eval-interval", "10000"];
        spawn(program().args(flags).args(more).args(train))
    };
    let first = suite(&["--shard", "1/2"]);
    wait_for_records(&folder.path().join("lstm__seed1"));
    let other_part = suite(&["--shard", "2/2"]);
    for refused in [suite(&["--shard", "1/2"]), suite(&[])].map(ended) {
        let said = stderr(&refused);
        assert_eq!((refused.status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(said.contains("another suite is running there"), "{said}");
    }
    for output in [first, other_part].map(ended) {
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let whole = ended(suite(&["--json"]));
    assert!(whole.status.success(), "{}", stderr(&whole));
}
