//! File systems that lack something, and runs whose files are elsewhere.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gridworld::run::checkpoint_file;
use nix::errno::Errno;

use super::{ended, resume};
use crate::support::{TINY, copy_of_tiny_run, program, run, stderr, tiny_run};

const FSYNC: &str = "GRIDWORLD_TEST_FSYNC";
const FLOCK: &str = "GRIDWORLD_TEST_FLOCK";

/// A library that makes calls of the program fail, made by the C compiler that building the program needs anyway.
fn library(folder: &Path) -> PathBuf {
    let (source, library) =
        (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/faults/lacking.c"), folder.join("lacking.so"));
    let status = Command::new("cc").args(["-shared", "-fPIC", source, "-ldl", "-o"]).arg(&library).status();
    assert!(status.expect("a C compiler, cc").success(), "cc makes no library of {source}");
    library
}

/// Trains `runs/name` where the call `call` answers `errno`.
fn train(library: &Path, runs: &Path, call: &str, errno: Errno) -> Output {
    let mut command = program();
    command.args(["train", "--name", &format!("{errno:?}"), "--runs"]).arg(runs).args(TINY);
    command.env("LD_PRELOAD", library).env(call, (errno as i32).to_string());
    command.output().expect("the program starts")
}

#[test]
fn a_folder_that_cannot_be_synced_is_passed_over_and_a_disk_that_fails_is_not() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let library = library(folder.path());
    for errno in [Errno::EINVAL, Errno::EOPNOTSUPP, Errno::EBADF] {
        let output = train(&library, folder.path(), FSYNC, errno);
        assert!(output.status.success() && output.stderr.is_empty(), "{errno}: {}", stderr(&output));
        let last = folder.path().join(format!("{errno:?}/checkpoints/last.safetensors"));
        checkpoint_file::load(&last).expect("a checkpoint");
    }
    let output = train(&library, folder.path(), FSYNC, Errno::EIO);
    assert_eq!(output.status.code(), Some(1), "the library works: {}", stderr(&output));
    assert!(stderr(&output).contains("Input/output error"), "{}", stderr(&output));
}

#[test]
fn where_there_are_no_locks_a_training_goes_on_with_one_warning() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let library = library(folder.path());
    let warned = |output: &Output, culprit: &str| {
        let said = stderr(output);
        let warnings = said.lines().filter(|line| line.starts_with("warning: cannot lock ")).count();
        assert!(output.status.success() && warnings == 1 && said.contains(culprit), "{}: {said}", output.status);
    };
    for errno in [Errno::ENOSYS, Errno::ENOLCK, Errno::EOPNOTSUPP] {
        let output = train(&library, folder.path(), FLOCK, errno);
        warned(&output, &format!("(os error {})", errno as i32));
        assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    }
    let output = train(&library, folder.path(), FLOCK, Errno::EIO);
    assert_eq!(output.status.code(), Some(2), "the library works: {}", stderr(&output));
    assert!(stderr(&output).contains("cannot lock ") && !folder.path().join("EIO").exists(), "{}", stderr(&output));

    let without = |arguments: &[&str]| {
        let mut command = program();
        command.args(arguments).current_dir(folder.path()).env("LD_PRELOAD", &library);
        command.env(FLOCK, (Errno::ENOLCK as i32).to_string()).output().expect("the program starts")
    };
    warned(&without(&["train", "--resume", "ENOLCK", "--steps", "30000", "--quiet"]), "ENOLCK/.lock");
    let suite = ["suite", "--agents", "lstm", "--seeds", "1", "--steps", "2000", "--episodes", "3", "--runs", "suite"];
    warned(&without(&[&suite[..], &["--", "--envs", "16", "--hidden", "16"]].concat()), "suite/.lock");
    // One of many experiments is as good as another to say it.
    let all = ["numeracy", "all", "--only", "static-add", "--seeds", "1", "--iterations", "20", "--quiet"];
    warned(
        &without(&[&all[..], &["--page", "page", "--reference", "reference", "--figures", "figures"]].concat()),
        ".lock",
    );
    let listed = without(&["runs", "."]);
    assert!(listed.status.success() && !stderr(&listed).contains("warning"), "{}", stderr(&listed));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("finished"));
}

#[test]
fn a_run_whose_checkpoints_are_on_another_disk_is_a_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let scratch = folder.path().join("scratch");
    fs::rename(copy.join("checkpoints"), &scratch).expect("it moves");
    symlink(&scratch, copy.join("checkpoints")).expect("a link");
    let text = copy.to_str().expect("UTF-8");
    for arguments in [&["evaluate", text, "--T", "5", "--episodes", "3"][..], &["inspect", text], &["runs", text]] {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    }
    let output = ended(resume(&copy, &["--steps", "30000"]));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(copy.join("checkpoints").is_symlink());
    let last = checkpoint_file::load(&scratch.join("last.safetensors")).expect("a checkpoint");
    assert!(last.field::<u64>("steps").expect("a field") >= 30_000);
}

#[test]
fn a_suite_keeps_a_run_whose_disk_is_not_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let suite = || {
        let mut command = program();
        command.args(["suite", "--agents", "lstm", "--seeds", "1", "--steps", "2000", "--episodes", "3", "--runs"]);
        command.arg(folder.path()).args(["--", "--envs", "16", "--hidden", "16"]).output().expect("the program starts")
    };
    assert!(suite().status.success());
    let run = folder.path().join("lstm__seed1");
    for file in ["config.json", "checkpoints"] {
        fs::rename(run.join(file), folder.path().join(format!(".moved-{file}"))).expect("it moves");
        symlink(Path::new("/nowhere").join(file), run.join(file)).expect("a link");
    }
    let output = suite();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("its config.json is a link to /nowhere/config.json"), "{}", stderr(&output));
    assert!(run.join("metrics.jsonl").exists() && run.join("checkpoints").is_symlink(), "the run was removed");
}

#[test]
fn files_that_are_links_to_objects_are_replaced_and_the_objects_stay() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    fs::write(copy.join(".lock"), "1\n").expect("a lock");
    let objects = folder.path().join("objects");
    fs::create_dir(&objects).expect("a folder");
    let annexed =
        ["metrics.jsonl", "config.json", ".lock", "checkpoints/last.safetensors", "checkpoints/best.safetensors"];
    let mut kept = Vec::new();
    for (number, file) in annexed.into_iter().enumerate() {
        let (object, path) = (objects.join(number.to_string()), copy.join(file));
        fs::rename(&path, &object).expect("it moves");
        kept.push((object.clone(), fs::read(&object).expect("an object")));
        symlink(&object, &path).expect("a link");
    }
    let output = ended(resume(&copy, &["--steps", "30000"]));
    assert!(output.status.success(), "{}", stderr(&output));
    for (object, contents) in kept {
        assert!(fs::read(&object).expect("an object") == contents, "{} was written", object.display());
    }
    for file in annexed.into_iter().filter(|file| *file != ".lock" && *file != "checkpoints/best.safetensors") {
        assert!(!copy.join(file).is_symlink(), "{file}");
    }
    // It is the same run as one without links.
    let plain = copy_of_tiny_run(&objects);
    assert!(ended(resume(&plain, &["--steps", "30000"])).status.success());
    let last = |run: &Path| fs::read(run.join("checkpoints/last.safetensors")).expect("a checkpoint");
    assert!(last(&copy) == last(&plain), "the links left a trace");
    assert!(tiny_run().join("metrics.jsonl").exists());
}

#[test]
fn a_link_to_what_is_not_there_or_cannot_be_read_is_one_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = copy_of_tiny_run(folder.path());
    let best = copy.join("checkpoints/best.safetensors");
    fs::remove_file(&best).expect("it was there");
    let text = copy.to_str().expect("UTF-8");
    // A folder is what not even root can read as a file.
    for (target, words) in
        [("/nowhere/object", "is a link to /nowhere/object: No such file"), (".", "best.safetensors")]
    {
        symlink(target, &best).expect("a link");
        let output = run(&["evaluate", text, "--T", "5", "--episodes", "3"]);
        let said = stderr(&output);
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(said.contains(words), "{said}");
        fs::remove_file(&best).expect("it was there");
    }
}
