//! Names that hold anything: commands that are printed can be pasted, and nothing in a name commands a terminal.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{TINY, copy_of_tiny_run, program, run, stderr};

/// Runs a line as if it were pasted into a shell in the folder `home`.
fn pasted(home: &Path, line: &str) -> Output {
    let bin = home.join("bin");
    fs::create_dir_all(&bin).expect("a folder");
    // There from the second line on.
    let _ = symlink(env!("CARGO_BIN_EXE_gridworld"), bin.join("gridworld"));
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").expect("a PATH"));
    Command::new("sh").args(["-c", line]).current_dir(home).env("PATH", path).output().expect("a shell")
}

/// Gives the part of a line of standard error behind `words`.
fn behind(said: &str, words: &str) -> String {
    let found = said.lines().find_map(|line| line.split_once(words));
    found.unwrap_or_else(|| panic!("no {words:?} in {said}")).1.to_owned()
}

#[test]
fn printed_commands_can_be_pasted_whatever_the_names_hold() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rows = [
        ("runs", "a b'c"),
        ("it's \"$HOME\" `id`", "-x"),
        (".", "-x"),
        (".", "oracle"),
        ("new\nline\u{1b}[31m", "süß\u{202e} & 数"),
        ("ends in a line break\n", "*;#!~"),
    ];
    for (runs, name) in rows {
        let mut train = program();
        train.current_dir(folder.path()).args(["train", "--runs", runs]).arg(format!("--name={name}")).args(TINY);
        let output = train.args(["--steps", "2000", "--eval-interval", "2000"]).output().expect("it starts");
        assert!(output.status.success(), "{runs:?} {name:?}: {}", stderr(&output));
        let of_run = folder.path().join(runs).join(name);
        // It is `--quiet`, so that the command is asked for of a training that goes on.
        let mut resume = program();
        resume.current_dir(folder.path()).args(["train", "--steps", "4000"]).arg("--resume").arg(&of_run);
        let said = stderr(&resume.output().expect("it starts"));
        let output = pasted(folder.path(), &(behind(&said, "next: ") + " --episodes 5"));
        assert!(output.status.success(), "{said}\n{}", stderr(&output));
        assert!(of_run.join("evaluation.json").exists(), "another run than {runs:?} {name:?} was evaluated: {said}");

        // What config.json has recorded is taken apart into what was typed.
        let config: Value =
            serde_json::from_slice(&fs::read(of_run.join("config.json")).expect("a file")).expect("JSON");
        let command = config["commands"][0].as_str().expect("a command");
        let line = format!("gridworld() {{ printf '%s\\0' \"$@\"; }}; {command}");
        let output = Command::new("sh").args(["-c", &line]).output().expect("a shell");
        let words: Vec<&str> = std::str::from_utf8(&output.stdout).expect("UTF-8").split('\0').collect();
        assert_eq!(words[..4], ["train", "--runs", runs, &format!("--name={name}")], "{command}");
    }
}

#[test]
fn the_programs_own_path_is_quoted_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bin = folder.path().join("it's my bin");
    fs::create_dir(&bin).expect("a folder");
    let program = bin.join("gridworld");
    symlink(env!("CARGO_BIN_EXE_gridworld"), &program).expect("a link");
    let mut refused = Command::new(&program);
    let said = stderr(&refused.args(["train", "--agent", "oracle"]).output().expect("it starts"));
    let command = behind(&said, "evaluate it with `").trim_end_matches('`').to_owned();
    let output = Command::new("sh").args(["-c", &(command + " --T 5 --episodes 5")]).output().expect("a shell");
    assert!(output.status.success(), "{said}: {}", stderr(&output));
    let help = Command::new(&program).args(["runs", "--help"]).output().expect("it starts");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let example = help.lines().find(|line| line.contains("my bin") && line.ends_with(" runs"));
    let example = example.unwrap_or_else(|| panic!("no example in {help}"));
    let output = Command::new("sh").args(["-c", &format!("{example} --help")]).output().expect("a shell");
    assert!(output.status.success(), "{example}: {}", stderr(&output));
}

#[test]
fn an_experiment_names_a_command_that_can_be_pasted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = program();
    command.current_dir(folder.path()).args(["numeracy", "identity", "--runs", "my $runs", "--name", "a 'b'"]);
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().expect("it starts");
    let seeds = folder.path().join("my $runs/a 'b'/seeds.jsonl");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !seeds.exists() {
        assert!(std::time::Instant::now() < deadline, "no experiment began");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill").success());
    let said = {
        use std::io::Read;
        let mut said = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        said
    };
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{said}");
    let line = behind(&said, "to resume: ");
    let asked = pasted(folder.path(), &format!("{line} --seeds 0"));
    // The command is understood up to the flag that is wrong.
    assert!(stderr(&asked).contains("--seeds"), "{line}: {}", stderr(&asked));
    let asked = pasted(folder.path(), &format!("{line} --seeds 1"));
    assert!(stderr(&asked).contains("the run has 100 seeds"), "{line}: {}", stderr(&asked));
}

/// A name with a title for the terminal, a colour, a line break, an override of the direction, and C1's CSI.
const HOSTILE: &str = "e\u{1b}]0;title\u{7}\u{1b}[31mred\nnew\u{202e}rev\u{9b}2J\u{7f}";

/// Fails if there is anything in `output` that commands a terminal, other than colours of ours.
fn assert_harmless(what: &str, output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(output);
    assert!(!text.is_empty(), "{what} says nothing");
    assert!(!text.contains("\u{1b}[31mred"), "{what}: the name's colour in {text:?}");
    assert!(!text.lines().any(|line| line.starts_with("new")), "{what}: the name's line break in {text:?}");
    let is_harmful = |character: char| {
        (character.is_control() && !"\n\t\u{1b}".contains(character))
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(is_harmful), "{what}: {text:?}");
    for part in text.split('\u{1b}').skip(1) {
        let codes = part.strip_prefix('[').and_then(|codes| codes.split_once('m')).map(|(codes, _)| codes);
        let is_colour = codes.is_some_and(|codes| codes.chars().all(|code| code.is_ascii_digit() || code == ';'));
        assert!(is_colour, "{what}: {text:?}");
    }
}

#[test]
fn nothing_in_a_name_or_a_document_commands_a_terminal() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runs = folder.path().join(format!("runs {HOSTILE}"));
    let own = runs.join(HOSTILE);
    fs::create_dir_all(&runs).expect("a folder");
    fs::rename(copy_of_tiny_run(folder.path()), &own).expect("another name");
    let checkpoint = folder.path().join(format!("{HOSTILE}.safetensors"));
    fs::copy(own.join("checkpoints/best.safetensors"), &checkpoint).expect("a copy");
    // Documents of which the strings are hostile.
    let config = fs::read_to_string(own.join("config.json")).expect("a file");
    let escaped = serde_json::to_string(HOSTILE).expect("JSON");
    let documents = [
        ("arithmetic", format!("{{\"task\": {escaped}}}")),
        ("agent", config.replace("\"lstm-nac\"", &escaped)),
        ("environment", config.replace("\"TimedArrival-v1\"", &escaped)),
        ("T", config.replace("\"5..12\"", &escaped)),
        ("version", config.replace("\"version\": \"", &format!("\"version\": \"{}", &escaped[1..escaped.len() - 1]))),
    ];
    for (name, document) in &documents {
        let path = runs.join(name);
        fs::create_dir(&path).expect("a folder");
        fs::create_dir(path.join("checkpoints")).expect("a folder");
        fs::write(path.join("config.json"), document).expect("a file");
    }
    let failed = format!("{{\"reason\": {escaped}, \"error\": {escaped}}}");
    fs::write(runs.join("version/failure.json"), failed).expect("a file");
    let suite = folder.path().join(format!("suite {HOSTILE}"));
    fs::create_dir(&suite).expect("a folder");
    fs::write(suite.join("suite.json"), format!("{{\"train\": [{escaped}], \"evaluate\": [{escaped}]}}"))
        .expect("a file");

    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let (runs, own, other, checkpoint, suite) =
        (text(&runs), text(&own), text(&runs.join("version")), text(&checkpoint), text(&suite));
    let nowhere = format!("{own}/nowhere");
    let out = text(&folder.path().join(format!("out{HOSTILE}")));
    let document = |name: &str| text(&Path::new(&runs).join(name));
    let [arithmetic, agent, environment, instructions] = ["arithmetic", "agent", "environment", "T"].map(document);
    let rows: Vec<Vec<&str>> = vec![
        vec!["runs", &runs],
        vec!["runs", &own],
        vec!["runs", &nowhere],
        vec!["compare", &own, &other],
        vec!["compare", &own, &nowhere],
        vec!["evaluate", &own, "--T", "5", "--episodes", "5"],
        vec!["evaluate", &own, "--T", "5", "--episodes", "5", "--checkpoint", &checkpoint],
        vec!["evaluate", &own, "--checkpoint", &nowhere],
        vec!["evaluate", &own, "--trace", &nowhere, "--T", "5"],
        vec!["evaluate", &own, "--T", HOSTILE],
        vec!["evaluate", &nowhere],
        vec!["evaluate", &arithmetic],
        vec!["evaluate", &agent],
        vec!["evaluate", &environment],
        vec!["evaluate", &instructions],
        vec!["evaluate", HOSTILE],
        vec!["inspect", &own],
        vec!["inspect", &own, "--checkpoint", &checkpoint],
        vec!["watch", &own, "--text", "--checkpoint", &checkpoint],
        vec!["record", &own, "--T", "5", "--out", &out],
        vec!["record", &own, "--T", "5", "--out", &nowhere, "--frames", &nowhere],
        vec!["plot", &own, "--out", &out, "--only", "learning", "--format", "svg"],
        vec!["plot", &runs, "--out", &out],
        vec!["plot", &own, "--only", HOSTILE],
        vec!["report", &own, "--out", &out],
        vec!["report", &runs, "--out", &out],
        vec!["play", "--against", &nowhere],
        vec!["train", "--resume", &own],
        vec!["train", "--resume", &nowhere],
        vec!["train", "--runs", &runs, "--name", HOSTILE],
        vec!["train", "--agent", HOSTILE],
        vec!["train", HOSTILE],
        vec!["suite", "--runs", &suite],
        vec!["numeracy", "static", "--resume", &own],
        vec!["numeracy", "static", "--resume", &arithmetic],
        vec!["numeracy", "all", "--only", HOSTILE],
        vec!["numeracy", "mnist", "--data", &nowhere],
        vec!["doctor", "--runs", &nowhere],
        vec!["man", HOSTILE],
        vec![HOSTILE],
    ];
    let documents_of: Vec<Vec<&str>> = vec![
        vec!["runs", &runs],
        vec!["compare", &own, &other],
        vec!["evaluate", &own, "--T", "5", "--episodes", "5"],
        vec!["inspect", &own],
        vec!["report", &own, "--out", &out],
    ];
    for row in rows {
        // A file of that name may be in the way of a folder of that name.
        let _ = fs::remove_file(&out).or_else(|_| fs::remove_dir_all(&out));
        let output = run(&[&row[..], &["--color", "always"]].concat());
        assert_harmless(&format!("{row:?}"), &output);
    }
    for row in documents_of {
        let output = run(&[&row[..], &["--json"]].concat());
        assert!(output.status.success(), "{row:?}: {}", stderr(&output));
        assert_harmless(&format!("{row:?} --json"), &output);
        let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(document.to_string().contains("title\\u0007"), "{row:?}: {document}");
    }
    let listed = String::from_utf8_lossy(&run(&["runs", &runs]).stdout).into_owned();
    assert!(listed.contains(r"e\u{1b}]0;title\u{7}\u{1b}[31mred\nnew\u{202e}rev\u{9b}2J\u{7f}"), "{listed}");
}
