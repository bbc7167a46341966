//! The contract of `report`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{copy_of_tiny_run, json, run, stderr, tiny_run};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A copy of the tiny run under this name, with an evaluation.
fn evaluated(folder: &Path, name: &str) -> PathBuf {
    let copy = copy_of_tiny_run(folder);
    let named = folder.join(name);
    fs::rename(copy, &named).expect("another name");
    json(&["evaluate", text(&named), "--T", "5,12,19", "--episodes", "20", "--json"]);
    named
}

#[test]
fn one_page_with_everything_in_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run_folder = evaluated(folder.path(), "mine");
    let out = folder.path().join("report.html");
    fs::write(&out, "replaced").expect("a file");
    let arguments = ["report", text(&run_folder), "--out", text(&out)];
    let document = json(&[&arguments[..], &["--json"]].concat());
    let page = fs::read_to_string(&out).expect("the page");
    assert_eq!(document["bytes"].as_u64(), Some(page.len() as u64));
    assert!(page.len() < 3_000_000);
    assert_eq!((&document["out"], &document["runs"]), (&text(&out).into(), &serde_json::json!(["mine"])));
    assert_eq!(document["players"], serde_json::json!(["mine"]));
    // What a browser would ask somebody for.
    for mark in [" src=", "http-equiv=\"refresh", "@import", "url(http", "<link"] {
        assert!(!page.contains(mark), "{mark}");
    }
    assert!(page.contains("default-src 'none'"));
    for id in ["player-section", "results", "figures", "runs", "configuration", "assumptions"] {
        assert!(page.contains(&format!("<section id=\"{id}\"")) && page.contains(&format!("href=\"#{id}\"")), "{id}");
    }
    assert!(page.contains("lstm-nac") && page.contains("oracle") && page.contains("random"));
    assert!(
        page.contains("<svg")
            && page.contains("<code class=\"flag\">--learning-rate</code>")
            && page.contains("model.<wbr>convolutions")
    );
    let evaluation: Value =
        serde_json::from_str(&fs::read_to_string(run_folder.join("evaluation.json")).expect("a file")).expect("JSON");
    for row in evaluation["results"].as_array().expect("rows") {
        let share = 100.0 * row["success_of_feasible"].as_f64().expect("a share");
        let (low, high) = (&row["success_of_feasible_ci95"][0], &row["success_of_feasible_ci95"][1]);
        let [low, high] = [low, high].map(|end| 100.0 * end.as_f64().expect("a share"));
        assert!(page.contains(&format!("{share:.1} <small>({low:.1}–{high:.1})</small>")), "{row}");
    }
    let once = || {
        let output = run(&arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && said.contains("report.html: report of 1 run, in which 1 agent can be played"),
            "{said}"
        );
        fs::read_to_string(&out).expect("the page")
    };
    assert!(once() == once(), "a second report differs");
}

#[test]
fn a_run_that_was_not_evaluated_is_shown_all_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy_of_tiny_run(folder.path());
    let out = folder.path().join("report.html");
    json(&["report", text(folder.path()), "--out", text(&out), "--json"]);
    let page = fs::read_to_string(&out).expect("the page");
    assert!(page.contains("has been evaluated yet") && page.contains("not yet"));
}

#[test]
fn nothing_in_a_run_becomes_markup() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let hostile = "\"><img src=x onerror=alert(1)>'&amp;{{players}}";
    let run_folder = evaluated(folder.path(), hostile);
    let command = "gridworld train </code></script><script>alert(2)</script><!--";
    for (file, field, value) in [
        ("config.json", "commands", serde_json::json!([command])),
        ("config.json", "revision", "</td><script>alert(3)</script>".into()),
        ("evaluation.json", "checkpoint", "<svg onload=alert(4)>".into()),
    ] {
        let path = run_folder.join(file);
        let mut document: Value = serde_json::from_str(&fs::read_to_string(&path).expect("a file")).expect("JSON");
        document[field] = value;
        fs::write(&path, document.to_string()).expect("a file");
    }
    let out = folder.path().join("report.html");
    json(&["report", text(&run_folder), "--out", text(&out), "--json"]);
    let page = fs::read_to_string(&out).expect("the page");
    assert!(page.contains("onerror=alert(1)"), "the run's name is not shown");
    assert!(!page.contains("<img") && !page.contains("<svg onload") && !page.contains("<!--"));
    assert_eq!(page.matches("<script").count(), 3, "the data, the engine, the interface");
    assert_eq!(page.matches("</script").count(), 3);
    let players =
        page.split("id=\"players\">").nth(1).and_then(|rest| rest.split("</script>").next()).expect("players");
    let players: Value = serde_json::from_str(players).expect("a document");
    assert_eq!(players[0]["run"], hostile);
}

#[test]
fn wrong_usage_is_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [empty, out, young, gone] = ["empty", "report.html", "young", "gone"].map(|name| folder.path().join(name));
    fs::create_dir(&empty).expect("a folder");
    fs::create_dir_all(young.join("checkpoints")).expect("a folder");
    fs::copy(tiny_run().join("config.json"), young.join("config.json")).expect("a copy");
    let copy = copy_of_tiny_run(folder.path());
    fs::write(copy.join("checkpoints/best.safetensors"), "no checkpoint").expect("a file");
    let nowhere = folder.path().join("nowhere/report.html");
    let tiny = text(tiny_run());
    let rows: [(&[&str], &[&str]); 8] = [
        (&["--out", text(&out)], &["RUN"]),
        (&[tiny], &["--out"]),
        (&[text(&gone), "--out", text(&out)], &[text(&gone), "no such folder"]),
        (&[text(&empty), "--out", text(&out)], &[text(&empty), "config.json"]),
        (&[text(&young), "--out", text(&out)], &[text(&young), "no checkpoint"]),
        (&[text(&copy), "--out", text(&out)], &[text(&copy), "best"]),
        (&[tiny, "--out", text(&nowhere)], &["--out", text(&nowhere)]),
        (&[tiny, "--out", text(&empty)], &["--out", text(&empty), "folder"]),
    ];
    for (flags, words) in rows {
        let output = run(&[&["report"], flags].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{flags:?}: {said}");
        assert!(said.lines().count() == 1 && said.starts_with("error: "), "{flags:?}: {said}");
        assert!(words.iter().all(|word| said.contains(word)), "{flags:?}: {said}");
        assert!(output.stdout.is_empty() && !out.exists(), "{flags:?}");
    }
}

#[test]
fn it_has_help_with_examples() {
    let output = run(&["report", "--help"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // Where the program's path is long, an example goes on in a second line.
    let text = text.replace(" \\\n      ", " ");
    assert!(text.contains("gridworld report runs/paper --out report.html") && text.contains("Examples:"), "{text}");
}
