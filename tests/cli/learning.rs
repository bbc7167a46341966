//! Test of the way from the command to an agent that counts: a training that really learns, from pixels.

use crate::support::json;

#[test]
fn an_agent_learns_to_be_on_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().to_str().expect("UTF-8");
    let rows = |player: &str| -> Vec<f64> {
        let document = json(&["evaluate", player, "--T", "5..8", "--episodes", "300", "--json"]);
        let rows = document["results"].as_array().expect("results");
        assert_eq!(rows.len(), 4);
        rows.iter().map(|row| row["success_of_feasible"].as_f64().expect("a share")).collect()
    };
    let of_seed = |seed: &str| {
        let size = ["--T", "5..8", "--steps", "1500000", "--mode", "sync", "--quiet", "--json"];
        let training = json(&[&["train", "--runs", runs, "--name", seed, "--seed", seed], &size[..]].concat());
        rows(training["run"].as_str().expect("a folder"))
    };
    let (learned, random) = (["1", "2"].map(of_seed).concat(), rows("random"));
    // Of six seeds the least share was 0.92 at one T, and 0.94 over all.
    assert!(learned.iter().sum::<f64>() / 8.0 >= 0.9, "{learned:?}");
    assert!(learned.iter().all(|&share| share >= 0.7), "{learned:?}");
    assert!(random.iter().all(|&share| share < 0.1), "{random:?}");
}
