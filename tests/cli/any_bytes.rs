//! Paths that are not UTF-8, in every command.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::mnist::drawn;
use crate::support::{TINY, copy_of_tiny_run, program, run, stderr};

/// Gives a name that is no text.
fn odd() -> &'static OsStr {
    OsStr::from_bytes(b"odd\xff")
}

/// `words`, in which ODD stands for the odd name.
fn arguments(words: &str) -> Vec<OsString> {
    let word = |word: &str| {
        let parts: Vec<&[u8]> = word.split("ODD").map(str::as_bytes).collect();
        OsStr::from_bytes(&parts.join(odd().as_bytes())).to_owned()
    };
    words.split(' ').map(word).collect()
}

/// Runs the program in the folder `home`, and everything else that it takes from around it is odd, too.
fn run_in(home: &Path, arguments: &[OsString]) -> Output {
    let mut command = program();
    command.current_dir(home).args(arguments).env("TMPDIR", home).env("HOME", home);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "LC_ALL", "LANG", "TERM"] {
        command.env(name, odd());
    }
    command.output().expect("the program starts")
}

/// The names of all commands, as pages for man have them.
fn commands() -> BTreeSet<String> {
    let said = stderr(&run(&["man", "no-such-command"]));
    let (_, names) = said.trim_end().split_once("there are ").expect("a list of commands");
    names.split(", ").map(str::to_owned).collect()
}

/// Gives the name of the command that `words` call.
fn called(words: &str) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    let count = if words[0] == "numeracy" && words.len() > 1 { 2 } else { 1 };
    words[..count].join("-")
}

#[test]
fn every_command_takes_any_path_in_any_folder() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path().join(odd());
    fs::create_dir(&home).expect("a folder");
    fs::rename(copy_of_tiny_run(folder.path()), home.join(odd())).expect("a run");
    let at = |name: &str| home.join(&arguments(name)[0]);
    fs::create_dir(at("digitsODD")).expect("a folder");
    drawn::write(&at("digitsODD"), 200, 50);
    let tiny = TINY.join(" ");
    let train = format!("train --runs runsODD --name run {tiny}");
    let plain = format!("train --name plain {tiny}");
    let short = "--seeds 1 --quiet --runs arithmeticODD --name";
    let lines: &[&str] = &[
        &train,
        &plain,
        "train --resume runsODD/run --runs runsODD --steps 30000 --quiet --json",
        "evaluate ODD --T 5 --episodes 3 --trace traceODD",
        "evaluate ODD --T 5 --episodes 3 --checkpoint ODD/checkpoints/last.safetensors --json",
        "inspect ODD",
        "inspect ODD --json",
        "watch ODD --T 5 --text",
        "watch ODD --T 5 --json",
        "record ODD --T 5 --out walkODD --frames framesODD",
        "record ODD --T 5 --out walkODD.gif --json",
        "plot ODD --out figuresODD",
        "plot ODD --out figuresODD --json",
        "report ODD --out pageODD.html",
        "report ODD --out pageODD.html --json",
        "suite --agents lstm --seeds 1 --steps 2000 --episodes 3 --runs suiteODD -- --envs 16 --hidden 16",
        "suite --agents lstm --seeds 1 --steps 2000 --episodes 3 --runs suiteODD --json -- --envs 16 --hidden 16",
        &format!("numeracy identity --cell relu --iterations 20 {short} identity"),
        &format!("numeracy static --iterations 20 {short} static"),
        &format!("numeracy single --iterations 20 {short} single"),
        &format!("numeracy recurrent --iterations 20 {short} recurrent"),
        &format!("numeracy language --iterations 20 {short} language"),
        &format!("numeracy program --iterations 20 {short} program"),
        &format!("numeracy mnist --steps 10 --mnist digitsODD {short} mnist"),
        "numeracy static --resume arithmeticODD/static --seeds 2 --quiet --json",
        // The folder of the digits is in its config.json.
        "numeracy mnist --resume arithmeticODD/mnist --seeds 2 --quiet --json",
        "numeracy all --finished --quiet --runs noneODD --page pageODD --reference referenceODD --figures figuresODD",
        "plot arithmeticODD/static --out figuresODD --json",
        "runs",
        "runs .",
        "runs runsODD --json",
        "runs arithmeticODD --json",
        "compare ODD runsODD/run",
        "compare ODD runsODD/run --json",
        "list",
        "doctor --runs newODD",
        "doctor --json",
        "completions bash",
        "man",
        "man --out manODD",
    ];
    for line in lines {
        let output = run_in(&home, &arguments(line));
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        assert!(!stderr(&output).contains("a bug"), "{line}: {}", stderr(&output));
        if line.ends_with("--json") || line.contains(" --json ") {
            serde_json::from_slice::<Value>(&output.stdout).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }
    // It needs a terminal, and says that first.
    let output = run_in(&home, &arguments("play --against ODD"));
    assert!(output.status.code() == Some(2) && stderr(&output).contains("terminal"), "{}", stderr(&output));
    let tried: BTreeSet<String> =
        lines.iter().map(|line| called(line)).chain(["play", "numeracy"].map(str::to_owned)).collect();
    assert_eq!(tried, commands());

    // What was typed can be typed again: a shell makes of it what the program was given.
    let config = fs::read(at("runsODD/run/config.json")).expect("config.json");
    let config: Value = serde_json::from_slice(&config).expect("a document");
    let command = config["commands"][0].as_str().expect("a command");
    let script = format!("gridworld() {{ printf '%s\\0' \"$@\"; }}; {command}");
    let words = Command::new("sh").args(["-c", &script]).output().expect("a shell").stdout;
    assert!(words.starts_with(b"train\0--runs\0runsodd\xff\0--name\0run\0"), "{command}");
}

#[test]
fn where_a_text_is_needed_any_other_argument_is_refused_in_one_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path().join(odd());
    fs::create_dir(&home).expect("a folder");
    let colour = commands().into_iter().map(|name| name.replace('-', " ") + " --color ODD");
    let own = [
        "train --name ODD",
        "train --T ODD",
        "train --agent ODD",
        "train --device ODD",
        "train --runs ODD --steps ODD",
        "train ODD",
        "evaluate oracle --T ODD",
        "evaluate oracle --policy ODD",
        "watch oracle --T ODD",
        "record oracle --out walkODD --T ODD",
        "plot runs --only ODD",
        "suite ODD",
        "suite --shard ODD",
        "suite -- --name ODD",
        "numeracy ODD",
        "numeracy static --name ODD",
        "numeracy all --only ODD",
        "runs --sort ODD",
        "completions ODD",
        "man ODD",
        "ODD",
        "--ODD",
    ];
    let lines: Vec<String> = colour.chain(own.map(str::to_owned)).collect();
    assert!(lines.len() > 40);
    for line in &lines {
        let output = run_in(&home, &arguments(line));
        let said = stderr(&output);
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{line}: {said}");
        assert!(said.starts_with("error: ") && !said.contains("a bug"), "{line}: {said}");
        assert!(output.stdout.is_empty() && fs::read_dir(&home).expect("a folder").count() == 0, "{line}");
    }
    let said = stderr(&run_in(&home, &arguments("train --runs runsODD --name ODD")));
    assert!(said.contains(r"runsodd\xff odd\xff: invalid UTF-8"), "{said}");
}
