//! Disks that are full, read-only or gone.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use gridworld_agents::checkpoint::Checkpoint;

use super::{BUSY, ended, resume, start, wait_for_records};
use crate::support::{copy_of_tiny_run, program, run, stderr, train};

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

/// A small file system in memory, where the user may make one.
struct Tmpfs(PathBuf);

impl Tmpfs {
    fn mount(folder: &Path, size: &str) -> Option<Tmpfs> {
        let path = folder.join("small");
        fs::create_dir(&path).expect("a folder");
        let size = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "none"]).arg(&path).stderr(Stdio::null());
        let mounted = mount.status().is_ok_and(|status| status.success());
        if !mounted {
            eprintln!("skipped: no file system can be mounted here; that is for root");
        }
        mounted.then_some(Tmpfs(path))
    }

    fn make_read_only(&self) {
        let status = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).status().expect("mount");
        assert!(status.success());
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
fn a_full_disk_stops_the_training_and_room_lets_it_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(disk) = Tmpfs::mount(folder.path(), "4m") else { return };
    let path = disk.0.join("run");
    let training = start(&disk.0, "run", "200000", SYNC);
    wait_for_records(&path);
    let mut filler = File::create(disk.0.join("filler")).expect("a file");
    while filler.write_all(&[1; 4096]).is_ok() {}
    assert_failed(&ended(training), &["cannot write", "No space left on device", "--resume"]);
    Checkpoint::load(&path.join("checkpoints/last.safetensors")).expect("it is whole");
    assert_failed(&ended(resume(&path, &[])), &["cannot write", "No space left on device"]);
    drop(filler);
    fs::remove_file(disk.0.join("filler")).expect("it was there");
    let output = ended(resume(&path, &[]));
    assert!(output.status.success(), "{}", stderr(&output));
    let output = ended(start(&disk.0, "straight", "200000", SYNC));
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(last(&path) == last(&disk.0.join("straight")), "the failure left a trace");
}

/// A copy of the tiny run that nobody can write to, what the system says of that, and what to drop in the end.
fn read_only_run(folder: &Path) -> Option<(PathBuf, &'static str, Option<Tmpfs>)> {
    let copy = copy_of_tiny_run(folder);
    let folders = [copy.join("checkpoints"), copy.clone(), folder.to_owned()];
    let set_mode = |mode| {
        folders.iter().try_for_each(|path| fs::set_permissions(path, fs::Permissions::from_mode(mode))).expect("ours");
    };
    set_mode(0o555);
    if File::create(copy.join("file")).is_err() {
        return Some((copy, "Permission denied", None));
    }
    // Permissions do not bind root.
    set_mode(0o755);
    let disk = Tmpfs::mount(folder, "16m")?;
    let copy = copy_of_tiny_run(&disk.0);
    disk.make_read_only();
    Some((copy, "Read-only file system", Some(disk)))
}

#[test]
fn a_read_only_folder_is_refused_before_the_first_step() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some((path, reason, _disk)) = read_only_run(folder.path()) else { return };
    assert_failed(&ended(resume(&path, &["--steps", "30000"])), &["cannot lock", reason]);
    let fresh = ended(start(path.parent().expect("a folder"), "fresh", "640", &[]));
    assert_eq!(fresh.status.code(), Some(2), "a wrong --runs is wrong usage");
    assert!(stderr(&fresh).starts_with("error: --runs: cannot create") && stderr(&fresh).contains(reason));
    // What was found is printed although it cannot be kept.
    let output = run(&["evaluate", path.to_str().expect("UTF-8"), "--T", "5", "--episodes", "5"]);
    assert_failed(&output, &["evaluation.json", reason]);
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
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        eprintln!("skipped: there is no /dev/full");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let flags = BUSY.iter().filter(|flag| **flag != "--quiet");
    let mut command = program();
    command.args(["train", "--name", "run", "--steps", "4000", "--runs"]).arg(folder.path()).args(flags);
    let status = command.stderr(full).status().expect("the program starts");
    assert!(status.success(), "{status}");
}
