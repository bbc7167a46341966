//! The contract of `watch` where there is no terminal: text, or one document.

use std::fs;

use serde_json::Value;

use crate::support::{json, run, stderr, tiny_run};

fn text_of(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!text.contains('\u{1b}'), "{arguments:?} wrote escape sequences");
    text
}

fn tiny() -> &'static str {
    tiny_run().to_str().expect("UTF-8")
}

fn episodes(document: &Value) -> &Vec<Value> {
    document["episodes"].as_array().expect("episodes")
}

#[test]
fn what_is_watched_is_what_is_evaluated() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let trace = folder.path().join("trace.jsonl");
    let trace_name = trace.to_str().expect("UTF-8");
    for policy in ["greedy", "sample"] {
        let common = [tiny(), "--T", "5,12,20", "--episodes", "9", "--seed", "4", "--policy", policy];
        let output = run(&[&["evaluate"], &common[..], &["--trace", trace_name]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        let traced = fs::read_to_string(&trace).expect("a trace");
        let traced: Vec<Value> = traced.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let watched = json(&[&["watch"], &common[..], &["--json"]].concat());
        assert_eq!((traced.len(), episodes(&watched).len()), (27, 27));
        for (traced, watched) in traced.iter().zip(episodes(&watched)) {
            let steps = watched["steps"].as_array().expect("steps");
            let actions: Vec<_> = steps.iter().map(|step| step["action"].clone()).collect();
            assert_eq!(Value::from(actions), traced["actions"], "{policy}, T {}", traced["T"]);
            assert_eq!(steps[0]["frame"], traced["start"]);
            for field in ["T", "lane", "outcome", "success", "feasible"] {
                assert_eq!(watched[field], traced[field], "{field}");
            }
        }
    }
}

#[test]
fn the_document_has_what_went_on_in_the_network() {
    let document = json(&["watch", tiny(), "--T", "8", "--json"]);
    assert_eq!((&document["agent"], &document["checkpoint"]), (&"lstm-nac".into(), &"best".into()));
    let episode = &episodes(&document)[0];
    let counters = episode["counters"].as_array().expect("names").len();
    let steps = episode["steps"].as_array().expect("steps");
    assert!(!steps.is_empty() && counters > 0);
    for step in steps {
        let probabilities = step["probabilities"].as_array().expect("probabilities");
        let sum: f64 = probabilities.iter().map(|p| p.as_f64().expect("a number")).sum();
        assert!(probabilities.len() == 5 && (sum - 1.0).abs() < 1e-4, "{step}");
        let powers = step["logits"].as_array().expect("logits").iter().map(|x| x.as_f64().expect("a number").exp());
        let powers: Vec<f64> = powers.collect();
        let near = |(power, probability): (&f64, &Value)| {
            (power / powers.iter().sum::<f64>() - probability.as_f64().expect("a number")).abs() < 1e-5
        };
        assert!(powers.len() == 5 && powers.iter().zip(probabilities).all(near), "{step}");
        assert_eq!(
            (step["n"].as_array().map(Vec::len), step["h"].as_array().map(Vec::len)),
            (Some(counters), Some(16))
        );
        assert!(step["value"].is_number() && step["instruction"] == 8.0);
    }
    let oracle = json(&["watch", "oracle", "--json"]);
    assert!(episodes(&oracle)[0]["steps"][0]["probabilities"].is_null());
}

#[test]
fn a_pipe_gets_a_line_for_each_step_and_the_end() {
    let text = text_of(&["watch", "oracle", "--T", "6,11", "--episodes", "2"]);
    assert!(text.contains("T = 6, episode 2, time limit 20") && text.contains("T = 11, episode 1"), "{text}");
    assert!(text.contains("on time: arrival 11, T = 11, reward 1.000"), "{text}");
    assert!(text.trim_end().ends_with("of 4 on time"), "{text}");
    let steps = text.lines().filter(|line| line.ends_with("pass") || line.contains(",") && line.starts_with("    "));
    assert!(steps.count() >= 6 + 11, "{text}");
    let network = text_of(&["watch", tiny(), "--T", "300", "--checkpoint", "last"]);
    assert!(network.lines().skip(1).all(|line| line.chars().count() <= 80), "{network}");
    assert!(network.lines().all(|line| line == line.trim_end()), "blanks at a line's end: {network}");
    assert!(network.contains("value"), "{network}");
    let random = text_of(&["watch", "random", "--seed", "2"]);
    assert_eq!(random, text_of(&["watch", "random", "--seed", "2"]), "a second time differs");
    assert_ne!(random, text_of(&["watch", "random", "--seed", "3"]));
}

#[test]
fn the_other_environment_shows_its_flashes() {
    let text = text_of(&["watch", "oracle", "--env", "IntervalReproduction-v1", "--T", "4"]);
    assert_eq!(text.lines().skip(2).filter(|line| line.contains('*')).count(), 2, "{text}");
    assert!(text.contains("on time: response 4, T = 4"), "{text}");
}
