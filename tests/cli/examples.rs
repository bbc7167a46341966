//! The examples of all crates, run to their end.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program in the folder `examples` of a crate.
struct Example {
    /// The crate's folder, relative to the repository; empty for the package itself.
    crate_folder: &'static str,
    name: &'static str,
    /// A size with which it takes a second, and no more.
    size: &'static str,
    /// Words that are in the output of one that has come to its end.
    says: &'static str,
}

const fn example(crate_folder: &'static str, name: &'static str, size: &'static str, says: &'static str) -> Example {
    Example { crate_folder, name, size, says }
}

const EXAMPLES: &[Example] = &[
    example("", "train_with_tensorboard", "20000", "curves: tensorboard --logdir"),
    example("", "load_and_play", "20000", "T = 16 (never seen): success"),
    example("", "learning_rate_sweep", "5000", "0.012"),
    example("agents", "own_cell", "20000", "went on with lstm-adder to 4"),
    example("agents", "train_without_files", "20000", "T = 12: on time in"),
    example("envs", "own_environment", "50", "Doors-v1 conforms"),
    example("envs", "drawn_frames", "100", "of 100 steps"),
    example("figures", "line_chart", "10", "line_chart.png, 1520×"),
    example("numeracy", "learn_addition", "2000", "solved means an error below"),
    example("records", "own_metric", "1000", "after      1000 terms: 1.0e-3 from π"),
    example("statistics", "over_runs", "500", "99 successes in 100 episodes"),
];

const BUILD: &str = "cargo build --release --workspace --examples";

/// Crates with nothing that a program of its own would show.
const WITHOUT: [&str; 4] = ["checkpoint", "kernels", "link", "terminal"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Example {
    fn source(&self) -> PathBuf {
        root().join(self.crate_folder).join("examples").join(self.name).with_extension("rs")
    }

    /// The command that runs it, as its documentation has it.
    fn command(&self) -> String {
        let package =
            if self.crate_folder.is_empty() { String::new() } else { format!(" -p gridworld-{}", self.crate_folder) };
        format!("cargo run --release{package} --example {}", self.name)
    }

    /// The built program, which is not older than its source.
    fn program(&self) -> PathBuf {
        let release = Path::new(env!("CARGO_BIN_EXE_gridworld")).parent().expect("a folder");
        let program = release.join("examples").join(self.name);
        let changed = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
        let is_new = changed(&program).is_some_and(|built| Some(built) >= changed(&self.source()));
        assert!(is_new, "{} is missing or older than its source: `{BUILD}` builds it", program.display());
        program
    }
}

/// The crates' folders: that of the package is empty.
fn crates() -> Vec<String> {
    let entries = fs::read_dir(root()).expect("the repository").map(|entry| entry.expect("an entry"));
    let members = entries.filter(|entry| entry.path().join("Cargo.toml").exists());
    let names = members.map(|entry| entry.file_name().into_string().expect("UTF-8"));
    names.chain([String::new()]).collect()
}

#[test]
fn every_example_is_run() {
    let mut found = BTreeSet::new();
    for folder in crates() {
        let Ok(entries) = fs::read_dir(root().join(&folder).join("examples")) else {
            assert!(WITHOUT.contains(&&*folder), "{folder} has no examples");
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            // A crate of its own, which is tested as such.
            if name != "outside-crate" {
                assert!(path.extension().is_some_and(|end| end == "rs"), "{} is no file of Rust", path.display());
                found.insert((folder.clone(), name));
            }
        }
    }
    let run = EXAMPLES.iter().map(|example| (example.crate_folder.to_owned(), example.name.to_owned())).collect();
    assert_eq!(found, run);
}

#[test]
fn examples_are_short_and_say_how_they_are_run() {
    let page = fs::read_to_string(root().join("docs/library.md")).expect("docs/library.md");
    for example in EXAMPLES {
        let (source, command) = (fs::read_to_string(example.source()).expect("an example"), example.command());
        assert!(source.lines().count() < 80, "{} has {} lines", example.name, source.lines().count());
        let top = source.lines().take_while(|line| line.starts_with("//!")).collect::<Vec<_>>().join("\n");
        assert!(top.contains(&format!("`{command} [")), "{}: its documentation lacks `{command}`", example.name);
        assert!(page.contains(&format!("`{command}`")), "docs/library.md lacks `{command}`");
    }
}

#[test]
fn examples_come_to_their_end() {
    for example in EXAMPLES {
        let place = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new(example.program());
        command.arg(example.size).current_dir(&place).env("TMPDIR", place.path()).env_remove("LD_LIBRARY_PATH");
        let output = command.output().expect("a process");
        let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{}: {}\n{errors}", example.name, output.status);
        assert!(said.contains(example.says), "{}: {said}\n{errors}", example.name);
        assert!(!errors.contains("panicked"), "{}: {errors}", example.name);
    }
}

#[test]
fn examples_write_into_the_folder_that_is_given() {
    for (name, file) in [("line_chart", "line_chart.svg"), ("own_metric", "config.json")] {
        let example = EXAMPLES.iter().find(|example| example.name == name).expect("an example");
        let place = tempfile::tempdir().expect("a temporary folder");
        let output = Command::new(example.program()).arg(example.size).arg(place.path().join("mine")).output();
        assert!(output.expect("a process").status.success(), "{name}");
        let mut inside =
            fs::read_dir(place.path().join("mine")).expect("the folder").map(|entry| entry.unwrap().path());
        assert!(inside.any(|path| path.ends_with(file) || path.join(file).exists()), "{name}");
    }
}
