//! The contract of `evaluate`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{copy_of_tiny_run, json, program, run, stderr, tiny_run};

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
        let timed: u64 =
            row["arrivals"].as_object().expect("numbers").values().map(|n| n.as_u64().expect("a number")).sum();
        assert!(timed as f64 <= (40.0 * feasible).round() && timed as f64 >= (40.0 * success).round(), "{row}");
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
        let all = row["episodes"].as_f64().expect("a number");
        assert_eq!(row["arrivals"], serde_json::json!({ row["T"].to_string(): (feasible * all).round() as u64 }));
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

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// T and number of episodes of each row in a run's own evaluation.
fn kept(run: &Path) -> Vec<(u64, u64)> {
    let kept: Value = serde_json::from_slice(&fs::read(run.join("evaluation.json")).expect("a file")).expect("JSON");
    assert_eq!((&kept["checkpoint"], &kept["policy"], &kept["seed"]), (&"best".into(), &"greedy".into(), &0.into()));
    results(&kept).iter().map(|row| (row["T"].as_u64().expect("T"), row["episodes"].as_u64().expect("many"))).collect()
}

#[test]
fn an_evaluation_of_something_else_takes_no_place_in_tables_and_figures() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (copy, out) = (copy_of_tiny_run(folder.path()), folder.path().join("figures"));
    let evaluate = |flags: &[&str]| {
        let output = run(&[&["evaluate", text(&copy)], flags].concat());
        assert!(output.status.success(), "{flags:?}: {}", stderr(&output));
        let said = stderr(&output);
        assert!(said.contains("next: "), "{said}");
        let is_usual = |line: &&str| line.starts_with("saved in ") || line.starts_with("next: ");
        said.lines().filter(|line| !is_usual(line)).map(|line| line.to_owned() + "\n").collect::<String>()
    };
    assert_eq!(evaluate(&["--T", "5..13", "--episodes", "40"]), "");
    let shown = || {
        let svg = ["--only", "success", "--format", "svg", "--out", text(&out)];
        assert!(run(&[&["plot", text(&copy)], &svg[..]].concat()).status.success());
        let report = folder.path().join("report.html");
        json(&["report", text(&copy), "--out", text(&report), "--json"]);
        let listed = json(&["runs", text(&copy), "--json"])["runs"][0].clone();
        let compared = json(&["compare", text(&copy), text(tiny_run()), "--json"]);
        let page = fs::read_to_string(&report).expect("a page");
        let results = page.split("<section id=\"results\"").nth(1).and_then(|rest| rest.split("</section>").next());
        (
            [&listed["success_of_feasible"], &listed["furthest"], &listed["otherwise"]].map(Value::clone),
            [&compared["success"], &compared["runs"][0]["evaluation"]].map(Value::clone),
            fs::read_to_string(out.join("success.svg")).expect("a figure"),
            results.expect("the results").to_owned(),
        )
    };
    let before = shown();
    assert!(before.2.contains("40 episodes per T, greedy, best checkpoint."), "{}", before.2);
    assert!(before.3.contains("40 episodes per T, greedy, best checkpoint."), "{}", before.3);
    let best = tiny_run().join("checkpoints/best.safetensors");
    for (flags, name) in [
        (&["--checkpoint", "last"][..], "last-step20480-greedy-seed0-exact.json"),
        (&["--policy", "sample"], "best-step20480-sampled-seed0-1000episodes.json"),
        (&["--seed", "7", "--episodes", "1000"], "best-step20480-greedy-seed7-1000episodes.json"),
        (&["--checkpoint", text(&best)], "file_best-step20480-greedy-seed0-exact.json"),
        (&["--episodes", "1"], "best-step20480-greedy-seed0-1episode.json"),
        (
            &["--episodes", "1", "--policy", "sample", "--checkpoint", "last"],
            "last-step20480-sampled-seed0-1episode.json",
        ),
    ] {
        let said = evaluate(&[&["--T", "5..13,40"], flags].concat());
        let path = copy.join("evaluations").join(name);
        assert!(path.exists(), "{flags:?}: no {name}");
        assert!(said.starts_with(&format!("note: saved separately in {}: ", path.display())), "{said}");
        assert!(shown() == before, "{flags:?} changed what is shown");
    }
    assert_eq!(kept(&copy), (5..=13).map(|t| (t, 40)).collect::<Vec<_>>());
    // Other T are added, and more episodes count: by the run's own file, too.
    let own = copy.join("checkpoints/best.safetensors");
    assert_eq!(evaluate(&["--T", "30", "--episodes", "50", "--checkpoint", text(&own)]), "");
    assert_eq!(kept(&copy), (5..=13).map(|t| (t, 40)).chain([(30, 50)]).collect::<Vec<_>>());
    let after = shown();
    assert!(after.2.contains("40 to 50 episodes per T, greedy") && after.3.contains("40 to 50 episodes"));
    assert_eq!(after.1[1]["most_episodes"], 50);
}

#[test]
fn each_start_is_played_once_and_takes_the_place_of_drawn_ones() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    json(&["evaluate", text(&copy), "--T", "5,9", "--episodes", "2000", "--json"]);
    assert_eq!(kept(&copy), [(5, 2000), (9, 2000)]);
    // The seed says nothing where nothing is drawn.
    let exact = json(&["evaluate", text(&copy), "--T", "5,12", "--seed", "3", "--json"]);
    for (row, feasible) in results(&exact).iter().zip([540.0, 600.0]) {
        assert_eq!(
            (&row["exact"], &row["episodes"], &row["ci95"]),
            (&Value::from(true), &Value::from(600), &Value::Null)
        );
        assert_eq!(row["feasible"].as_f64().map(|share| (share * 600.0).round()), Some(feasible));
        let successes = row["success"].as_f64().expect("a share") * 600.0;
        assert!((successes - successes.round()).abs() < 1e-9, "{successes}");
        assert!(row.get("held_out").is_none());
    }
    assert_eq!(kept(&copy), [(5, 600), (9, 2000), (12, 600)]);
    // The oracle draws nothing, either; the random agent does.
    assert_eq!(results(&json(&["evaluate", "oracle", "--T", "6", "--json"]))[0]["success"], 580.0 / 600.0);
    let random = json(&["evaluate", "random", "--T", "6", "--json"]);
    assert_eq!(
        (&results(&random)[0]["episodes"], &results(&random)[0]["exact"]),
        (&Value::from(1000), &Value::from(false))
    );
}

#[test]
fn held_out_placements_are_reported_apart() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = text(folder.path());
    let flags = ["--steps", "4000", "--envs", "8", "--hidden", "8", "--quiet", "--json", "--holdout", "0.1"];
    let run_folder = json(&[&["train", "--runs", runs, "--name", "held"], &flags[..]].concat())["run"].clone();
    let path = run_folder.as_str().expect("a folder");
    let found = json(&["evaluate", path, "--T", "5", "--json"]);
    let row = &results(&found)[0];
    assert_eq!((&row["episodes"], &row["held_out"]["episodes"]), (&Value::from(540), &Value::from(60)));
    let feasible = 540.0 * row["feasible"].as_f64().expect("a share")
        + 60.0 * row["held_out"]["feasible"].as_f64().expect("a share");
    assert_eq!(feasible.round() as u32, 540);
    assert!(String::from_utf8_lossy(&run(&["evaluate", path, "--T", "5"]).stdout).contains("held out"));
    // Drawn episodes begin where the training's do.
    let drawn = json(&["evaluate", path, "--T", "5", "--episodes", "10", "--json"]);
    assert!(results(&drawn)[0].get("held_out").is_none());
    let config: Value =
        serde_json::from_slice(&fs::read(Path::new(path).join("config.json")).expect("a file")).expect("JSON");
    assert_eq!(config["environment"]["holdout"], 0.1);
}

#[test]
fn where_a_run_has_only_another_evaluation_that_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (copy, out) = (copy_of_tiny_run(folder.path()), folder.path().join("figures"));
    json(&["evaluate", text(&copy), "--T", "5..12", "--episodes", "8", "--checkpoint", "last", "--json"]);
    let how = "checkpoint last at step 20,480, greedy, 8 episodes per T, seed 0";
    let stdout = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let listed = stdout(&["runs", text(&copy)]);
    assert!(listed.contains(&format!("not the standard evaluation: copy: {how}\n")), "{listed}");
    let compared = stdout(&["compare", text(&copy), text(tiny_run())]);
    assert!(compared.contains(&format!("A: not the standard evaluation: {how}\n")), "{compared}");
    let document = json(&["plot", text(&copy), "--only", "success", "--out", text(&out), "--json"]);
    let alt = document["figures"][0]["alt"].as_str().expect("words");
    assert!(alt.contains("8 episodes per T. Evaluated otherwise: ") && alt.contains(how), "{alt}");
    let page = folder.path().join("report.html");
    json(&["report", text(&copy), "--out", text(&page), "--json"]);
    assert!(fs::read_to_string(&page).expect("a page").contains(&format!("not the standard one: {how}")));
}

#[test]
fn a_run_that_may_only_be_read_is_evaluated() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let set_mode = |mode| fs::set_permissions(&copy, fs::Permissions::from_mode(mode)).expect("ours");
    set_mode(0o555);
    let mut command = program();
    if fs::write(copy.join("written"), "").is_ok() {
        // Permissions bind root only without this capability.
        command = Command::new("setpriv");
        command.args(["--bounding-set=-dac_override", "--inh-caps=-dac_override"]).arg(program().get_program());
    }
    command.args(["evaluate", text(&copy), "--T", "5,12", "--episodes", "5", "--json"]);
    for flags in [&[][..], &["--policy", "sample"]] {
        let output = command.args(flags).output().expect("the program starts; for root by setpriv, of util-linux");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        let file = copy.join("evaluation.json");
        assert_eq!(said, format!("note: not saved, cannot write {}: Permission denied\n", file.display()));
        let document: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
        assert_eq!(results(&document).len(), 2);
        assert!(!file.exists() && !copy.join("evaluations").exists());
    }
    set_mode(0o755);
}
