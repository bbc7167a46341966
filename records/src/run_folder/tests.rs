//! Tests of runs' folders.

use std::fs;
use std::os::unix::fs::{chown, lchown, symlink};
use std::time::{Duration, SystemTime};

use nix::unistd::geteuid;

use super::*;
use crate::write_json;

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_435_200)
}

/// A new run that is kept, and in which nobody trains.
fn create(runs: &Path, name: Option<&str>) -> Result<RunFolder, RunError> {
    let (run, lock) = RunFolder::create(runs, name, "TimedArrival-v1", "lstm-nac", 1, noon())?;
    fs::write(run.config(), "{}").unwrap();
    lock.keep();
    Ok(run)
}

#[test]
fn runs_of_one_second_get_folders_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("deep/runs");
    let names: Vec<String> = (0..3).map(|_| create(&runs, None).unwrap().name()).collect();
    let name = "TimedArrival-v1__lstm-nac__seed1__20261123-120000";
    assert_eq!(names, [name.to_owned(), format!("{name}-2"), format!("{name}-3")]);
    assert!(runs.join(name).join("checkpoints").is_dir());
}

#[test]
fn runs_made_at_once_get_folders_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path();
    let mut names: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(|| create(runs, None).unwrap().name())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 16);
}

#[test]
fn a_name_is_used_once() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(create(folder.path(), Some("mine")).unwrap().path(), folder.path().join("mine"));
    let error = create(folder.path(), Some("mine")).unwrap_err();
    assert!(matches!(error, RunError::Exists { .. }), "{error}");
}

#[test]
fn a_folder_goes_with_its_lock_unless_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let begin = || RunFolder::create(folder.path(), Some("mine"), "", "", 1, noon());
    let (run, lock) = begin().unwrap();
    fs::write(run.config(), "{}").unwrap();
    assert!(matches!(begin(), Err(RunError::Exists { .. })) && run.config().exists());
    drop(lock);
    assert!(!run.path().exists() && folder.path().exists());
    let (run, lock) = begin().unwrap();
    lock.keep();
    drop(lock);
    assert!(run.checkpoints().is_dir());
    // A run that goes on has a lock, too.
    drop(run.lock().unwrap());
    assert!(run.path().exists());
}

#[test]
fn a_start_that_was_killed_is_taken_over_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine");
    let begin = || RunFolder::create(folder.path(), Some("mine"), "", "", 1, noon());
    let remnants = [".lock", ".config.json.abc123.tmp", "checkpoints"];
    for count in 0..=remnants.len() {
        fs::create_dir(&path).unwrap();
        for name in &remnants[..count] {
            match *name {
                "checkpoints" => fs::create_dir(path.join(name)).unwrap(),
                _ => fs::write(path.join(name), "12").unwrap(),
            }
        }
        assert!(RunFolder::is_vacant(&path));
        let (run, lock) = begin().unwrap();
        assert!(run.checkpoints().is_dir() && !path.join(remnants[1]).exists());
        // As long as it has the lock, nobody else does.
        assert!(matches!(begin(), Err(RunError::Exists { .. })));
        drop(lock);
    }
    for other in ["notes", "config.json", "checkpoints/last.safetensors"] {
        fs::create_dir_all(path.join("checkpoints")).unwrap();
        fs::write(path.join(other), "mine").unwrap();
        assert!(!RunFolder::is_vacant(&path), "{other}");
        assert!(matches!(begin(), Err(RunError::Exists { .. })), "{other}");
        assert_eq!(fs::read_to_string(path.join(other)).unwrap(), "mine");
        fs::remove_file(path.join(other)).unwrap();
    }
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
    assert!(matches!(begin(), Err(RunError::Exists { .. })), "a link is taken over");
}

#[test]
fn of_many_that_begin_with_one_name_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let begin = || RunFolder::create(folder.path(), Some("mine"), "", "", 1, noon());
    let begun: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(begin)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let refused = begun.iter().filter(|begun| matches!(begun, Err(RunError::Exists { .. }))).count();
    assert_eq!((refused, begun.iter().filter(|begun| begun.is_ok()).count()), (7, 1), "{begun:?}");
    assert!(folder.path().join("mine/checkpoints").is_dir());
}

#[test]
fn names_stay_in_the_folder_of_runs() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs");
    for name in ["", ".", "..", ".hidden", "a/b", "/a", "a\\b", "a\nb", "a\0b"] {
        let error = create(&runs, Some(name)).unwrap_err();
        assert!(matches!(error, RunError::Name { .. }), "{name:?}: {error}");
    }
    assert!(!runs.exists(), "a refused name leaves nothing behind");
    create(&runs, Some("a b.c-ü")).unwrap();
}

#[test]
fn only_a_run_opens() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(reason(&folder.path().join("nowhere")), "there is no such folder");
    let run = create(folder.path(), None).unwrap();
    fs::remove_file(run.config()).unwrap();
    assert!(reason(run.path()).starts_with("it has no config.json"));
    fs::write(run.config(), "{\"seed\": ").unwrap();
    let error = RunFolder::open(run.path()).unwrap_err();
    assert!(matches!(error, RunError::Json { .. }), "{error}");
    assert!(error.to_string().starts_with(&format!("{} cannot be read: ", run.config().display())), "{error}");
    write_json(&run.config(), &serde_json::json!({"seed": 1})).unwrap();
    assert_eq!(RunFolder::open(run.path()).unwrap(), run);
}

/// The reason why the run in `path` does not open.
fn reason(path: &Path) -> String {
    match RunFolder::open(path).unwrap_err() {
        RunError::NotARun { reason, .. } => reason,
        error => panic!("{error}"),
    }
}

#[test]
fn a_run_whose_files_are_elsewhere_opens_if_the_user_owns_both() {
    let folder = tempfile::tempdir().unwrap();
    let run = create(folder.path(), None).unwrap();
    write_json(&run.config(), &serde_json::json!({})).unwrap();
    let other = folder.path().join("mine");
    fs::write(&other, "mine").unwrap();
    for file in ["metrics.jsonl", "seeds.jsonl", ".lock", "checkpoints/last.safetensors"] {
        let link = run.path().join(file);
        // The lock of a new run is there.
        let _ = fs::remove_file(&link);
        symlink(&other, link).unwrap();
        assert_eq!(RunFolder::open(run.path()).unwrap(), run, "{file}");
    }
    let scratch = folder.path().join("scratch");
    fs::rename(run.checkpoints(), &scratch).unwrap();
    symlink(&scratch, run.checkpoints()).unwrap();
    RunFolder::open(run.path()).unwrap();
    symlink(run.path(), folder.path().join("alias")).unwrap();
    RunFolder::open(&folder.path().join("alias")).unwrap();
}

#[test]
fn a_link_to_what_is_not_there_is_told_with_its_target() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["metrics.jsonl", "checkpoints/best.safetensors", "checkpoints"] {
        let run = create(folder.path(), None).unwrap();
        write_json(&run.config(), &serde_json::json!({})).unwrap();
        let link = run.path().join(file);
        let _ = fs::remove_dir(&link);
        symlink("/nowhere/it", link).unwrap();
        let expected = format!("its {file} is a link to /nowhere/it: No such file or directory (os error 2)");
        assert_eq!(reason(run.path()), expected);
    }
}

#[test]
fn a_link_to_what_is_not_the_users_leads_out() {
    // To root's for anybody else; root itself gives the target away.
    let folder = tempfile::tempdir().unwrap();
    let run = create(folder.path(), None).unwrap();
    write_json(&run.config(), &serde_json::json!({})).unwrap();
    let link = run.path().join("metrics.jsonl");
    let theirs = match geteuid().is_root() {
        false => PathBuf::from("/etc/passwd"),
        true => {
            let theirs = folder.path().join("theirs");
            fs::write(&theirs, "theirs").unwrap();
            chown(&theirs, Some(1), None).unwrap();
            theirs
        }
    };
    symlink(&theirs, &link).unwrap();
    let real = theirs.canonicalize().unwrap();
    let leads_out = format!("is a link that leads out of it, to {}, and not both are yours", real.display());
    assert_eq!(reason(run.path()), format!("its metrics.jsonl {leads_out}"));
    if geteuid().is_root() {
        // Nor may the link be another's.
        chown(&theirs, Some(0), None).unwrap();
        RunFolder::open(run.path()).unwrap();
        lchown(&link, Some(1), None).unwrap();
        assert_eq!(reason(run.path()), format!("its metrics.jsonl {leads_out}"));
    }
}

#[test]
fn a_run_is_trained_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let run = create(folder.path(), None).unwrap();
    let _lock = run.lock().unwrap();
    assert!(matches!(run.lock(), Err(RunError::Busy { path, .. }) if path == run.path()));
}

#[test]
fn errors_name_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = create(&file.join("runs"), None).unwrap_err();
    assert!(matches!(&error, RunError::Io { action: "create", .. }) && error.to_string().contains("runs"), "{error}");
}
