//! Tests of the prompt: the commands that look at runs, and the files for shells and `man`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json as document};

use crate::support::{copy_of_tiny_run, json, program, run, stderr, tiny_run, train};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn stdout_of(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The tiny training under the name `name`, with another text in the place of `from` in its configuration.
fn copy_as(folder: &Path, name: &str, from: &str, to: &str) -> std::path::PathBuf {
    let copy = copy_of_tiny_run(folder);
    let named = folder.join(name);
    fs::create_dir_all(named.parent().expect("a folder")).expect("a folder");
    fs::rename(copy, &named).expect("another name");
    let config = fs::read_to_string(named.join("config.json")).expect("config.json");
    assert!(config.contains(from));
    fs::write(named.join("config.json"), config.replace(from, to)).expect("config.json");
    named
}

/// A folder with a run of each status; the lock of the one that is running is held as long as what this gives.
fn one_of_each(folder: &Path) -> fs::File {
    const MORE: (&str, &str) = ("\"steps\": 20000", "\"steps\": 50000");
    copy_as(folder, "suite/a__seed2", "", "");
    copy_as(folder, "suite/a__seed10", "", "");
    copy_as(folder, "stopped", MORE.0, MORE.1);
    let running = copy_as(folder, "running", MORE.0, MORE.1);
    let lock = fs::File::create(running.join(".lock")).expect("a lock");
    lock.try_lock().expect("it is ours");
    let failing = ["train", "--runs", text(folder), "--name", "failed", "--learning-rate", "1e38"];
    let output = run(&[&failing[..], crate::support::TINY].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    fs::create_dir_all(folder.join("damaged/checkpoints")).expect("a folder");
    fs::write(folder.join("damaged/config.json"), "{\"agent\": ").expect("a file");
    let torn = copy_as(folder, "torn", "", "").join("checkpoints/last.safetensors");
    let bytes = fs::read(&torn).expect("a checkpoint");
    fs::write(&torn, &bytes[..bytes.len() / 2]).expect("half of it");
    // What is no run, and a link that leads nowhere, are nobody's business.
    fs::create_dir_all(folder.join("reference")).expect("a folder");
    std::os::unix::fs::symlink(folder.join("nowhere"), folder.join("link")).expect("a link");
    lock
}

#[test]
fn runs_lists_every_run_with_its_status_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let _lock = one_of_each(folder.path());
    let found = json(&["runs", text(folder.path()), "--json"]);
    let runs = found["runs"].as_array().expect("runs");
    let status = |run: &Value| (run["name"].as_str().expect("a name").to_owned(), run["status"].clone());
    let expected = [
        ("damaged", "damaged"),
        ("failed", "failed"),
        ("running", "running"),
        ("stopped", "stopped"),
        ("suite/a__seed2", "finished"),
        ("suite/a__seed10", "finished"),
        ("torn", "damaged"),
    ];
    let statuses: Vec<_> = runs.iter().map(status).collect();
    assert_eq!(statuses, expected.map(|(name, status)| (name.to_owned(), document!(status))));
    let find = |name: &str| runs.iter().find(|run| run["name"] == name).expect("it is listed");
    for (name, words) in [("failed", "not applied"), ("damaged", "config.json"), ("torn", "last.safetensors")] {
        let problem = find(name)["problem"].as_str().expect("a problem");
        assert!(problem.contains(words), "{name}: {problem}");
    }
    let whole = find("suite/a__seed2");
    assert_eq!(
        (&whole["agent"], &whole["seed"], &whole["steps_asked"]),
        (&"lstm-nac".into(), &1.into(), &20000.into())
    );
    assert!(whole["steps"].as_u64().expect("steps") >= 20_000 && whole["problem"].is_null());

    let table = stdout_of(&["runs", text(folder.path()), "--sort", "status"]);
    let names: Vec<&str> = table.lines().skip(1).take(7).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["running", "suite/a__seed2", "suite/a__seed10", "stopped", "failed", "damaged", "torn"]);
    assert!(table.ends_with("7 runs: 1 running, 2 finished, 1 stopped, 1 failed, 2 damaged\n"), "{table}");
    assert!(table.contains("\ndamaged: torn: checkpoint "), "{table}");
    assert_eq!(json(&["runs", text(tiny_run()), "--json"])["runs"][0]["name"], "tiny");
}

#[test]
fn a_run_without_its_checkpoints_is_damaged_and_nobody_is_told_to_resume_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    fs::remove_file(copy.join("checkpoints/last.safetensors")).expect("it was there");
    let listed = || {
        let output = run(&["runs", text(&copy)]);
        (String::from_utf8(output.stdout.clone()).expect("UTF-8"), stderr(&output))
    };
    let (table, said) = listed();
    assert!(table.contains("\ndamaged: copy: no checkpoint ") && table.ends_with("1 run: 1 damaged\n"), "{table}");
    assert!(said.ends_with(&format!(" evaluate {}\n", copy.display())), "{said}");
    fs::remove_file(copy.join("checkpoints/best.safetensors")).expect("it was there");
    let (_, said) = listed();
    assert!(said.starts_with("next: ") && said.ends_with(" train\n"), "{said}");
    let refused = run(&["evaluate", text(&copy)]);
    assert_eq!(stderr(&refused), format!("error: no checkpoint in {}/checkpoints\n", copy.display()));
}

#[test]
fn success_is_that_of_the_best_checkpoint_also_where_the_run_is_not_evaluated() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // It is best at first, and then unlearns what it has learnt, or never learns: the best is that of some evaluation.
    let trained = train(folder.path(), "mine", &["--eval-interval", "4000", "--eval-episodes", "50"]);
    let measured = crate::support::metrics(&trained);
    let shares: Vec<f64> = measured.iter().filter_map(|line| line["eval/success_train"].as_f64()).collect();
    assert!(shares.len() > 3, "{shares:?}");
    let best = shares.iter().copied().fold(0.0, f64::max);
    let listed = json(&["runs", text(&trained), "--json"])["runs"][0]["success_of_feasible"].as_f64();
    assert_eq!(listed, Some(best), "{shares:?}");
    let compared = stdout_of(&["compare", text(&trained), text(&trained)]);
    let row = compared.lines().find(|line| line.starts_with("success ")).expect("a row").to_owned();
    assert!(row.contains(&format!("{:.1} %", 100.0 * best)), "{compared}");
    assert!(json(&["compare", text(&trained), text(&trained), "--json"])["runs"][0]["success_of_feasible"].is_null());
}

#[test]
fn a_failure_is_forgotten_when_the_training_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run_folder = copy_as(folder.path(), "mine", "", "");
    fs::write(run_folder.join("failure.json"), "{\"error\": \"the disk was full\"}").expect("a file");
    let output = run(&["train", "--resume", text(&run_folder), "--steps", "30000", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!run_folder.join("failure.json").exists());
    assert_eq!(json(&["runs", text(&run_folder), "--json"])["runs"][0]["status"], "finished");
}

#[test]
fn how_far_a_run_counts_is_what_evaluate_found_on_its_range() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mine = copy_as(folder.path(), "mine", "", "");
    let row = |instruction: u32, success: f64, feasible: f64| {
        document!({
            "T": instruction, "trained": (5..=12).contains(&instruction), "episodes": 100, "success": success,
            "feasible": feasible, "success_of_feasible": success / feasible, "ci95": [0.0, 1.0],
            "success_of_feasible_ci95": [success - 0.1, 1.0], "arrival_mean": null, "arrival_sd": null,
            "timeouts": 0.0, "reward_mean": 0.5, "time_limit": 20,
        })
    };
    let evaluation = |rows: Vec<Value>| {
        let evaluation = document!({
            "run": null, "agent": "lstm-nac", "environment": "TimedArrival-v1", "checkpoint": "best", "steps": 20480,
            "policy": "greedy", "seed": 0, "results": rows,
        });
        fs::write(mine.join("evaluation.json"), evaluation.to_string()).expect("a file");
        json(&["runs", text(&mine), "--json"])["runs"][0].clone()
    };
    let range = || (5..=12).map(|value| row(value, 0.9, 0.9));
    // 7 · 0.9 + 0.45 of 7 · 0.9 + 0.9; a miss at 6 does not hide what is held from 7 on.
    let gap = range().enumerate().map(|(at, good)| if at == 1 { row(6, 0.45, 0.9) } else { good });
    let found = evaluation(gap.chain([row(20, 1.0, 1.0), row(30, 0.5, 1.0), row(40, 1.0, 1.0)]).collect());
    assert!((found["success_of_feasible"].as_f64().expect("a share") - 6.75 / 7.2).abs() < 1e-12, "{found}");
    assert_eq!(found["furthest"], 20);
    let found = evaluation(range().chain([row(19, 0.99, 1.0), row(20, 0.5, 1.0), row(30, 1.0, 1.0)]).collect());
    assert_eq!((&found["success_of_feasible"], &found["furthest"]), (&document!(1.0), &document!(19)));
    // An evaluation elsewhere says nothing of the range; the training's own does.
    let found = evaluation(vec![row(50, 1.0, 1.0)]);
    assert!(found["furthest"].is_null() && found["success_of_feasible"].as_f64().is_some_and(|share| share < 1.0));
    fs::write(mine.join("evaluation.json"), "{}").expect("a file");
    assert!(json(&["runs", text(&mine), "--json"])["runs"][0]["problem"].as_str().is_some());
}

#[test]
fn compare_shows_what_differs_and_what_came_of_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let one = copy_as(folder.path(), "one", "", "");
    let other = train(folder.path(), "other", &["--agent", "lstm", "--seed", "2"]);
    for (run_folder, values) in [(&one, "5..7"), (&other, "6..9")] {
        let output = run(&["evaluate", text(run_folder), "--T", values, "--episodes", "30"]);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let found = json(&["compare", text(&one), text(&other), "--json"]);
    let fields: Vec<&Value> = found["differences"].as_array().expect("a list").iter().map(|d| &d["field"]).collect();
    assert!(fields.contains(&&"agent".into()) && fields.contains(&&"training.seed".into()), "{fields:?}");
    assert!(fields.iter().all(|field| *field != "commands[0]" && *field != "model.hidden"), "{fields:?}");
    let seeds = found["differences"].as_array().expect("a list").iter().find(|d| d["field"] == "training.seed");
    assert_eq!(seeds.expect("it differs")["values"], document!([1, 2]));
    let values: Vec<&Value> = found["success"].as_array().expect("a list").iter().map(|at| &at["T"]).collect();
    assert_eq!(values, [5, 6, 7, 8, 9]);
    let kept: Value = serde_json::from_slice(&fs::read(other.join("evaluation.json")).expect("a file")).expect("JSON");
    let (at_six, own) = (&found["success"][1]["runs"][1], &kept["results"][0]);
    assert_eq!(
        (&at_six["success_of_feasible"], &at_six["ci95"]),
        (&own["success_of_feasible"], &own["success_of_feasible_ci95"])
    );
    assert!(found["success"][0]["runs"][1].is_null());
    assert!(found["runs"][1]["training"]["seconds"].as_f64().expect("seconds") > 0.0);

    let shown = stdout_of(&["compare", text(&one), text(&other)]);
    assert!(shown.starts_with(&format!("A  {}\nB  {}\n", one.display(), other.display())), "{shown}");
    assert!(shown.contains("\n--seed ") && shown.contains("steps to 99 %"), "{shown}");
    assert!(shown.contains("\nmodel.feedback.cell ") && shown.contains("\n–: no such setting\n"), "{shown}");
    assert!(stdout_of(&["compare", text(&one), text(&one)]).contains("no difference"));
    let refused = run(&["compare", text(&one), text(&folder.path().join("nowhere"))]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(run(&["compare", text(&one)]).status.code(), Some(2));
}

#[test]
fn colours_are_as_the_flag_the_environment_and_the_terminal_have_it() {
    let coloured = |flags: &[&str], variables: &[(&str, &str)]| {
        let mut command = program();
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env("TERM", "xterm");
        let output = command.args(flags).envs(variables.iter().copied()).output().expect("it starts");
        let out = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
        assert!(!out.is_empty());
        out.contains('\u{1b}')
    };
    let list = ["runs", text(tiny_run())];
    let wrong = ["runs", "nowhere"];
    let unknown = ["runs", "--nonsense"];
    let with = |words: &[&'static str], choice: &'static str| [words, &["--color", choice]].concat();
    for words in [&wrong[..], &unknown, &["train", "--help"]] {
        assert!(!coloured(words, &[]), "{words:?}: a pipe has no colours");
        assert!(coloured(&with(words, "always"), &[("NO_COLOR", "1")]), "{words:?}");
    }
    assert!(coloured(&list, &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&list, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    let never = [&list[..], &["--color", "never"]].concat();
    assert!(!coloured(&never, &[("CLICOLOR_FORCE", "1")]));
    assert_eq!(run(&["runs", "--color", "blue"]).status.code(), Some(2));
}

/// Gives the completions that bash offers for the last of `words`, by the script's own function.
fn offered(script: &Path, words: &str) -> Vec<String> {
    offered_in(Path::new("."), script, words)
}

/// Gives the completions that bash offers in the folder `home`.
fn offered_in(home: &Path, script: &Path, words: &str) -> Vec<String> {
    let ask = format!(
        "source '{}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
         _gridworld gridworld \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; \
         printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display()
    );
    let output = Command::new("bash").args(["--norc", "-c", &ask]).current_dir(home).output().expect("bash");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// The script of a shell, which must be able to read it.
fn read_by(shell: &str, folder: &Path) -> PathBuf {
    let script = folder.join(shell);
    fs::write(&script, stdout_of(&["completions", shell])).expect("a file");
    let checked =
        Command::new(shell).arg("-n").arg(&script).output().unwrap_or_else(|error| panic!("{shell}: {error}"));
    assert!(checked.status.success() && checked.stderr.is_empty(), "{shell}: {}", stderr(&checked));
    script
}

#[test]
#[ignore = "needs zsh: make test runs it where it is there"]
fn completions_are_valid_with_zsh() {
    read_by("zsh", tempfile::tempdir().expect("a temporary folder").path());
}

#[test]
#[ignore = "needs fish: make test runs it where it is there"]
fn completions_are_valid_with_fish() {
    read_by("fish", tempfile::tempdir().expect("a temporary folder").path());
}

#[test]
fn completions_are_valid_and_complete_commands_flags_and_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bash = read_by("bash", folder.path());
    assert_eq!(offered(&bash, "gridworld tra"), ["train"]);
    assert_eq!(offered(&bash, "gridworld com"), ["compare", "completions"]);
    assert_eq!(offered(&bash, "gridworld train --learning"), ["--learning-rate"]);
    assert_eq!(offered(&bash, "gridworld train --agent lstm-na"), ["lstm-nac", "lstm-nalu", "lstm-nau"]);
    assert_eq!(run(&["completions", "tcsh"]).status.code(), Some(2));
}

#[test]
fn a_file_is_completed_whatever_is_in_its_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bash = folder.path().join("bash");
    fs::write(&bash, stdout_of(&["completions", "bash"])).expect("a file");
    let home = folder.path().join("a home");
    fs::create_dir_all(home.join("my run")).expect("a folder");
    for file in ["my run/best one.safetensors", "my trace.jsonl"] {
        fs::write(home.join(file), "").expect("a file");
    }
    for (words, expected) in [
        ("gridworld evaluate mine --checkpoint my", &["my run", "my trace.jsonl"][..]),
        ("gridworld evaluate mine --checkpoint 'my run/b'", &["my run/best one.safetensors"]),
        ("gridworld evaluate mine --trace my", &["my run", "my trace.jsonl"]),
        ("gridworld record mine --out 'my t'", &["my trace.jsonl"]),
        ("gridworld report mine --out 'my t'", &["my trace.jsonl"]),
        ("gridworld suite paper --page 'my t'", &["my trace.jsonl"]),
        // A number is no file.
        ("gridworld train --steps my", &["my"]),
        // A folder is left to bash, which is told that it is one.
        ("gridworld train --resume my", &[""]),
    ] {
        let mut offered = offered_in(&home, &bash, words);
        offered.sort();
        assert_eq!(offered, expected, "{words}");
    }
    // Without that bash would quote nothing in what it completes.
    let script = fs::read_to_string(&bash).expect("the script");
    let files = script.matches("$(compgen -f ").count();
    assert!(files >= 8 && script.matches("compopt -o filenames").count() == files, "{files}");
}

#[test]
fn there_is_a_page_for_each_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = folder.path().join("share/man1");
    stdout_of(&["man", "--out", text(&pages)]);
    let help = stdout_of(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 10, "{help}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let page = fs::read_to_string(pages.join(format!("gridworld-{command}.1"))).expect("a page");
        for section in [".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES", ".SH \"SEE ALSO\""] {
            assert!(page.contains(section), "{command}: no {section}");
        }
    }
    let main = fs::read_to_string(pages.join("gridworld.1")).expect("a page");
    assert_eq!(main, stdout_of(&["man"]));
    assert_eq!(fs::read_to_string(pages.join("gridworld-runs.1")).expect("a page"), stdout_of(&["man", "runs"]));
    assert!(main.contains("EXIT STATUS"), "{main}");
    let refused = run(&["man", "nothing"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("train, evaluate"), "{}", stderr(&refused));
}

#[test]
#[ignore = "needs man: make test runs it where it is there"]
fn a_page_can_be_read_with_man() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let page = folder.path().join("gridworld-train.1");
    fs::write(&page, stdout_of(&["man", "train"])).expect("a file");
    let shown = Command::new("man").args(["--warnings", "-l", text(&page)]).output().expect("man");
    let said = stderr(&shown);
    assert!(shown.status.success() && said.is_empty(), "{said}");
    assert!(String::from_utf8_lossy(&shown.stdout).contains("gridworld train --agent lstm-nac --T 5..12"));
}
