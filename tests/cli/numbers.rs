//! Numbers that are not finite, as a user meets them.

use std::fs;
use std::path::Path;

use crate::support::{TINY, json, metrics, run, stderr};

fn arguments<'a>(runs: &'a Path, rate: &'a str) -> Vec<&'a str> {
    let runs = runs.to_str().expect("UTF-8");
    [&["train", "--runs", runs, "--name", "wild", "--learning-rate", rate], TINY].concat()
}

#[test]
fn a_training_stops_before_the_bad_update_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (rate, quantity) in [("1e38", "the parameter `vision.conv1.weight` is "), ("1e30", "the policy's loss is NaN")]
    {
        let output = run(&arguments(folder.path(), rate));
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.starts_with(&format!("error: {quantity}")), "{said}");
        assert!(said.contains("the update was not applied") && said.contains("--on-nan rollback"), "{said}");
        let wild = folder.path().join("wild");
        // What the line says can be done, and fails in order: half of such a rate is too much as well.
        let again = run(&["train", "--resume", wild.to_str().expect("UTF-8"), "--on-nan", "rollback", "--quiet"]);
        let said = stderr(&again);
        assert_eq!((again.status.code(), said.lines().count()), (Some(1), 1), "{said}");
        assert!(said.contains("5 rollbacks did not help"), "{said}");
        fs::remove_dir_all(wild).expect("the folder");
    }
}

#[test]
fn with_rollback_it_goes_back_until_it_can_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // So great a weight that the gradient overflows after large steps, and not after small ones.
    let wild = ["--on-nan", "rollback", "--value", "1e18", "--json"];
    let document = json(&[&arguments(folder.path(), "4")[..], &wild].concat());
    let rollbacks = document["rollbacks"].as_u64().expect("a count");
    assert!((1..=5).contains(&rollbacks), "{document}");
    let lines = metrics(&folder.path().join("wild"));
    let steps: Vec<u64> = lines.iter().map(|line| line["step"].as_u64().expect("a step")).collect();
    assert!(steps.is_sorted() && steps.last().is_some_and(|&last| last >= 20_000), "{steps:?}");
    let counts: Vec<f64> = lines.iter().filter_map(|line| line["charts/rollbacks"].as_f64()).collect();
    assert_eq!(counts.last(), Some(&(rollbacks as f64)), "{counts:?}");
}
