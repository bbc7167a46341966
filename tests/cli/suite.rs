//! Many trainings at once, in parts, and interrupted.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{json, metrics, program, run, stderr};

/// Flags of a suite of two agents and two seeds whose trainings take `steps` steps.
fn flags<'a>(runs: &'a str, steps: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let base = ["suite", "--seeds", "2", "--runs", runs, "--steps", steps, "--eval-T", "5,9", "--episodes", "20"];
    let train = ["--", "--envs", "16", "--hidden", "16", "--eval-interval", "10000", "--eval-episodes", "5"];
    [&base[..], more, &train[..]].concat()
}

fn checkpoint(runs: &Path, name: &str) -> Vec<u8> {
    fs::read(runs.join(name).join("checkpoints/last.safetensors")).expect("a checkpoint")
}

const NAMES: [&str; 4] = ["lstm__seed1", "lstm-nac__seed1", "lstm__seed2", "lstm-nac__seed2"];

#[test]
fn shards_make_a_whole_and_nothing_is_done_twice() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let runs = path.to_str().expect("UTF-8");
    let half = json(&flags(runs, "20000", &["--shard", "1/2", "--json"]));
    assert_eq!(half["unfinished"], serde_json::json!(["lstm__seed2", "lstm-nac__seed2"]));
    let before = checkpoint(&path, "lstm__seed1");
    let other = run(&flags(runs, "20000", &["--shard", "2/2"]));
    assert!(other.status.success(), "{}", stderr(&other));

    let whole = json(&flags(runs, "20000", &["--json"]));
    assert_eq!(whole["unfinished"], serde_json::json!([]));
    assert!(before == checkpoint(&path, "lstm__seed1"), "a finished training was touched");
    let agents: Vec<(&str, usize)> = whole["agents"]
        .as_array()
        .expect("agents")
        .iter()
        .map(|entry| (entry["agent"].as_str().expect("a name"), entry["runs"].as_array().expect("runs").len()))
        .collect();
    assert_eq!(agents, [("lstm", 2), ("lstm-nac", 2), ("oracle", 1), ("random", 1)]);
    for entry in whole["agents"].as_array().expect("agents") {
        for run in entry["runs"].as_array().expect("runs") {
            let values: Vec<&Value> = run["results"].as_array().expect("rows").iter().map(|row| &row["T"]).collect();
            assert_eq!(values, [5, 9]);
        }
    }
    assert_eq!(whole["agents"][2]["runs"][0]["results"][0]["success_of_feasible"], 1.0, "the oracle is the ceiling");

    let refused = run(&flags(runs, "30000", &[]));
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("--workers 1 --steps 20000"), "{}", stderr(&refused));
}

#[test]
fn an_interrupted_suite_goes_on_and_ends_as_if_it_had_not_been() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [straight, parts] = ["straight", "parts"].map(|name| folder.path().join(name));
    let steps = "60000";
    let done = run(&flags(straight.to_str().expect("UTF-8"), steps, &["--jobs", "2"]));
    assert!(done.status.success(), "{}", stderr(&done));

    let arguments = flags(parts.to_str().expect("UTF-8"), steps, &["--jobs", "2"]);
    let child = program().args(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !parts.join(NAMES[0]).join("metrics.jsonl").exists() || metrics(&parts.join(NAMES[0])).is_empty() {
        assert!(Instant::now() < deadline, "no training began");
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let interrupted = child.wait_with_output().expect("the suite ends");
    assert_eq!(interrupted.status.code(), Some(130), "{}", stderr(&interrupted));
    assert!(stderr(&interrupted).contains("rerun the same command"), "{}", stderr(&interrupted));

    let resumed = run(&arguments);
    assert!(resumed.status.success(), "{}", stderr(&resumed));
    // With one worker nothing depends on the order of threads: even an asynchronous training repeats.
    for name in NAMES {
        assert!(checkpoint(&straight, name) == checkpoint(&parts, name), "{name} differs");
    }
}

/// The processes that train or evaluate in the folder `runs`.
fn trainings(runs: &Path) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("the list of processes").flatten();
    let numbers = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
    let works_there = |process: &u32| {
        let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let words: Vec<&str> = line.split(|byte| *byte == 0).filter_map(|word| str::from_utf8(word).ok()).collect();
        words.get(1).is_some_and(|command| ["train", "evaluate"].contains(command))
            && words.iter().any(|word| Path::new(word).starts_with(runs))
    };
    numbers.filter(works_there).collect()
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("kill").args([name, &process.to_string()]).status().expect("kill");
    assert!(sent.success(), "{name} {process}");
}

/// Waits until something is so, which has three minutes.
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(180);
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: not within three minutes");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until a training has a record, which comes after its first checkpoint.
fn wait_for_record(run: &Path) {
    wait_until("a record", || run.join("metrics.jsonl").exists() && !metrics(run).is_empty());
}

#[test]
fn a_suite_that_is_killed_leaves_no_training_and_the_same_command_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let steps = "300000";
    let arguments = flags(path.to_str().expect("UTF-8"), steps, &["--jobs", "2", "--agents", "lstm"]);
    let start = || program().args(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let runs = ["lstm__seed1", "lstm__seed2"].map(|name| path.join(name));
    let steps_of = |run: &Path| metrics(run).last().expect("a record")["step"].as_u64().expect("a number");
    // The second time it comes while the trainings of the first are saving.
    for _ in 0..2 {
        let mut killed = start();
        wait_until("two trainings", || trainings(&path).len() == 2);
        runs.iter().for_each(|run| wait_for_record(run));
        killed.kill().expect("it is killed");
        killed.wait().expect("it is gone");
    }
    wait_until("the trainings end", || trainings(&path).is_empty());
    assert!(runs.iter().all(|run| steps_of(run) < 300_000), "they were asked to end before their time");

    // One is at work still when the next suite comes.
    let lock = fs::File::open(runs[0].join(".lock")).expect("a lock");
    lock.try_lock().expect("nobody has it");
    let mut next = start();
    let mut lines = BufReader::new(next.stderr.take().expect("standard error")).lines().map(|line| line.expect("text"));
    let first = lines.find(|line| line.starts_with("lstm__")).unwrap_or_default();
    assert_eq!(first, "lstm__seed1: another process is training it; waiting for that to end");
    drop(lock);
    let said: Vec<String> = lines.collect();
    assert!(next.wait().expect("it ends").success(), "{said:?}");
    for run in &runs {
        assert!(steps_of(run) >= 300_000 && run.join("evaluation.json").exists());
    }
    assert_eq!(trainings(&path), [0; 0]);
}

#[test]
fn a_training_that_saves_already_is_not_hurried_by_the_end_of_its_suite() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Its first evaluation, which comes before it can save, takes about a second.
    let large = ["--agent", "lstm", "--hidden", "512", "--workers", "1"];
    let runs = folder.path().to_str().expect("UTF-8");
    let mut command = program();
    command.args(["train", "--runs", runs, "--name", "large"]).args(large).env("GRIDWORLD_ENDS_WITH_STDIN", "1");
    let mut training = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines =
        BufReader::new(training.stderr.take().expect("standard error")).lines().map(|line| line.expect("text"));
    assert!(lines.any(|line| line.starts_with("run folder: ")));
    signal("-TERM", training.id());
    assert!(lines.any(|line| line.starts_with("interrupted: finishing ")));
    // So long that another signal would be a second request.
    signal("-STOP", training.id());
    std::thread::sleep(Duration::from_millis(1500));
    drop(training.stdin.take());
    signal("-CONT", training.id());
    let said: Vec<String> = lines.collect();
    assert_eq!(training.wait().expect("it ends").code(), Some(130), "{said:?}");
    assert!(said.last().is_some_and(|line| line.starts_with("interrupted: saved at step ")), "{said:?}");
}

#[test]
fn a_training_that_cannot_be_started_ends_no_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let temporary = folder.path().join("temporary");
    fs::create_dir(&temporary).expect("a folder");
    let flags = flags(path.to_str().expect("UTF-8"), "120000", &["--jobs", "2", "--agents", "lstm"]);
    let mut command = program();
    command.args(&flags).env("TMPDIR", &temporary).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut suite = command.spawn().expect("it starts");
    let runs = ["lstm__seed1", "lstm__seed2"].map(|name| path.join(name));
    runs.iter().for_each(|run| wait_for_record(run));
    let stopped = fs::read_to_string(runs[1].join(".lock")).expect("a lock").trim().parse().expect("a process");
    signal("-STOP", stopped);
    // Where a child's words are kept: the evaluation that comes next cannot be started.
    fs::remove_dir(&temporary).expect("nothing is in it");
    wait_until("the first training ends", || trainings(&path) == [stopped]);
    std::thread::sleep(Duration::from_secs(1));
    assert!(suite.try_wait().expect("its state").is_none(), "it waits for the second");
    signal("-CONT", stopped);
    let output = suite.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("error: 2 runs failed; the first: lstm__seed1: cannot start: "), "{said}");
    assert_eq!(trainings(&path), [0; 0]);

    let whole = run(&flags);
    assert!(whole.status.success(), "{}", stderr(&whole));
}

#[test]
fn a_suite_starts_the_program_that_runs_whatever_has_become_of_its_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (copy, path) = (folder.path().join("gridworld"), folder.path().join("suite"));
    fs::copy(program().get_program(), &copy).expect("a copy");
    let arguments = flags(path.to_str().expect("UTF-8"), "60000", &["--jobs", "1", "--agents", "lstm"]);
    let mut command = Command::new(&copy);
    let suite = command.args(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    wait_for_record(&path.join("lstm__seed1"));
    // As the linker does: the old file goes, and another takes its name.
    fs::remove_file(&copy).expect("it is removed");
    fs::write(&copy, "#!/bin/sh\nexit 3\n").expect("another file");
    let training = trainings(&path);
    let name = training.first().map(|process| fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default());
    let output = suite.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(path.join("lstm__seed2/evaluation.json").exists());
    assert_eq!(name.as_deref(), Some("gridworld\n"), "lists of processes show what it is");
    let config = fs::read_to_string(path.join("lstm__seed2/config.json")).expect("a configuration");
    assert!(!config.contains("/proc/self"), "{config}");
}

#[test]
fn wrong_flags_of_the_trainings_are_refused_before_there_is_a_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let runs = path.to_str().expect("UTF-8");
    let cases: &[(&[&str], &str)] = &[
        (&["--", "--hiden", "3"], "after the `--`: unexpected argument '--hiden'"),
        (&["--", "--hidden", "0"], "after the `--`: invalid value '0' for '--hidden <N>'"),
        (&["--", "16"], "after the `--`: unexpected argument '16'"),
        (&["--", "--units", "1000"], "a run of lstm-nac: --units 1000: at most "),
        (&["--", "--time-limit", "3"], "a run of lstm: --time-limit 3 with --T 5..12: T = 12 can never be met"),
        (&["--", "--tolerance", "3"], "a run of lstm: --tolerance: "),
        (&["--", "--device", "cuda:99"], "a run of lstm: --device cuda"),
        (&["--", "--agent", "lstm"], "--agent: --agents is a flag of the suite; put that before the `--`"),
        (&["--", "--env=TimedArrival-v1"], "--env: --env is a flag of the suite; put that before the `--`"),
        (&["--", "--seed", "3"], "--seed: --seeds is a flag of the suite"),
        (&["--", "--runs=elsewhere"], "--runs: --runs is a flag of the suite"),
        (&["--", "--name", "one"], "--name: each run has its own; drop the flag"),
        (&["--", "--resume", "runs/one"], "--resume: each run has its own; drop the flag"),
        (&["--agents", "lstm,lstm-nac,lstm"], "--agents: lstm is named twice"),
    ];
    for (flags, said) in cases {
        let output = run(&[&["suite", "--runs", runs][..], flags].concat());
        assert_eq!(output.status.code(), Some(2), "{flags:?}: {}", stderr(&output));
        assert!(stderr(&output).starts_with(&format!("error: {said}")), "{flags:?}: {}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1, "{flags:?}");
        assert!(!path.exists(), "{flags:?} left a folder");
    }
}

#[test]
fn a_suite_that_was_split_agent_by_agent_is_finished_by_other_parts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let runs = path.to_str().expect("UTF-8");
    // All of one agent, as the first of two parts was once.
    let once = run(&flags(runs, "20000", &["--agents", "lstm"]));
    assert!(once.status.success(), "{}", stderr(&once));
    let before = ["lstm__seed1", "lstm__seed2"].map(|name| checkpoint(&path, name));
    let part = json(&flags(runs, "20000", &["--shard", "2/2", "--json"]));
    assert_eq!(part["unfinished"], serde_json::json!(["lstm-nac__seed1"]));
    let part = json(&flags(runs, "20000", &["--shard", "1/2", "--json"]));
    assert_eq!(part["unfinished"], serde_json::json!([]));
    assert!(before == ["lstm__seed1", "lstm__seed2"].map(|name| checkpoint(&path, name)), "a finished one was touched");
}

#[test]
fn the_table_is_of_what_the_suite_asks_whatever_else_was_evaluated() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let sizes =
        ["--agents", "lstm", "--seeds", "1", "--steps", "4000", "--eval-T", "5..13", "--episodes", "6", "--json"];
    let train = ["--", "--envs", "16", "--hidden", "16", "--eval-interval", "4000", "--eval-episodes", "5"];
    let arguments = [&["suite", "--runs", path.to_str().expect("UTF-8")], &sizes[..], &train].concat();
    let before = json(&arguments);
    let rows = |document: &Value| document["agents"][0]["runs"][0]["results"].as_array().expect("rows").clone();
    assert_eq!(rows(&before).len(), 9);
    let trained = path.join("lstm__seed1");
    let evaluate = |flags: &[&str]| json(&[&["evaluate", trained.to_str().expect("UTF-8"), "--json"], flags].concat());
    for flags in [
        &["--policy", "sample"][..],
        &["--checkpoint", "last"],
        &["--seed", "4", "--episodes", "30"],
        &["--episodes", "1"],
    ] {
        evaluate(&[&["--T", "5..30"], flags].concat());
        assert_eq!(json(&arguments), before, "{flags:?}");
    }
    // More episodes on the range alone: that is better, and T = 13 is still known.
    evaluate(&["--T", "5..12", "--episodes", "9"]);
    let after = rows(&json(&arguments));
    let episodes: Vec<u64> = after.iter().map(|row| row["episodes"].as_u64().expect("a number")).collect();
    assert_eq!(episodes, [9, 9, 9, 9, 9, 9, 9, 9, 6]);
    assert_eq!(after[8], rows(&before)[8]);
}

#[test]
fn a_training_that_fails_is_named_and_the_others_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("suite");
    let arguments = flags(path.to_str().expect("UTF-8"), "20000", &["--agents", "lstm"]);
    fs::create_dir_all(path.join(NAMES[0]).join("checkpoints")).expect("a folder");
    fs::write(path.join(NAMES[0]).join("checkpoints/last.safetensors"), "no checkpoint").expect("a file");
    fs::write(path.join(NAMES[0]).join("config.json"), "{}").expect("a file");
    let output = run(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.lines().last().is_some_and(|line| line.contains("lstm__seed1")), "{said}");
    assert!(path.join("lstm__seed2/evaluation.json").exists(), "{said}");
}

#[test]
fn a_suite_with_a_name_writes_its_page_and_the_figures_behind_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (runs, page, reference) = (path("runs"), path("docs/page.md"), path("figures/reference.json"));
    let files = ["--runs", &runs, "--page", &page, "--reference", &reference];
    let sizes = ["--seeds", "2", "--steps", "4000", "--eval-T", "4,5,12,30", "--episodes", "20"];
    let train = ["--", "--envs", "16", "--hidden", "16", "--eval-interval", "4000", "--eval-episodes", "5"];
    let output = run(&[&["suite", "paper"][..], &files, &sizes, &train].concat());
    assert!(output.status.success(), "{}", stderr(&output));

    let figures: Value =
        serde_json::from_str(&fs::read_to_string(&reference).expect("the figures")).expect("a JSON document");
    assert_eq!(figures["T"], serde_json::json!([4, 5, 12, 30]));
    assert_eq!(figures["command"], "gridworld suite paper --seeds 2");
    let names: Vec<&str> = figures["agents"]
        .as_array()
        .expect("agents")
        .iter()
        .map(|agent| agent["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["lstm", "lstm-nac", "lstm-nalu", "lstm-nau", "oracle", "random"]);
    assert_eq!(figures["agents"][0]["runs"].as_array().expect("runs").len(), 2);
    assert_eq!(figures["agents"][4]["runs"][0]["success_of_feasible"], serde_json::json!([1.0, 1.0, 1.0, 1.0]));

    let text = fs::read_to_string(&page).expect("the page");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&"| T | lstm | lstm-nac | lstm-nalu | lstm-nau | oracle | random |"), "{text}");
    assert!(text.contains("| 12\\* |") && text.contains("| 30 |") && text.contains("| 4 |"), "{text}");
    // Every row of a table is as wide as its head.
    let tables = lines.iter().filter(|line| line.starts_with('|'));
    let widths: Vec<usize> = tables.map(|line| line.matches('|').count()).collect();
    assert!(widths.len() > 20, "{text}");
    for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
        assert_eq!(pair[0].matches('|').count(), pair[1].matches('|').count(), "{}", pair[1]);
    }

    let refused = run(&["suite", "paper", "--agents", "lstm"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).starts_with("error: --agents: "), "{}", stderr(&refused));
}
