//! Evaluations of a made-up run, kept one after the other.

use std::time::SystemTime;

use gridworld_agents::AgentName;
use serde_json::json;
use tempfile::TempDir;

use super::*;

const TRAINED: [u32; 3] = [5, 6, 7];

/// Makes an empty run.
fn run() -> (TempDir, RunFolder) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = RunFolder::create(folder.path(), Some("mine"), "TimedArrival-v1", "lstm", 1, SystemTime::now());
    let (run, lock) = run.expect("a folder");
    lock.keep();
    (folder, run)
}

fn row(instruction: u32, episodes: u64, success: f64) -> Row {
    let row = json!({
        "T": instruction, "trained": TRAINED.contains(&instruction), "episodes": episodes, "success": success,
        "feasible": 1.0, "success_of_feasible": success, "ci95": [0.0, 1.0], "success_of_feasible_ci95": [0.0, 1.0],
        "arrival_mean": null, "arrival_sd": null, "timeouts": 0.0, "reward_mean": 0.5, "time_limit": 20,
    });
    serde_json::from_value(row).expect("a row")
}

/// Makes the run's own evaluation at these T.
fn own(instructions: &[u32], episodes: u64, success: f64) -> Document {
    Document {
        run: None,
        agent: AgentName::Lstm,
        environment: "TimedArrival-v1".to_owned(),
        checkpoint: Some("best".to_owned()),
        steps: Some(1000),
        policy: PolicyChoice::Greedy,
        seed: 0,
        device: "cpu".to_owned(),
        results: instructions.iter().map(|&instruction| row(instruction, episodes, success)).collect(),
    }
}

/// T, episodes and success of each row that is shown.
fn rows(run: &RunFolder) -> Vec<(u32, u64, f64)> {
    let shown = shown(run).expect("evaluations").expect("one");
    assert_eq!(shown.otherwise, None);
    shown.document.results.iter().map(|row| (row.instruction, row.episodes, row.success)).collect()
}

/// Lists the names in `evaluations/`.
fn others(run: &RunFolder) -> Vec<String> {
    let Ok(entries) = fs::read_dir(run.evaluations()) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn what_asks_something_else_takes_no_place() {
    let (_folder, run) = run();
    assert!(shown(&run).expect("nothing is no error").is_none());
    let mine = own(&[5, 6, 7, 30], 1000, 1.0);
    assert_eq!(keep(&run, &mine, &TRAINED).expect("a file"), run.evaluation());
    let before = fs::read(run.evaluation()).expect("a file");
    let others_of = [
        Document { checkpoint: Some("last".to_owned()), steps: Some(2000), ..own(&[5], 1000, 0.0) },
        Document { policy: PolicyChoice::Sample, ..own(&[5, 6], 1, 0.0) },
        Document { seed: 3, ..own(&[5], 5000, 0.0) },
        Document { device: "cuda:0".to_owned(), ..own(&[5], 1000, 0.0) },
        Document { checkpoint: Some("/else/where/best.safetensors".to_owned()), ..own(&[5], 1000, 0.0) },
        Document { checkpoint: Some("other/best.safetensors".to_owned()), ..own(&[5], 1000, 0.0) },
        own(&[5, 6, 7, 8], 1, 0.0),
    ];
    for other in &others_of {
        let path = keep(&run, other, &TRAINED).expect("a file");
        assert_eq!(path.parent(), Some(run.evaluations().as_path()));
        assert_eq!(read(&path).expect("an evaluation").as_ref(), Some(other), "{}", path.display());
        // Once more, it is in the same file.
        assert_eq!(keep(&run, other, &TRAINED).expect("a file"), path);
    }
    let expected = [
        "best-step1000-greedy-seed0-1episode.json",
        "best-step1000-greedy-seed0-cuda_0-1000episodes.json",
        "best-step1000-greedy-seed3-5000episodes.json",
        "best-step1000-sampled-seed0-1episode.json",
        "file_best-step1000-greedy-seed0-1000episodes-2.json",
        "file_best-step1000-greedy-seed0-1000episodes.json",
        "last-step2000-greedy-seed0-1000episodes.json",
    ];
    assert_eq!(others(&run), expected);
    assert_eq!(fs::read(run.evaluation()).expect("a file"), before);
}

#[test]
fn other_t_are_added_and_at_one_t_the_most_episodes_count() {
    let (_folder, run) = run();
    let keep = |document: Document| keep(&run, &document, &TRAINED).expect("a file");
    keep(own(&[5, 6, 7, 30], 1000, 1.0));
    keep(own(&[100], 1000, 0.5));
    assert_eq!(rows(&run), [(5, 1000, 1.0), (6, 1000, 1.0), (7, 1000, 1.0), (30, 1000, 1.0), (100, 1000, 0.5)]);
    keep(own(&[7, 40], 20_000, 0.9));
    keep(own(&[7, 30], 1000, 0.8));
    let expected =
        [(5, 1000, 1.0), (6, 1000, 1.0), (7, 20_000, 0.9), (30, 1000, 0.8), (40, 20_000, 0.9), (100, 1000, 0.5)];
    assert_eq!(rows(&run), expected);
    // Of the second at T = 7 there is a file of its own; nothing else was lost.
    assert_eq!(others(&run), ["best-step1000-greedy-seed0-1000episodes.json"]);
}

#[test]
fn a_few_episodes_are_the_runs_own_until_there_are_more() {
    let (_folder, run) = run();
    let keep = |document: Document| keep(&run, &document, &TRAINED).expect("a file");
    keep(own(&[5, 6, 7, 8], 10, 0.1));
    assert_eq!(rows(&run).len(), 4);
    // One T with more of them does not hide the others.
    keep(own(&[7], 100, 0.2));
    assert_eq!(rows(&run), [(5, 10, 0.1), (6, 10, 0.1), (7, 100, 0.2), (8, 10, 0.1)]);
    // The whole range with more does.
    keep(own(&[5, 6, 7], 50, 0.3));
    assert_eq!(rows(&run), [(5, 50, 0.3), (6, 50, 0.3), (7, 100, 0.2)]);
    keep(own(&[9], 49, 1.0));
    keep(own(&[10], 50, 1.0));
    assert_eq!(rows(&run).iter().map(|row| row.0).collect::<Vec<_>>(), [5, 6, 7, 10]);
    let kept = |episodes: u64| format!("best-step1000-greedy-seed0-{episodes}episodes.json");
    assert_eq!(others(&run), [kept(10), kept(49), kept(50)]);
    let (asked, missing) = ([5, 8, 9], own_rows(&run, &[5, 11], 1).expect("evaluations"));
    let found = own_rows(&run, &asked, 10).expect("evaluations").expect("all of them");
    assert_eq!(found.iter().map(|row| row.episodes).collect::<Vec<_>>(), [50, 10, 49]);
    assert!(missing.is_none() && own_rows(&run, &asked, 11).expect("evaluations").is_none());
}

#[test]
fn another_best_checkpoint_begins_anew() {
    let (_folder, run) = run();
    keep(&run, &own(&[5, 6, 7, 30], 1000, 1.0), &TRAINED).expect("a file");
    let later = Document { steps: Some(2000), ..own(&[5], 10, 0.5) };
    assert_eq!(keep(&run, &later, &TRAINED).expect("a file"), run.evaluation());
    assert_eq!(rows(&run), [(5, 10, 0.5)]);
    assert_eq!(others(&run), ["best-step1000-greedy-seed0-1000episodes.json"]);
}

#[test]
fn what_an_earlier_version_wrote_is_read_as_what_it_is() {
    let (_folder, run) = run();
    let mut document = serde_json::to_value(own(&[5, 6], 1000, 0.5)).expect("JSON");
    let write = |document: &serde_json::Value| write_json(&run.evaluation(), document).expect("a file");
    document.as_object_mut().expect("an object").remove("device");
    write(&document);
    assert_eq!(rows(&run).len(), 2);
    (document["policy"], document["checkpoint"], document["steps"]) = (json!("sample"), json!("last"), json!(20480));
    write(&document);
    let other = shown(&run).expect("evaluations").expect("one");
    let how = "checkpoint last at step 20,480, sampled, 1,000 episodes per T, seed 0";
    assert_eq!(other.otherwise.as_deref(), Some(how));
    // The run's own takes the place, and that one gets its name.
    keep(&run, &own(&[5, 6], 1000, 1.0), &TRAINED).expect("a file");
    assert_eq!(rows(&run), [(5, 1000, 1.0), (6, 1000, 1.0)]);
    assert_eq!(others(&run), ["last-step20480-sampled-seed0-1000episodes.json"]);
}

#[test]
fn without_its_own_a_run_has_one_of_its_other_checkpoints_but_no_file() {
    let (_folder, run) = run();
    let file = Document { checkpoint: Some("other/best.safetensors".to_owned()), ..own(&[5, 6, 7], 1000, 1.0) };
    keep(&run, &file, &TRAINED).expect("a file");
    assert!(shown(&run).expect("evaluations").is_none());
    let last = Document { checkpoint: Some("last".to_owned()), ..own(&[5, 6, 7], 1, 0.5) };
    for document in [Document { policy: PolicyChoice::Sample, ..own(&[5], 1000, 0.1) }, last.clone()] {
        keep(&run, &document, &TRAINED).expect("a file");
    }
    let found = shown(&run).expect("evaluations").expect("one");
    assert_eq!(found.document, last, "it has more of the T in training");
    assert_eq!(found.otherwise.as_deref(), Some("checkpoint last at step 1,000, greedy, 1 episode per T, seed 0"));
}

#[test]
fn numbers_that_cannot_be_are_found_and_replaced() {
    let good = |instruction: u32, success: f64| row(instruction, 10, success);
    assert_eq!(fault(&[good(5, 1.0), good(10_000, 0.0)]), None);
    for rows in [&[][..], &[good(5, 1.0), good(5, 1.0)], &[good(5, 1.1)], &[good(0, 1.0)], &[good(1_000_001, 1.0)]] {
        assert!(fault(rows).is_some(), "{rows:?}");
    }
    let (_folder, run) = run();
    for text in ["{", "{}", &serde_json::to_string(&own(&[5], 10, 2.0)).expect("JSON")] {
        fs::write(run.evaluation(), text).expect("a file");
        let said = shown(&run).expect_err("it cannot be");
        assert!(said.contains("evaluation.json") && said.ends_with(&run.path().display().to_string()), "{said}");
        keep(&run, &own(&[6], 10, 0.5), &TRAINED).expect("a file");
        assert_eq!(rows(&run), [(6, 10, 0.5)]);
    }
}

#[test]
fn a_link_is_not_followed_out_of_the_run() {
    let (folder, run) = run();
    let outside = folder.path().join("outside.json");
    fs::write(&outside, "mine").expect("a file");
    fs::create_dir(run.evaluations()).expect("a folder");
    let sampled = Document { policy: PolicyChoice::Sample, ..own(&[5], 10, 0.1) };
    let link = run.evaluations().join(name(&sampled, 10, 1));
    std::os::unix::fs::symlink(&outside, &link).expect("a link");
    assert!(shown(&run).expect("evaluations").is_none());
    let path = keep(&run, &sampled, &TRAINED).expect("a file");
    assert!(path.ends_with(name(&sampled, 10, 2)), "{}", path.display());
    assert_eq!(fs::read_to_string(&outside).expect("a file"), "mine");
}
