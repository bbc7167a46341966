//! Disks that are full, read-only or gone.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gridworld::run::checkpoint_file;

use super::{BUSY, ended, resume, start, wait_for_records};
use crate::support::{copy_of_tiny_run, program, stderr, train};

const SYNC: &[&str] = &["--mode", "sync"];

/// Fails unless the program failed with one line that contains all of `words`.
fn assert_failed(output: &Output, words: &[&str]) {
    let said = stderr(output);
    assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{}: {said}", output.status);
    for word in words {
        assert!(said.contains(word), "no {word:?} in {said}");
    }
}

fn last(run: &Path) -> Vec<u8> {
    fs::read(run.join("checkpoints/last.safetensors")).expect("a checkpoint")
}

/// A small file system in memory.
struct Tmpfs(PathBuf);

impl Tmpfs {
    fn mount(folder: &Path, size: &str) -> Tmpfs {
        let path = folder.join("small");
        fs::create_dir(&path).expect("a folder");
        let size = format!("size={size}");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "none"]).arg(&path).output().expect("mount");
        assert!(mount.status.success(), "{}", stderr(&mount));
        Tmpfs(path)
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_limit_on_files_is_an_error_and_the_last_checkpoint_stays() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = train(folder.path(), "limited", &[]);
    let before = last(&path);
    // In blocks of 512 or 1,024 bytes, as the shell has it: less than a checkpoint, more than the rest.
    let script = "ulimit -f 200; exec \"$0\" train --quiet --steps 30000 --resume \"$1\"";
    let output = Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_gridworld")]).arg(&path).output();
    assert_failed(&output.expect("a shell"), &["cannot write checkpoint", "File too large", "--resume"]);
    assert!(last(&path) == before, "the checkpoint was touched");
    let output = ended(resume(&path, &[]));
    assert!(output.status.success(), "{}", stderr(&output));
    let straight = train(folder.path(), "straight", &[]);
    assert!(ended(resume(&straight, &["--steps", "30000"])).status.success());
    assert!(last(&path) == last(&straight), "the failure left a trace");
}

#[test]
#[ignore = "needs to mount a file system: make test runs it where that is allowed"]
fn a_full_disk_stops_the_training_and_room_lets_it_go_on_with_mount() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let disk = Tmpfs::mount(folder.path(), "4m");
    let path = disk.0.join("run");
    let training = start(&disk.0, "run", "200000", SYNC);
    wait_for_records(&path);
    let mut filler = File::create(disk.0.join("filler")).expect("a file");
    while filler.write_all(&[1; 4096]).is_ok() {}
    assert_failed(&ended(training), &["cannot write", "No space left on device", "--resume"]);
    checkpoint_file::load(&path.join("checkpoints/last.safetensors")).expect("it is whole");
    assert_failed(&ended(resume(&path, &[])), &["cannot write", "No space left on device"]);
    drop(filler);
    fs::remove_file(disk.0.join("filler")).expect("it was there");
    let output = ended(resume(&path, &[]));
    assert!(output.status.success(), "{}", stderr(&output));
    let output = ended(start(&disk.0, "straight", "200000", SYNC));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(last(&path) == last(&disk.0.join("straight")), "the failure left a trace");
}

/// A copy of the tiny run that nobody can write to.
fn read_only_run(folder: &Path) -> PathBuf {
    let copy = copy_of_tiny_run(folder);
    for path in [&copy.join("checkpoints"), &copy, folder] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o555)).expect("ours");
    }
    copy
}

/// Runs the program without the privilege to write where permissions forbid it, which root has.
fn run_bound(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = program();
    if File::create(folder.join("written")).is_ok() {
        command = Command::new("setpriv");
        command.args(["--bounding-set=-dac_override", "--inh-caps=-dac_override"]).arg(program().get_program());
    }
    command.args(arguments).output().expect("the program starts; for root by setpriv, of util-linux")
}

#[test]
fn a_read_only_folder_is_refused_before_the_first_step() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = read_only_run(folder.path());
    let (runs, path) = (folder.path().to_str().expect("UTF-8"), path.to_str().expect("UTF-8"));
    let run = |arguments: &[&str]| run_bound(folder.path(), arguments);
    let resumed = run(&["train", "--quiet", "--resume", path, "--steps", "30000"]);
    assert_failed(&resumed, &["cannot lock", "Permission denied"]);
    let fresh = run(&[&["train", "--name", "fresh", "--steps", "640", "--runs", runs], BUSY].concat());
    assert_eq!(fresh.status.code(), Some(2), "a wrong --runs is wrong usage");
    assert!(stderr(&fresh).starts_with("error: --runs: cannot create") && stderr(&fresh).contains("Permission denied"));
    // What was found is printed although it cannot be kept.
    let output = run(&["evaluate", path, "--T", "5", "--episodes", "5"]);
    let said = stderr(&output);
    let noted = said.starts_with("note: not saved") && said.contains("Permission denied");
    assert!(output.status.success() && noted, "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("of feasible"));
}

#[test]
fn a_folder_that_is_deleted_during_training_ends_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let training = start(folder.path(), "run", "1e9", &[]);
    wait_for_records(&folder.path().join("run"));
    // The training may be making a file in it while it is removed.
    while fs::remove_dir_all(folder.path().join("run")).is_err() {}
    assert_failed(&ended(training), &["cannot write checkpoint", "No such file or directory"]);
}

#[test]
fn where_nobody_can_be_told_the_training_goes_on() {
    let full = File::options().write(true).open("/dev/full").expect("Linux has it");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let flags = BUSY.iter().filter(|flag| **flag != "--quiet");
    let mut command = program();
    command.args(["train", "--name", "run", "--steps", "4000", "--runs"]).arg(folder.path()).args(flags);
    let status = command.stderr(full).status().expect("the program starts");
    assert!(status.success(), "{status}");
}
