//! From the command to an agent that counts: a training that really learns, from pixels.

use crate::support::json;

#[test]
fn an_agent_learns_to_be_on_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    let training = json(&[
        "train", "--runs", runs, "--name", "short", "--T", "5..8", "--steps", "1500000", "--mode", "sync", "--quiet",
        "--json",
    ]);
    let run = training["run"].as_str().expect("a folder");
    let learned = json(&["evaluate", run, "--T", "5..8", "--episodes", "300", "--json"]);
    let random = json(&["evaluate", "random", "--T", "5..8", "--episodes", "300", "--json"]);
    let rows = |document: &serde_json::Value| -> Vec<f64> {
        let rows = document["results"].as_array().expect("results");
        rows.iter().map(|row| row["success_of_feasible"].as_f64().expect("a share")).collect()
    };
    let (learned, random) = (rows(&learned), rows(&random));
    assert_eq!((learned.len(), random.len()), (4, 4));
    assert!(learned.iter().all(|&share| share >= 0.9), "{learned:?}");
    assert!(random.iter().all(|&share| share < 0.1), "{random:?}");
}
