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
    assert_eq!(counters(&document).len(), 16);
    let words = ["0", "t", "−t", "T", "−T", "T + t", "−T − t", "T − t", "−T + t"];
    for counter in counters(&document) {
        let said = counter["words"].as_str().expect("words");
        assert!(words.contains(&said), "{counter}");
        assert_eq!(counter["distance_from_whole"], 0.0, "{counter}");
        assert_eq!(counter["zero_at"] == 1.0, ["T − t", "−T + t"].contains(&said), "{counter}");
        assert!(counter["read"].as_f64().is_some_and(|norm| norm > 0.0), "{counter}");
    }

    assert!(document["interventions"].is_null() && document["probe"].is_null());

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
fn counters_can_be_changed_while_the_agent_plays() {
    let run_folder = tiny_run().to_str().expect("UTF-8");
    let flags = ["inspect", run_folder, "--checkpoint", "last", "--intervene", "--T", "6,9", "--after", "2"];
    let document = json(&[&flags[..], &["--json"]].concat());
    let intervened = document["interventions"].as_array().expect("interventions");
    assert_eq!(intervened.iter().map(|played| &played["T"]).collect::<Vec<_>>(), [6, 9]);
    let count = |value: &Value| value.as_u64().expect("a count");
    for played in intervened {
        assert_eq!((&played["after"], &played["episodes"]), (&2.into(), &600.into()));
        let units = counters(&document).len();
        assert_eq!(played["off"].as_array().expect("counters").len(), units);
        let changes = played["changes"].as_array().expect("changes");
        // All counters as by T and as by the clock, and each one alone; two amounts up and two down.
        assert_eq!(changes.len(), (2 + units) * 4);
        for change in changes {
            let (compared, timeouts) = (count(&change["compared"]), count(&change["timeouts"]));
            assert!(compared + timeouts <= 600, "{change}");
            assert_eq!(change["shift_mean"].is_null(), compared == 0, "{change}");
            let is_all = change["changed"].is_string();
            assert_eq!(change["as_expected"].is_null(), !is_all || compared == 0, "{change}");
        }
    }
    let probed = document["probe"].as_array().expect("the probe");
    let values: Vec<u64> = probed.iter().map(|row| count(&row["T"])).collect();
    assert_eq!(values, (5..=12).collect::<Vec<u64>>());
    assert!(probed.iter().all(|row| row["fitted"] == true && row["error"].as_f64().is_some_and(|error| error >= 0.0)));
    assert!(probed.iter().all(|row| row["r2"].as_f64().is_some_and(|r2| r2 <= 1.0)), "{probed:?}");

    let output = run(&flags);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("T = 9, 600 episodes") && text.contains("clock: all counters"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let late = run(&["inspect", run_folder, "--intervene", "--T", "3,12"]);
    assert_eq!(late.status.code(), Some(2));
    assert!(stderr(&late).contains("--after 3: an episode with T = 3 is over then"), "{}", stderr(&late));
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
    let text = run(&["inspect", folder.path().join("lstm").to_str().expect("UTF-8"), "--intervene"]).stdout;
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(text.contains("by a linear probe") && !text.contains("δ"), "{text}");
}
