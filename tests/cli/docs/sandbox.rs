//! Sandbox in which the commands of a page run.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use tempfile::TempDir;

use super::extract::Written;
use super::{Scaled, root};
use crate::support::{copy_of_tiny_run, python, run, stderr};

/// A folder in which the commands of a page run, with a `gridworld` that does less.
pub struct Sandbox {
    folder: TempDir,
    /// Handling of a run that a command names, and that is not there.
    missing: Missing,
}

/// Handling of runs that a page names and has not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// Missing runs are copies of a short training.
    Copied,
    /// Missing runs stay missing.
    Absent,
}

impl Sandbox {
    /// A folder with the project's scripts, on a machine where the program is installed, and has trained whatever is named.
    pub fn new(scaled: &[Scaled]) -> Sandbox {
        let sandbox = Sandbox { folder: tempfile::tempdir().expect("a temporary folder"), missing: Missing::Copied };
        sandbox.keep_program("bin/gridworld", &wrapper(scaled));
        symlink(root().join("scripts"), sandbox.path("scripts")).expect("the scripts");
        sandbox
    }

    /// Makes `python3` the Python that the tests' scripts have.
    pub fn keep_python(&self) {
        let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", python().get_program().display());
        self.keep_program("bin/python3", &script);
    }

    /// A clean clone: there is no run, and no `gridworld` before `make train` has built it, nor in the `PATH` before
    /// `make install`. Other targets of `make` do nothing here.
    pub fn of_clean_clone(scaled: &[Scaled]) -> Sandbox {
        let sandbox = Sandbox { folder: tempfile::tempdir().expect("a temporary folder"), missing: Missing::Absent };
        sandbox.keep_program("wrapper", &wrapper(scaled));
        sandbox.keep_program("bin/make", MAKE);
        sandbox
    }

    fn keep_program(&self, name: &str, script: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, script).expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be run");
    }

    /// The folders in which the shell looks for programs: those of this machine have no `gridworld`.
    fn search_path(&self) -> OsString {
        let machine = std::env::var_os("PATH").unwrap_or_default();
        let others = std::env::split_paths(&machine).filter(|folder| !folder.join("gridworld").exists());
        std::env::join_paths(std::iter::once(self.path("bin")).chain(others)).expect("a PATH")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a script under a name.
    pub fn keep(&self, name: &str, script: &str) {
        fs::write(self.path(name), script).expect("a script");
    }

    /// Runs a command, which must succeed; gives what it wrote on standard error.
    pub fn run(&self, command: &Written) -> String {
        for name in named_runs(&command.line).into_iter().filter(|_| self.missing == Missing::Copied) {
            let place = self.path(&name);
            if !place.exists() {
                fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
                fs::rename(copy_of_tiny_run(self.folder.path()), place).expect("a run of that name");
            }
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", &command.line]).current_dir(self.folder.path()).stdin(Stdio::null());
        shell.env("PATH", self.search_path()).env("HOME", self.folder.path()).env("RUST_BACKTRACE", "1");
        // There are no digits, on which a training takes long.
        shell.env("GRIDWORLD_CACHE", self.folder.path());
        let output = shell.output().expect("a shell");
        assert_good(command, &output);
        stderr(&output)
    }
}

/// Script in place of `make`: it leaves what `make train` and `make install` leave, without building anything.
const MAKE: &str = "#!/bin/sh
for word in \"$@\"; do
  case $word in ARGS=*) ARGS=${word#ARGS=} ;; esac
done
case $1 in
  train)
    mkdir -p target/release && cp wrapper target/release/gridworld &&
      exec target/release/gridworld train --agent lstm-nac --T 5..12 $ARGS ;;
  install) cp target/release/gridworld bin/gridworld ;;
esac
";

/// A script that adds the flags: those of the command behind its own, but before a `--`, and those of a suite's trainings
/// behind that.
fn wrapper(scaled: &[Scaled]) -> String {
    let cases = scaled
        .iter()
        .map(|Scaled { command, flags, behind }| format!("  {command}) flags='{flags}' behind='{behind}' ;;\n"));
    format!(
        "#!/bin/sh\n\
         flags= behind= dashes=\n\
         case \"$1\" in\n{cases}esac\n\
         left=$#\n\
         while [ $left -gt 0 ]; do\n\
           if [ \"$1\" = -- ]; then set -- \"$@\" $flags; flags= dashes=yes; fi\n\
           set -- \"$@\" \"$1\"; shift; left=$((left - 1))\n\
         done\n\
         [ -z \"$behind\" ] || [ -n \"$dashes\" ] || behind=\"-- $behind\"\n\
         exec '{program}' \"$@\" $flags $behind\n",
        cases = cases.collect::<String>(),
        program = env!("CARGO_BIN_EXE_gridworld"),
    )
}

/// The runs that a line names: words such as `runs/NAME` or `runs/NAME/checkpoints/FILE`, but not the folders after `--runs`;
/// for a pattern two runs.
fn named_runs(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let name = |at: usize| {
        let word = words[at].split("/checkpoints/").next().unwrap_or_default();
        let is_folder = at > 0 && words[at - 1] == "--runs";
        (word.starts_with("runs/") && !is_folder).then_some(word)
    };
    let named = (0..words.len()).filter_map(name);
    named.flat_map(|word| ["one", "two"].map(|star| word.replace('*', star))).collect()
}

fn assert_good(command: &Written, output: &Output) {
    let Written { page, number, line, .. } = command;
    let (page, status) = (page.display(), output.status);
    assert!(status.success(), "{page}:{number}: `{line}` ended with {status}:\n{}", stderr(output));
}

/// Asks whoever would read a command whether it could, without running it.
pub fn parse(command: &Written) {
    let words: Vec<&str> = command.line.split_whitespace().take_while(|word| !word.starts_with(['#', '>'])).collect();
    match words.as_slice() {
        ["gridworld", flags @ ..] => parse_flags(command, flags),
        ["cargo", "run", "--release", "--", flags @ ..] => parse_flags(command, flags),
        ["cargo", "run", "--release", "--example", name]
        | ["cargo", "run", "--release", "--example", name, "--", _] => {
            assert_example(command, "examples", name);
        }
        // In the crate of somebody else, which tests/cli/outside.rs builds and runs.
        ["cargo", "run", "--release"] => {}
        ["cargo", "run", "--release", "--bin", name, "--", ..] => {
            assert_example(command, "examples/outside-crate/src/bin", name)
        }
        ["cargo", "run", "--release", "-p", package, "--example", name] => {
            let folder = package.strip_prefix("gridworld-").expect("a crate of ours");
            assert_example(command, &format!("{folder}/examples"), name);
        }
        ["make", ..] => parse_make(command),
        // Programs of others: the lists say so.
        _ => assert!(super::listed(super::NOT_RUN, &command.line).is_some(), "{command:?} is nobody's"),
    }
}

/// Fails if the folder has no such program; tests/cli/examples.rs and tests/cli/outside.rs run them.
fn assert_example(command: &Written, folder: &str, name: &str) {
    let source = root().join(folder).join(name).with_extension("rs");
    assert!(source.exists(), "{command:?}: {} is missing", source.display());
}

/// `--help` behind the flags: a flag that is not there, or a value that is none, is found before it. What is behind a
/// suite's `--` are flags of its trainings.
fn parse_flags(command: &Written, flags: &[&str]) {
    let end = flags.iter().position(|flag| *flag == "--").unwrap_or(flags.len());
    if let Some(behind) = flags.get(end + 1..) {
        parse_flags(command, &[&["train"], behind].concat());
    }
    let placeholders = [("N", "1"), ("S", "1"), ("LIST", "5..12")];
    let filled = |flag: &str| {
        placeholders.iter().find(|(name, _)| *name == flag).map_or(flag.to_owned(), |(_, v)| v.to_string())
    };
    // `…` stands for flags that the sentence does not name.
    let named = flags[..end].iter().filter(|flag| **flag != "…").map(|flag| filled(flag));
    let words: Vec<String> = named.chain(["--help".to_owned()]).collect();
    // Pages name the same command more than once.
    static KNOWN: Mutex<BTreeSet<Vec<String>>> = Mutex::new(BTreeSet::new());
    if KNOWN.lock().expect("a list").contains(&words) {
        return;
    }
    assert_good(command, &run(&words.iter().map(String::as_str).collect::<Vec<_>>()));
    KNOWN.lock().expect("a list").insert(words);
}

/// Fails if there is no such target, or if a command of ours that it would run cannot be read.
fn parse_make(command: &Written) {
    // Nothing is written: a dry run's output is not what the page would keep.
    let line = command.line.split(" > ").next().unwrap_or_default().replacen("make", "make --dry-run", 1);
    let mut shell = Command::new("sh");
    shell.args(["-c", &line]).current_dir(root()).env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    let output = shell.output().expect("a shell");
    assert_good(command, &output);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in printed.lines() {
        let ours = [" run --release --locked -- ", "target/release/gridworld "];
        if let Some(flags) = ours.iter().find_map(|before| line.split_once(before)).map(|(_, flags)| flags) {
            parse_flags(command, &flags.split_whitespace().collect::<Vec<_>>());
        }
    }
}
