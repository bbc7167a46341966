//! The contract of `evaluate`.

use std::fs;

use serde_json::Value;

use crate::support::{copy_of_tiny_run, json, run};

fn results(document: &Value) -> &Vec<Value> {
    document["results"].as_array().expect("results")
}

#[test]
fn the_document_has_the_fields_of_the_contract_and_is_kept_in_the_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let arguments = ["evaluate", copy.to_str().expect("UTF-8"), "--T", "5..7,30", "--episodes", "40", "--json"];
    let document = json(&arguments);
    assert_eq!(document["agent"], "lstm-nac");
    assert_eq!(document["environment"], "TimedArrival-v1");
    assert_eq!(document["checkpoint"], "best");
    assert_eq!(document["policy"], "greedy");
    assert!(document["steps"].is_u64() && document["seed"].is_u64());
    let values: Vec<_> = results(&document).iter().map(|row| row["T"].as_u64().expect("T")).collect();
    assert_eq!(values, [5, 6, 7, 30]);
    for row in results(&document) {
        assert_eq!(row["episodes"], 40);
        let (success, feasible) =
            (row["success"].as_f64().expect("success"), row["feasible"].as_f64().expect("feasible"));
        assert!((0.0..=1.0).contains(&success) && success <= feasible);
        let ends = row["ci95"].as_array().expect("an interval");
        assert!(ends[0].as_f64().expect("low") <= success && success <= ends[1].as_f64().expect("high"));
        for field in ["success_of_feasible", "arrival_mean", "arrival_sd", "timeouts", "reward_mean"] {
            assert!(row[field].is_number() || row[field].is_null(), "{field}");
        }
    }
    let kept: Value =
        serde_json::from_slice(&fs::read(copy.join("evaluation.json")).expect("evaluation.json")).expect("JSON");
    assert_eq!(kept, document);
    assert_eq!(json(&arguments), document, "a second evaluation differs");
}

#[test]
fn the_oracle_is_the_ceiling_and_random_is_the_floor() {
    let ceiling = json(&["evaluate", "oracle", "--T", "5..9", "--json"]);
    // P(the target is at most T away) over random placements: 0.900, 0.967, 0.993, 1, 1.
    for (row, expected) in results(&ceiling).iter().zip([0.900, 0.967, 0.993, 1.0, 1.0]) {
        assert_eq!(row["success_of_feasible"], 1.0);
        let feasible = row["feasible"].as_f64().expect("feasible");
        assert!((feasible - expected).abs() < 0.03, "T = {}: {feasible}", row["T"]);
    }
    assert_eq!(results(&ceiling).len(), 5);
    let floor = json(&["evaluate", "random", "--T", "5..9", "--json"]);
    assert!(results(&floor).iter().all(|row| row["success_of_feasible"].as_f64().expect("a share") < 0.1));
}

#[test]
fn the_table_has_a_row_for_each_value() {
    let output = run(&["evaluate", "oracle", "--T", "6,11", "--episodes", "20"]);
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rows = text.lines().filter_map(|line| line.split_whitespace().find_map(|word| word.parse::<u32>().ok()));
    let rows: Vec<_> = rows.collect();
    assert!(rows.contains(&6) && rows.contains(&11), "{text}");
}
