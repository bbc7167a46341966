//! The contract of `inspect`.

use serde_json::Value;

use crate::support::{json, run, stderr, tiny_run, train};

fn counters(document: &Value) -> &Vec<Value> {
    document["feedback"]["counters"].as_array().expect("counters")
}

/// Gives the text about a run's last checkpoint; it fits 80 columns.
fn text_of(run_folder: &str) -> String {
    let output = run(&["inspect", run_folder, "--checkpoint", "last"]);
    assert!(output.status.success());
    assert!(stderr(&output).starts_with("next: "), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    text
}

#[test]
fn a_nau_is_said_in_words() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let nau = train(folder.path(), "nau", &["--agent", "lstm-nau"]);
    let document = json(&["inspect", nau.to_str().expect("UTF-8"), "--json"]);
    assert_eq!((&document["agent"], &document["environment"]), (&"lstm-nau".into(), &"TimedArrival-v1".into()));
    assert_eq!((&document["T"], &document["checkpoint"]), (&"5..12".into(), &"best".into()));
    assert!(document["steps"].is_u64());
    assert_eq!(document["told"]["when"], "never");
    assert_eq!(document["feedback"]["sparsity_error"], 0.0);
    assert_eq!(counters(&document).len(), 8);
    let words = ["0", "t", "−t", "T", "−T", "T + t", "−T − t", "T − t", "−T + t"];
    for counter in counters(&document) {
        let said = counter["words"].as_str().expect("words");
        assert!(words.contains(&said), "{counter}");
        assert_eq!(counter["distance_from_whole"], 0.0, "{counter}");
        assert_eq!(counter["zero_at"] == 1.0, ["T − t", "−T + t"].contains(&said), "{counter}");
        assert!(counter["read"].as_f64().is_some_and(|norm| norm > 0.0), "{counter}");
    }

    let parameters = document["parameters"].as_array().expect("parameters");
    let names: Vec<_> = parameters.iter().map(|parameter| parameter["name"].as_str().expect("a name")).collect();
    assert!(names.contains(&"model.core.nau.weight") && !names.contains(&"model.core.lstm.weight_instruction"));
    let count = |parameter: &Value| parameter["count"].as_u64().expect("a number");
    let product = |parameter: &Value| -> u64 {
        parameter["shape"]
            .as_array()
            .expect("a shape")
            .iter()
            .map(|length| length.as_u64().expect("a length"))
            .product()
    };
    assert!(parameters.iter().all(|parameter| count(parameter) == product(parameter)));
    assert_eq!(parameters.iter().map(count).sum::<u64>(), document["count"].as_u64().expect("a number"));
}

#[test]
fn the_text_says_the_same_in_80_columns() {
    let run_folder = tiny_run().to_str().expect("UTF-8");
    let document = json(&["inspect", run_folder, "--checkpoint", "last", "--json"]);
    let text = text_of(run_folder);
    for counter in counters(&document) {
        let words = counter["words"].as_str().expect("words");
        assert!(text.contains(words), "no {words} in {text}");
    }
    for parameter in document["parameters"].as_array().expect("parameters") {
        let name = parameter["name"].as_str().expect("a name");
        assert!(text.contains(name), "no {name} in {text}");
    }
}

#[test]
fn other_readings_are_summed_up_and_none_is_no_trouble() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inspect = |name: &str, flags: &[&str]| {
        let run_folder = train(folder.path(), name, flags);
        let run_folder = run_folder.to_str().expect("UTF-8");
        text_of(run_folder);
        json(&["inspect", run_folder, "--json"])
    };
    let nalu = inspect("nalu", &["--agent", "lstm-nalu"]);
    let gate = &counters(&nalu)[0]["gate"];
    assert!(gate["later"].as_f64().is_some_and(|open| (0.0..=1.0).contains(&open)), "{gate}");
    let recurrent = inspect("recurrent", &["--agent", "lstm-nac", "--feedback-input", "recurrent"]);
    let counter = &counters(&recurrent)[0];
    assert!(counter["words"].is_null() && counter["weights"]["clock"].is_null(), "{counter}");
    assert!(counter["weights"]["h"].is_f64() && counter["weights"]["own"].is_f64(), "{counter}");
    let nmu = inspect("nmu", &["--agent", "lstm-nmu", "--core", "gru"]);
    assert!(counters(&nmu)[0]["words"].is_null() && counters(&nmu)[0]["gate"].is_null(), "{nmu}");
    let equation = nmu["feedback"]["equation"].as_str().expect("an equation");
    assert!(equation.contains("NMU("), "{equation}");
    assert_eq!(nmu["config"]["model"]["core"], "gru");
    let text = text_of(folder.path().join("nmu").to_str().expect("UTF-8"));
    assert!(text.contains("GRU of ") && text.contains("T is an input of the GRU in every step"), "{text}");
    let remaining = inspect("remaining", &["--agent", "lstm-remaining"]);
    assert_eq!(
        (&counters(&remaining)[0]["words"], &remaining["feedback"]["read"]),
        (&"T − t".into(), &"linear".into())
    );
    let text = text_of(folder.path().join("remaining").to_str().expect("UTF-8"));
    assert!(text.contains("the LSTM reads 0.1 n of each counter n"), "{text}");
    let lstm = inspect("lstm", &["--agent", "lstm"]);
    assert!(lstm["feedback"].is_null() && lstm["told"]["when"] == "always");
}
