//! Arithmetic: run folders, resumption, the table, and wrong usage.

use std::fs;
use std::path::Path;

use serde_json::{Value, json as document};

use crate::support::{json, metrics, program, run, stderr};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Flags of an experiment of a second.
const SHORT: [&str; 4] = ["--iterations", "3000", "--quiet", "--json"];

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("a document")
}

#[test]
fn an_experiment_leaves_its_records_and_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = text(folder.path());
    let all = ["numeracy", "static", "--op", "sub", "--cell", "nau", "--runs", runs, "--seeds"];
    let whole = json(&[&all[..], &["4", "--name", "whole"], &SHORT].concat());
    assert_eq!(whole["summary"]["seeds"], 4);
    assert_eq!(whole["config"]["task"], "static");
    let run_folder = folder.path().join("whole");
    assert_eq!(read(&run_folder.join("results.json")), whole);
    let lines = metrics(&run_folder);
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line["seeds/extrapolation_error"].is_number()));
    assert!(
        fs::read_dir(&run_folder)
            .expect("a folder")
            .flatten()
            .any(|file| { file.file_name().to_string_lossy().starts_with("events.out.tfevents.") })
    );
    // Two seeds, a line that a kill has torn, and the rest: the same in the end.
    let part = folder.path().join("part");
    json(&[&all[..], &["2", "--name", "part", "--workers", "1"], &SHORT].concat());
    let seeds = part.join("seeds.jsonl");
    let two = fs::read_to_string(&seeds).expect("seeds");
    fs::write(&seeds, format!("{two}{{\"seed\":3,\"sol")).expect("a torn line");
    let resumed = json(&["numeracy", "static", "--resume", text(&part), "--seeds", "4", "--quiet", "--json"]);
    assert_eq!(resumed["summary"], whole["summary"]);
    assert!(fs::read_to_string(&seeds).expect("seeds").starts_with(&two), "finished seeds are not repeated");
    assert_eq!(metrics(&part).len(), 4);
    assert_eq!(resumed["config"]["commands"].as_array().map(Vec::len), Some(2));
}

#[test]
fn runs_lists_experiments_in_a_table_of_their_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = text(folder.path());
    let single =
        ["numeracy", "single", "--op", "sub", "--seeds", "2", "--runs", runs, "--name", "all", "--quiet", "--json"];
    let trained = json(&single);
    let ranges = trained["summary"].as_array().expect("ranges");
    let solved = ranges.iter().map(|range| range["solved"].as_u64().expect("a number")).sum::<u64>();
    assert!(solved >= 9, "of 18 seeds {solved} were solved");
    fs::create_dir(folder.path().join("some")).expect("a folder");
    for (file, to) in [("config.json", "config.json"), ("metrics.jsonl", "metrics.jsonl")] {
        fs::copy(folder.path().join("all").join(file), folder.path().join("some").join(to)).expect("a copy");
    }
    // Of 2 seeds on each of nine ranges, nine trainings are left.
    let metrics = folder.path().join("some/metrics.jsonl");
    let lines = fs::read_to_string(&metrics).expect("metrics");
    fs::write(&metrics, lines.lines().take(9).map(|line| format!("{line}\n")).collect::<String>()).expect("fewer");
    let listed = json(&["runs", runs, "--json"]);
    assert_eq!(listed["runs"], document!([]));
    let found: Vec<Value> = listed["experiments"].as_array().expect("experiments").clone();
    let row = |index: usize| {
        let row: &Value = &found[index];
        ["name", "status", "task", "operation", "cell", "done", "asked", "solved"].map(|key| row[key].clone())
    };
    let expected = |name: &str, status: &str, done: u64| {
        [document!(name), document!(status), document!("single"), document!("sub"), document!("nau"), document!(done)]
    };
    assert_eq!(row(0)[..6], expected("all", "finished", 18));
    assert_eq!(row(1)[..6], expected("some", "stopped", 9));
    assert_eq!(row(0)[6..], [document!(18), document!(solved as f64 / 18.0)]);
    let table = String::from_utf8(run(&["runs", runs]).stdout).expect("UTF-8");
    assert!(
        table.starts_with("Runs of gridworld numeracy\nrun  ")
            && table.contains("50 %")
            && !table.contains("largest T"),
        "{table}"
    );
    assert!(table.ends_with("2 experiments: 1 finished, 1 stopped\n"), "{table}");
}

#[test]
fn the_table_is_a_section_of_its_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (page, reference) = (folder.path().join("page.md"), folder.path().join("reference.json"));
    fs::write(&page, "# Results\n\nOf others.\n").expect("a page");
    let runs = folder.path().join("runs");
    let arguments = ["numeracy", "all", "--seeds", "1", "--iterations", "20", "--quiet", "--runs", text(&runs)];
    let written = ["--page", text(&page), "--reference", text(&reference), "--figures", text(folder.path()), "--json"];
    let arguments = [&arguments[..], &written].concat();
    // A cache without digits, which would be trained on for minutes.
    let table = || {
        let output = program().env("GRIDWORLD_CACHE", folder.path()).args(&arguments).output().expect("it runs");
        assert!(output.status.success(), "{}", stderr(&output));
        serde_json::from_slice::<Value>(&output.stdout).expect("a document")
    };
    let document = table();
    let written = fs::read_to_string(&page).expect("a page");
    assert!(written.starts_with("# Results\n\nOf others.\n\n<!-- section: arithmetic -->"), "{written}");
    for words in [
        "| mul | nmu | 1 | 2e1 |",
        "98 % (93–99)",
        "| mul | nmu, regularizer later (ours) | 1 | 2e1 |",
        "## One cell, two numbers",
        "| tanh |",
        "| div | quotient |",
        "| add | sum-nau | 1 |",
        "| register |",
        "| calculator |",
        "| 2 × 6 digits |",
    ] {
        assert!(written.contains(words), "no {words:?} in {written}");
    }
    assert_eq!(read(&reference), document);
    let picture = fs::read_to_string(folder.path().join("identity.svg")).expect("a picture");
    assert!(picture.contains("softsign") && folder.path().join("identity.png").exists());
    // Everything is there already: the same again, and nothing is trained.
    let again = table();
    assert_eq!(again["static"], document["static"]);
    assert_eq!(fs::read_to_string(&page).expect("a page").matches("section: arithmetic").count(), 2);
}

#[test]
fn only_what_is_asked_for_is_trained() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    let (runs, page, reference) = (at("runs"), at("page.md"), at("reference.json"));
    let places =
        ["--runs", text(&runs), "--page", text(&page), "--reference", text(&reference), "--figures", text(&runs)];
    let short = ["numeracy", "all", "--seeds", "1", "--iterations", "20", "--quiet", "--json", "--only"];
    let document = json(&[&short[..], &["static-sub,language-register"], &places].concat());
    let cells = |document: &Value| -> Vec<String> {
        let entries = document["static"].as_array().expect("a list");
        entries.iter().map(|entry| format!("{} {}", entry["operation"], entry["cell"]).replace('"', "")).collect()
    };
    assert_eq!(cells(&document), ["sub nau", "sub nac", "sub nalu", "sub linear"]);
    assert_eq!(document["language"].as_array().map(Vec::len), Some(1));
    // What is there already is on the page, whatever is asked for.
    let more = json(&[&short[..], &["static-mul-nmu"], &places].concat());
    assert_eq!(cells(&more), ["sub nau", "sub nac", "mul nmu", "mul nmu", "sub nalu", "sub linear"]);
}

#[test]
fn the_page_is_made_again_of_the_document_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let committed = fs::read(root.join("runs/reference/numeracy.json")).expect("a document");
    fs::write(at("numbers.json"), &committed).expect("a copy");
    fs::create_dir(at("figures")).expect("a folder");
    for task in ["identity", "static", "recurrent", "language", "program"] {
        let picture = format!("{task}.svg");
        fs::copy(root.join("docs/figures").join(&picture), at("figures").join(&picture)).expect("a copy");
    }
    let (runs, page, numbers, figures) = (at("runs"), at("page.md"), at("numbers.json"), at("figures"));
    let places =
        ["--runs", text(&runs), "--page", text(&page), "--reference", text(&numbers), "--figures", text(&figures)];
    let output = run(&[&["numeracy", "all", "--finished", "--quiet"], &places[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let section = |page: &str| {
        let (_, from) = page.split_once("<!-- section: arithmetic -->").expect("a section");
        from.split_once("<!-- end of section").expect("its end").0.to_owned()
    };
    let docs = fs::read_to_string(root.join("docs/results.md")).expect("a page");
    assert_eq!(section(&fs::read_to_string(&page).expect("a page")), section(&docs));
    // A task that the document does not have has no entries.
    let (mut made, mut before): (Value, Value) = (read(&numbers), serde_json::from_slice(&committed).expect("JSON"));
    assert_eq!(made.as_object_mut().expect("fields").remove("mnist"), Some(document!([])));
    assert!(made == before, "other numbers");
    // One experiment takes the place of its own numbers, and of no other's.
    let more = ["numeracy", "all", "--only", "language-register", "--seeds", "1", "--iterations", "20", "--quiet"];
    assert!(run(&[&more[..], &places].concat()).status.success());
    let mut after = read(&numbers);
    assert_eq!(after["language"][11]["summary"]["seeds"], 1);
    assert_ne!(after["command"], before["command"]);
    after.as_object_mut().expect("fields").remove("mnist");
    for document in [&mut before, &mut after] {
        document["language"].as_array_mut().expect("a list").remove(11);
        ["command", "version", "revision"].iter().for_each(|field| document[field] = Value::Null);
    }
    assert!(after == before, "other numbers");
    // What is no such document is not written over.
    fs::write(&numbers, "{\"mine\": 1}").expect("a file");
    let refused = run(&[&["numeracy", "all", "--finished", "--quiet"], &places[..]].concat());
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).starts_with("error: --reference ") && stderr(&refused).lines().count() == 1);
    assert_eq!(fs::read_to_string(&numbers).expect("a file"), "{\"mine\": 1}");
}

#[test]
fn wrong_usage_is_one_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = text(folder.path());
    let made = ["numeracy", "static", "--seeds", "1", "--runs", runs, "--name", "made"];
    json(&[&made[..], &SHORT].concat());
    let path = folder.path().join("made");
    let made = text(&path);
    let rows: &[(&[&str], &[&str])] = &[
        (&["static", "--op", "times"], &["--op", "times", "mul"]),
        (&["static", "--cell", "nmuu"], &["--cell", "nmu"]),
        (&["static", "--seeds", "0"], &["--seeds"]),
        (&["static", "--iterations", "few"], &["--iterations"]),
        (&["static", "--runs", runs, "--name", "made"], &["made", "exists"]),
        (&["static", "--runs", runs, "--name", "../up"], &["name"]),
        (&["static", "--resume", "nowhere"], &["--resume", "nowhere"]),
        (&["single", "--resume", made], &["--resume", "static"]),
        (&["static", "--resume", made, "--name", "other"], &["--name"]),
        (&["static", "--resume", made, "--op", "mul"], &["--op", "add"]),
        (&["static", "--resume", made, "--iterations", "5"], &["--iterations", "3000"]),
        (&["identity", "--cell", "relu,rely"], &["--cell", "relu"]),
        (&["recurrent", "--op", "power"], &["--op", "power", "root"]),
        (&["recurrent", "--cell", "sum"], &["--cell", "sum", "sum-nau"]),
        (&["recurrent", "--units", "0"], &["--units"]),
        (&["recurrent", "--resume", made], &["--resume", "static"]),
        (&["program", "--op", "divide"], &["--op", "divide", "chain"]),
        (&["program", "--cell", "nau"], &["--cell", "nau", "calculator"]),
        (&["program", "--resume", made], &["--resume", "static"]),
        (&["language", "--cell", "gru"], &["--cell", "gru", "register"]),
        (&["language", "--resume", made], &["--resume", "static"]),
        (&["static", "--ramp", "2e6"], &["--ramp", "2e6..3e6"]),
        (&["static", "--resume", made, "--ramp", "1..2"], &["--ramp", "1..2"]),
        (&["all", "--only", "static-power"], &["--only", "static-power", "static-mul-nmu"]),
        (&["counting"], &["counting"]),
    ];
    for (arguments, words) in rows {
        let output = run(&[&["numeracy"], *arguments].concat());
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.starts_with("error: ") && said.lines().count() == 1, "{arguments:?}: {said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{arguments:?}: no {word:?} in {said}"));
    }
}

#[test]
fn sequences_give_the_same_with_any_number_of_workers_and_after_a_stop() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = text(folder.path());
    for (task, cell) in [("recurrent", "sum-nmu"), ("language", "register"), ("program", "calculator")] {
        let common = ["numeracy", task, "--cell", cell, "--iterations", "400", "--quiet", "--json", "--runs", runs];
        let whole =
            json(&[&common[..], &["--seeds", "3", "--workers", "2", "--name", &format!("{task}-whole")]].concat());
        assert_eq!(whole["config"]["task"], task);
        let part = format!("{task}-part");
        json(&[&common[..], &["--seeds", "1", "--workers", "1", "--name", &part]].concat());
        let path = folder.path().join(&part);
        let resumed =
            json(&["numeracy", task, "--resume", text(&path), "--seeds", "3", "--workers", "1", "--quiet", "--json"]);
        assert_eq!(resumed["summary"], whole["summary"], "{task}");
        assert_eq!(metrics(&path).len(), 3);
    }
}

#[test]
fn seeds_that_diverged_are_drawn_and_gone_on_from() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = text(folder.path());
    let small = ["--iterations", "3000", "--seeds", "2", "--quiet", "--runs", runs];
    let diverging = ["--learning-rate", "1e30"];
    let cases: [(&str, &[&str]); 3] = [
        ("identity", &["--cell", "relu,tanh"]),
        ("static", &["--op", "mul", "--cell", "nau"]),
        ("recurrent", &["--op", "add", "--cell", "sum-nau"]),
    ];
    for (task, flags) in cases {
        // Where the step size is no flag, a seed is made one of a network that diverged, as an earlier version wrote it.
        let rate = if task == "recurrent" { &[][..] } else { &diverging };
        let trained = run(&[&["numeracy", task, "--name", task], &small[..], flags, rate].concat());
        assert!(trained.status.success(), "{task}: {}", stderr(&trained));
        let run_folder = folder.path().join(task);
        let seeds = run_folder.join("seeds.jsonl");
        let mut written = fs::read_to_string(&seeds).expect("seeds");
        if task == "recurrent" {
            let at = written.rfind("\"sparsity\":").expect("a number") + "\"sparsity\":".len();
            let length = written[at..].find('}').expect("the end of an object");
            written.replace_range(at..at + length, "null");
            fs::write(&seeds, &written).expect("a file");
        }
        assert!(written.contains("null"), "{task}: nothing diverged: {written}");
        let out = folder.path().join("figures");
        let drawn = run(&["plot", text(&run_folder), "--out", text(&out)]);
        assert!(drawn.status.success(), "{task}: {}", stderr(&drawn));
        let more = ["numeracy", task, "--resume", text(&run_folder), "--seeds", "3", "--quiet"];
        let resumed = run(&more);
        assert!(resumed.status.success(), "{task}: {}", stderr(&resumed));
        let said = String::from_utf8(resumed.stdout).expect("text");
        assert!(!said.contains("NaN") && !said.contains("inf ") && !said.contains("inf\n"), "{said}");
        assert_eq!(said.contains("infinite"), task == "identity", "{said}");
    }
}
