//! The contract of `plot`.

use std::fs;
use std::path::Path;

use crate::support::{copy_of_tiny_run, json, run, stderr, tiny_run};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("a file").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

/// A copy of the tiny training that was evaluated.
fn evaluated(into: &Path) -> std::path::PathBuf {
    let copy = copy_of_tiny_run(into);
    json(&["evaluate", text(&copy), "--T", "5..14,100", "--episodes", "20", "--json"]);
    copy
}

#[test]
fn every_figure_of_a_run_as_svg_and_png() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (copy, out) = (evaluated(folder.path()), folder.path().join("deep/figures"));
    let document = json(&["plot", text(&copy), "--out", text(&out), "--json"]);
    let stems = ["arrival", "counters", "distribution", "learning", "success", "weber", "weights"];
    let drawn: Vec<&str> =
        document["figures"].as_array().expect("a list").iter().filter_map(|figure| figure["figure"].as_str()).collect();
    // An agent that has hardly been trained need not arrive anywhere: then that figure is named as missing.
    let missing: Vec<&str> =
        document["missing"].as_array().expect("a list").iter().filter_map(|it| it["figure"].as_str()).collect();
    assert!(stems.iter().all(|stem| drawn.contains(stem) != missing.contains(stem)), "{document}");
    assert!(["learning", "success", "counters", "weights"].iter().all(|stem| drawn.contains(stem)), "{document}");
    let mut expected: Vec<String> =
        drawn.iter().flat_map(|stem| [format!("{stem}.png"), format!("{stem}.svg")]).collect();
    expected.sort();
    assert_eq!(names(&out), expected);
    for figure in document["figures"].as_array().expect("a list") {
        assert!(figure["alt"].as_str().expect("words").len() > 20);
        for file in figure["files"].as_array().expect("a list") {
            let path = Path::new(file["path"].as_str().expect("a path"));
            let bytes = fs::read(path).expect("a file");
            assert_eq!(file["bytes"].as_u64(), Some(bytes.len() as u64));
            if let Some(width) = file["width"].as_u64() {
                let info = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG").info().clone();
                assert_eq!((u64::from(info.width), file["height"].as_u64()), (width, Some(u64::from(info.height))));
            } else {
                assert!(bytes.starts_with(b"<svg ") && bytes.ends_with(b"</svg>\n"));
            }
        }
    }
    assert_eq!(document["groups"][0]["name"], "lstm-nac");
    let first = fs::read(out.join("success.svg")).expect("a figure");
    json(&["plot", text(&copy), "--out", text(&out), "--json"]);
    assert_eq!(fs::read(out.join("success.svg")).expect("a figure"), first, "a second drawing differs");
}

#[test]
fn figures_can_be_chosen() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("figures");
    let output = run(&["plot", text(tiny_run()), "--only", "weights,learning", "--format", "svg", "--out", text(&out)]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(names(&out), ["learning.svg", "weights.svg"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.starts_with(&format!("learning: {}", out.join("learning.svg").display())), "{said}");
}

#[test]
fn a_run_that_was_not_evaluated_says_what_helps() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (copy, out) = (copy_of_tiny_run(folder.path()), folder.path().join("figures"));
    let output = run(&["plot", text(&copy), "--out", text(&out)]);
    assert!(output.status.success(), "{}", stderr(&output));
    let said = stderr(&output);
    for figure in ["success", "arrival"] {
        let line = format!(
            "{figure} is not drawn: no run has an evaluation; run `{} evaluate {} --T 5..30` first",
            env!("CARGO_BIN_EXE_gridworld"),
            copy.display()
        );
        assert!(said.lines().any(|other| other == line), "{said}");
    }
    let output = run(&["plot", text(&copy), "--only", "success", "--out", text(&out)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).ends_with("error: no figure could be drawn\n"), "{}", stderr(&output));
}

#[test]
fn a_folder_of_runs_stands_for_them() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    fs::write(folder.path().join("suite.json"), "{}").expect("a file");
    let out = folder.path().join("figures");
    let flags = ["--only", "learning", "--format", "svg", "--out", text(&out), "--json"];
    let whole = json(&[&["plot", text(folder.path())], &flags[..]].concat());
    // As a shell gives it, and the run twice.
    let suite = folder.path().join("suite.json");
    let listed = json(&[&["plot", text(&copy), text(&suite), text(folder.path())], &flags[..]].concat());
    for document in [&whole, &listed] {
        assert_eq!(document["groups"][0]["runs"].as_array().map(Vec::len), Some(1), "{document}");
    }
}

#[test]
fn what_cannot_be_plotted_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (file, out) = (folder.path().join("file"), folder.path().join("out"));
    fs::write(&file, "").expect("a file");
    let damaged = copy_of_tiny_run(folder.path());
    fs::write(damaged.join("evaluation.json"), "{").expect("a file");
    let tiny = text(tiny_run());
    let rows: &[(&[&str], i32, &[&str])] = &[
        (&[], 2, &["RUN"]),
        (&["nowhere"], 2, &["nowhere", "is not a run"]),
        (&["oracle"], 2, &["oracle", "leave it out"]),
        (&[text(&file)], 2, &["file", "is not a run"]),
        (&[tiny, "--out", text(&file)], 2, &["--out", "file"]),
        (&[tiny, "--only", "sucess"], 2, &["--only", "sucess", "success"]),
        (&[tiny, "--format", "pdf"], 2, &["--format", "pdf"]),
        (&[text(&damaged)], 1, &["evaluation.json", "cannot be read"]),
    ];
    for (flags, status, words) in rows {
        let out = if flags.contains(&"--out") { vec![] } else { vec!["--out", text(&out)] };
        let arguments = [&["plot"], *flags, &out].concat();
        let output = run(&arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(*status), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty() && said.lines().count() == 1 && said.starts_with("error: "), "{said}");
        assert!(words.iter().all(|word| said.contains(word)), "{arguments:?}: {said}");
    }
}

#[test]
fn runs_of_both_kinds_in_one_folder_have_figures_of_their_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (runs, out) = (folder.path().join("runs"), folder.path().join("figures"));
    let agent = copy_of_tiny_run(&runs);
    let flags =
        ["--op", "sub", "--seeds", "2", "--iterations", "40", "--name", "sums", "--runs", text(&runs), "--quiet"];
    assert!(run(&[&["numeracy", "static"], &flags[..]].concat()).status.success());
    let plot = |flags: &[&str]| json(&[&["plot", text(&runs), "--out", text(&out), "--json"], flags].concat());
    let document = plot(&["--format", "svg"]);
    assert_eq!(names(&out), ["counters.svg", "learning.svg", "static.svg", "weights.svg"]);
    assert_eq!(document["groups"][0]["runs"], serde_json::json!([agent]));
    assert_eq!(document["runs"], serde_json::json!([runs.join("sums")]));
    assert_eq!(document["figures"].as_array().map(Vec::len), Some(4));
    // A figure that is chosen is one of agents.
    let chosen = plot(&["--only", "learning", "--format", "png"]);
    assert_eq!(chosen["figures"].as_array().map(Vec::len), Some(1));
    assert_eq!(names(&out), ["counters.svg", "learning.png", "learning.svg", "static.svg", "weights.svg"]);
}

#[test]
fn arithmetic_has_figures_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (runs, out) = (folder.path().join("runs"), folder.path().join("figures"));
    let only = "identity,static-sub,single-sub,recurrent-sub-sum-nau,language-register";
    let all = ["numeracy", "all", "--seeds", "2", "--iterations", "40", "--only", only, "--quiet", "--json", "--runs"];
    let at = |name: &str| folder.path().join(name);
    let (page, reference) = (at("page.md"), at("reference.json"));
    let places = ["--page", text(&page), "--reference", text(&reference), "--figures", text(folder.path())];
    json(&[&all[..], &[text(&runs)], &places].concat());
    let document = json(&["plot", text(&runs), "--out", text(&out), "--format", "svg", "--json"]);
    assert_eq!(names(&out), ["identity.svg", "language.svg", "recurrent.svg", "single.svg", "static.svg"]);
    assert_eq!(document["figures"].as_array().map(Vec::len), Some(5));
    let drawn = fs::read_to_string(out.join("static.svg")).expect("a picture");
    ["sub", "nau", "nac", "2 seeds", "updates"].iter().for_each(|word| assert!(drawn.contains(word), "no {word:?}"));
    // The same pictures are on the page, but for that of the nine ranges.
    let page = fs::read_to_string(&page).expect("a page");
    for (task, there) in [("static", true), ("recurrent", true), ("language", true), ("single", false)] {
        assert_eq!(page.contains(&format!("(figures/{task}.svg)")), there, "{task}");
        assert_eq!(folder.path().join(format!("{task}.png")).exists(), there, "{task}");
    }
    let (one, html) = (runs.join("static-sub-nau"), at("report.html"));
    let rows: &[(&[&str], &[&str])] = &[
        (&["plot", text(&one), "--only", "success"], &["--only success"]),
        (&["report", text(&one), "--out", text(&html)], &["static-sub-nau", "numeracy static", "gridworld plot"]),
        (&["evaluate", text(&one)], &["static-sub-nau", "numeracy static", "gridworld plot"]),
        (&["compare", text(&one), text(&one)], &["static-sub-nau", "numeracy static", "gridworld plot"]),
    ];
    for (arguments, words) in rows {
        let output = run(arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{arguments:?}: no {word:?} in {said}"));
    }
}
