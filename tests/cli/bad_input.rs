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
        (&["--stop-at", "1.5"], &["--stop-at"]),
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
    refused(&["evaluate", tiny, "--T", "1000001"], &["--T"]);
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
        (&["--feedback-input", "state"], "--feedback-input: the run has additive,"),
        (&["--reading", "state"], "--feedback-input: the run has additive,"),
        (&["--name", "other"], "--name: the run has tiny,"),
        (&["--runs", "/"], "--runs: the run has "),
        // What agrees comes first, and is no reason to refuse.
        (&["--seed", "1", "--agent", "lstm-nac", "--workers", "3"], "--workers: the run has 2,"),
    ];
    for (flags, words) in rows {
        refused(&[&["train", "--resume", tiny, "--steps", "30000"], *flags].concat(), &[words]);
    }
}

#[test]
fn a_number_that_cannot_be_is_refused_with_its_flag_and_the_reason() {
    let rows = [
        (&["train"][..], "--seed", "-1", "must be at least 0"),
        (&["train"], "--steps", "1e400", "must be at most"),
        (&["train"], "--steps", "1.5", "must be a whole number"),
        (&["train"], "--envs", "0", "must be at least 1"),
        (&["train"], "--discount", "-inf", "must be finite"),
        (&["train"], "--stop-at", "-1", "must be above 0"),
        (&["evaluate", "oracle"], "--tolerance", "-1", "must be at least 0"),
        (&["record", "oracle", "--out", "walk.gif"], "--delay", "5", "must be at least 20"),
        (&["play"], "--episodes", "257", "must be at most 256"),
        (&["suite"], "--seeds", "1e16", "must be at most"),
        (&["numeracy", "static"], "--seeds", "NaN", "must be a whole number"),
    ];
    for (command, flag, value, reason) in rows {
        refused(&[command, &[flag, value]].concat(), &[flag, &format!("'{value}'"), reason]);
    }
    refused(&["train", "--agent", "-1"], &["--agent", "'-1'", "lstm-nac"]);
    refused(&["train", "--seed", "1", "--seed", "x"], &["--seed", "'x'"]);
    refused(&["train", "--name", "-x"], &["--name: ", "--name=-x"]);
    refused(&["train", "--time-limit", "6"], &["--time-limit 6", "--T 5..12"]);
    refused(&["train", "--gain", "1e16"], &["--gain: ", "1000000"]);
    refused(&["train", "--hidden", "1e6"], &["--hidden: "]);
    refused(&["train", "--device", "cuda:99"], &["--device cuda:99: "]);
    // It is a whole number.
    refused(&["train", "--steps", "1e16", "--device", "cuda:99"], &["--device cuda:99: "]);
}

#[test]
fn a_flag_without_effect_on_the_agent_is_refused() {
    let loops = "lstm has no feedback loop; choose lstm-nac, lstm-nalu, lstm-nau, lstm-nmu, lstm-ternary, \
                 lstm-elapsed or lstm-remaining";
    for (flag, value) in [("--units", "4"), ("--gain", "3"), ("--feedback-input", "state"), ("--reading", "additive")] {
        refused(&["train", "--agent", "lstm", flag, value], &[loops]);
    }
    for (flag, value) in [("--sparsity", "0"), ("--sparsity-ramp", "0..1"), ("--round-weights", "1")] {
        refused(&["train", "--agent", "lstm-nac", flag, value], &[flag, "choose lstm-nau or lstm-nmu"]);
    }
    let tiny = text(tiny_run());
    refused(
        &["train", "--resume", tiny, "--steps", "30000", "--sparsity", "0"],
        &["--sparsity: lstm-nac has no weights"],
    );
    refused(
        &["suite", "--agents", "lstm,lstm-nac", "--", "--sparsity", "0"],
        &["after the `--`: --sparsity: lstm has no"],
    );
    refused(&["evaluate", "oracle", "--checkpoint", "last"], &["--checkpoint last: oracle does not learn"]);
}

#[test]
fn what_is_named_in_the_place_of_a_run_is_said_with_the_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let inside = |name: &str| format!("{}/{name}", text(&copy));
    let (run, best, last) =
        (text(&copy), inside("checkpoints/best.safetensors"), inside("checkpoints/last.safetensors"));
    let name_it = format!("a file of the run {run}; give that folder");
    refused(&["evaluate", &best], &[&name_it, "--checkpoint best"]);
    refused(&["watch", &last], &[&name_it, "--checkpoint last"]);
    refused(&["inspect", &inside("config.json")], &[&name_it]);
    for command in [&["train", "--resume"][..], &["numeracy", "static", "--resume"]] {
        refused(&[command, &[&best]].concat(), &["--resume: ", &name_it]);
    }
    refused(&["plot", &best, "--out", text(folder.path())], &[&name_it]);
    refused(&["report", &best, "--out", &inside("page.html")], &[&name_it]);
    refused(&["compare", &best, run], &[&name_it]);
    refused(&["runs", &best], &[&name_it]);
    refused(&["evaluate", &inside("checkpoints")], &[&format!("a folder inside the run {run}; give that")]);
    refused(&["evaluate", text(folder.path())], &[&format!("contains the run {run}; give that")]);
    fs::create_dir(folder.path().join("other")).expect("a folder");
    fs::copy(copy.join("config.json"), folder.path().join("other/config.json")).expect("a copy");
    let both = format!("contains the runs {run}, {}/other; give one of them", text(folder.path()));
    refused(&["inspect", text(folder.path())], &[&both]);
    refused(&["train", "--resume", text(folder.path())], &["--resume: ", &both]);
    let loose = folder.path().join("loose.safetensors");
    fs::copy(&best, &loose).expect("a copy");
    refused(
        &["evaluate", text(&loose)],
        &["is a file; give the folder of a run", "--checkpoint ", "loose.safetensors"],
    );
    for (written, meant) in [("orcale", "oracle"), ("Random", "random"), ("radnom", "random")] {
        refused(&["evaluate", written], &[&format!("did you mean {meant}?")]);
    }
    refused(&["numeracy", "static", "--resume", run], &["--resume: ", "is a run of gridworld train"]);
}

#[test]
fn a_link_to_nothing_is_said_to_be_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("gone", &link).expect("a link");
    let (link, words) = (text(&link), "is a link to gone, which does not exist");
    refused(&["evaluate", link], &[words]);
    refused(&["runs", link], &[words]);
    refused(&["plot", link, "--out", text(folder.path())], &[words]);
    refused(&["train", "--resume", link], &["--resume: ", words]);
    refused(&["train", "--runs", link], &["--runs: ", words]);
    refused(&["suite", "--runs", link], &["--runs ", words]);
    refused(&["numeracy", "static", "--runs", link], &["--runs: ", words]);
    refused(&["evaluate", text(tiny_run()), "--checkpoint", link], &["--checkpoint ", words]);
    let file = folder.path().join("file");
    fs::write(&file, "kept").expect("a file");
    refused(
        &["train", "--runs", &format!("{}/runs", text(&file))],
        &["--runs: ", &format!("{} is a file", text(&file))],
    );
}

#[test]
fn a_checkpoint_is_refused_for_what_is_really_wrong() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let (run, checkpoints) = (text(&copy), copy.join("checkpoints"));
    let wide = train(folder.path(), "wide", &["--hidden", "32", "--steps", "2000", "--eval-interval", "2000"]);
    let other = wide.join("checkpoints/last.safetensors");
    refused(
        &["evaluate", run, "--checkpoint", text(&other)],
        &["--checkpoint ", "another network", "hidden 32, not 16"],
    );
    fs::copy(&other, checkpoints.join("last.safetensors")).expect("a copy");
    refused(&["train", "--resume", run, "--steps", "30000"], &["another network", "hidden 32, not 16"]);
    refused(&["evaluate", run, "--checkpoint", "lsat"], &["--checkpoint lsat: ", "last, best or a file"]);
    refused(&["evaluate", run, "--checkpoint", text(folder.path())], &["--checkpoint ", "it is a folder"]);

    // A training that has not come to its first evaluation.
    let young = train(folder.path(), "young", &["--steps", "2000"]);
    fs::remove_file(young.join("checkpoints/best.safetensors")).expect("no best");
    let config = fs::read_to_string(young.join("config.json")).expect("a file");
    let longer = config.replace("\"steps\": 2000", "\"steps\": 30000");
    assert_ne!(longer, config);
    fs::write(young.join("config.json"), longer).expect("a file");
    let words = "no best checkpoint yet: the first evaluation is at step 10000; use --checkpoint last";
    for command in ["evaluate", "inspect", "watch"] {
        refused(&[command, text(&young)], &[text(&young), words]);
    }
    fs::remove_file(young.join("checkpoints/last.safetensors")).expect("no last");
    refused(&["evaluate", text(&young)], &["no checkpoint in ", &young.join("checkpoints").display().to_string()]);
}

#[test]
fn a_byte_order_mark_is_no_reason_to_refuse_a_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    for file in ["config.json", "metrics.jsonl"] {
        let marked = [b"\xef\xbb\xbf", &fs::read(copy.join(file)).expect("a file")[..]].concat();
        fs::write(copy.join(file), marked).expect("a file");
    }
    assert_eq!(json(&["runs", text(&copy), "--json"])["runs"][0]["status"], "finished");
    let resumed = run(&["train", "--resume", text(&copy), "--steps", "30000", "--quiet"]);
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, reason) in [(&utf16[..], "is in UTF-16; save it as UTF-8"), (b"", "it is empty")] {
        fs::write(copy.join("config.json"), bytes).expect("a file");
        refused(&["evaluate", text(&copy)], &["config.json", reason]);
    }
}

#[test]
fn errors_name_the_flag_that_was_typed() {
    let runs = text(tiny_run().parent().expect("a folder"));
    let resume = format!("or resume it: {} train --resume {runs}/tiny", env!("CARGO_BIN_EXE_gridworld"));
    refused(&["train", "--runs", runs, "--name", "tiny"], &["error: --name: ", &resume]);
    refused(&["evaluate", &format!("{runs}/tiyn")], &[&format!("did you mean {runs}/tiny?")]);
    refused(&["train", "--runs", runs, "--name", "a/b"], &["error: --name: "]);
    refused(&["numeracy", "static", "--runs", runs, "--name", "tiny"], &["error: --name: "]);
}
