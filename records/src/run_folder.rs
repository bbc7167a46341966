//! The folder of one training.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use nix::unistd::geteuid;
use serde_json::Value;

use super::{FileLock, RunError, RunLock, calendar, read_json};
use crate::atomic;

/// A folder that holds one training, and the names of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Makes a folder for a new run in the folder `runs`, which is made too where it is missing, and takes the right to
    /// train there. The folder is removed with the lock, unless that [is told to keep it](RunLock::keep).
    ///
    /// Without a name it is called after what is trained and when (UTC), `TimedArrival-v1__lstm__seed1__20261123-120000`;
    /// the second such folder of one second ends in `-2`. A name that is taken is refused, but not where
    /// [nothing has begun](Self::is_vacant) and no process is at work.
    pub fn create(
        runs: &Path,
        name: Option<&str>,
        environment: &str,
        agent: &str,
        seed: u64,
        now: SystemTime,
    ) -> Result<(RunFolder, RunLock), RunError> {
        let (run, lock) = RunFolder::create_for(runs, name, &format!("{environment}__{agent}__seed{seed}"), now)?;
        let checkpoints = run.checkpoints();
        // It is there where a start is taken over that was killed.
        fs::create_dir_all(&checkpoints).map_err(|source| cannot("create", &checkpoints, source))?;
        Ok((run, lock))
    }

    /// Makes a folder as [`create`](Self::create) does, for a run of anything: without a name it is called after `what`
    /// and the time. There is no folder of checkpoints in it.
    pub fn create_for(
        runs: &Path,
        name: Option<&str>,
        what: &str,
        now: SystemTime,
    ) -> Result<(RunFolder, RunLock), RunError> {
        let stem = name.map_or_else(|| format!("{what}__{}", calendar::stamp(now)), str::to_owned);
        check_name(&stem)?;
        fs::create_dir_all(runs).map_err(|source| cannot("create", runs, source))?;
        match name {
            Some(_) => match claim(runs.join(&stem)) {
                Err(RunError::Exists { path }) if RunFolder::is_vacant(&path) => begin(RunFolder { path }),
                settled => settled,
            },
            None => claim_numbered(runs, &stem),
        }
    }

    /// Tells if the folder `path` has at most what a start leaves that is killed before there is a `config.json`.
    pub fn is_vacant(path: &Path) -> bool {
        let is_remnant = |entry: fs::DirEntry| match entry.file_name().to_str() {
            Some(".lock") => true,
            Some("checkpoints") => {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                is_folder && fs::read_dir(entry.path()).is_ok_and(|mut inside| inside.next().is_none())
            }
            Some(name) => name.starts_with(".config.json.") && name.ends_with(".tmp"),
            None => false,
        };
        let is_folder = path.symlink_metadata().is_ok_and(|found| found.is_dir());
        is_folder && fs::read_dir(path).is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(is_remnant)))
    }

    /// Opens the run in the folder `path`; that it is one is known by a readable `config.json`.
    pub fn open(path: &Path) -> Result<RunFolder, RunError> {
        let not_a_run = |reason: String| RunError::NotARun { path: path.to_owned(), reason };
        if !path.is_dir() {
            return Err(not_a_run("there is no such folder".to_owned()));
        }
        let run = RunFolder { path: path.to_owned() };
        run.check_links().map_err(not_a_run)?;
        match read_json::<Value>(&run.config()) {
            Ok(_) => Ok(run),
            Err(RunError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Err(not_a_run("it has no config.json, so that no training has begun there".to_owned()))
            }
            Err(RunError::Io { source, .. }) => Err(not_a_run(format!("its config.json cannot be read: {source}"))),
            Err(error) => Err(not_a_run(error.to_string())),
        }
    }

    /// Fails, with the reason, if one of its files is really elsewhere, unless the user owns both the link and what it
    /// leads to: a run from somebody else must not make us read or write there.
    fn check_links(&self) -> Result<(), String> {
        let Ok(home) = self.path.canonicalize() else { return Ok(()) };
        for file in FILES {
            let path = self.path.join(file);
            match path.canonicalize() {
                Ok(real) if real.starts_with(&home) || is_ours(&path) => {}
                Ok(real) => {
                    let real = real.display();
                    return Err(format!(
                        "its {file} is a link that leads out of it, to {real}, and not both are yours"
                    ));
                }
                Err(error) if path.is_symlink() => {
                    let target = fs::read_link(&path).unwrap_or_default();
                    return Err(format!("its {file} is a link to {}: {error}", target.display()));
                }
                // It is not there, or behind a link that was looked at before.
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// Takes the right to train here, which no other process has as long as this one keeps it.
    pub fn lock(&self) -> Result<RunLock, RunError> {
        RunLock::take(&self.path, &self.path.join(".lock"))
    }

    /// Tells if a process trains here now.
    pub fn is_in_training(&self) -> Result<bool, RunError> {
        let path = self.path.join(".lock");
        FileLock::is_held(&path).map_err(|source| cannot("lock", &path, source))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder's own name.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// The file of everything that was chosen for the training.
    pub fn config(&self) -> PathBuf {
        self.path.join("config.json")
    }

    /// The file with one line for each record.
    pub fn metrics(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// The file of the run's own evaluation.
    pub fn evaluation(&self) -> PathBuf {
        self.path.join("evaluation.json")
    }

    /// The folder of evaluations of something else.
    pub fn evaluations(&self) -> PathBuf {
        self.path.join("evaluations")
    }

    /// The file of the reason why the training failed, if it did and has not gone on since.
    pub fn failure(&self) -> PathBuf {
        self.path.join("failure.json")
    }

    /// The folder of checkpoints.
    pub fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    /// The checkpoint from which a training goes on.
    pub fn last_checkpoint(&self) -> PathBuf {
        self.checkpoints().join("last.safetensors")
    }

    /// The checkpoint that did best in evaluation.
    pub fn best_checkpoint(&self) -> PathBuf {
        self.checkpoints().join("best.safetensors")
    }
}

/// The files that are read or written under their names, folders before what is in them.
const FILES: [&str; 10] = [
    "config.json",
    "metrics.jsonl",
    "seeds.jsonl",
    "evaluation.json",
    "evaluations",
    "failure.json",
    ".lock",
    "checkpoints",
    "checkpoints/last.safetensors",
    "checkpoints/best.safetensors",
];

/// Tells if this process's user owns what is at `path` and, if that is a link, what it leads to.
fn is_ours(path: &Path) -> bool {
    let user = geteuid().as_raw();
    [path.symlink_metadata(), path.metadata()].iter().all(|looked| looked.as_ref().is_ok_and(|it| it.uid() == user))
}

fn cannot(action: &'static str, path: &Path, source: io::Error) -> RunError {
    RunError::Io { action, path: path.to_owned(), source }
}

fn check_name(name: &str) -> Result<(), RunError> {
    let reason = if name.is_empty() {
        "it is empty"
    } else if name.starts_with('.') {
        "it starts with a dot"
    } else if name.contains(['/', '\\']) {
        "it contains a path separator"
    } else if name.contains(char::is_control) {
        "it contains a control character"
    } else {
        return Ok(());
    };
    Err(RunError::Name { name: name.to_owned(), reason })
}

/// Makes the folder. The system decides who was first, not a look at what exists, so that two processes never share.
fn claim(path: PathBuf) -> Result<(RunFolder, RunLock), RunError> {
    match fs::create_dir(&path) {
        Ok(()) => begin(RunFolder { path }),
        Err(source) if source.kind() == io::ErrorKind::AlreadyExists => Err(RunError::Exists { path }),
        Err(source) => Err(cannot("create", &path, source)),
    }
}

/// Takes a folder in which nothing has begun. The lock decides between who has just made it and who finds it vacant.
fn begin(run: RunFolder) -> Result<(RunFolder, RunLock), RunError> {
    let lock = run.lock().map_err(|error| match error {
        RunError::Busy { path, .. } => RunError::Exists { path },
        other => {
            // Nobody has it: this process has just made it, or it was left behind.
            let _ = fs::remove_dir_all(run.path());
            other
        }
    })?;
    if !RunFolder::is_vacant(run.path()) {
        return Err(RunError::Exists { path: run.path });
    }
    let lock = lock.of_new_run();
    let config = run.config();
    atomic::remove_leftovers(&config).map_err(|source| cannot("tidy up beside", &config, source))?;
    Ok((run, lock))
}

fn claim_numbered(runs: &Path, stem: &str) -> Result<(RunFolder, RunLock), RunError> {
    let mut number = 1;
    loop {
        let name = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
        match claim(runs.join(name)) {
            Err(RunError::Exists { .. }) => number += 1,
            settled => return settled,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{chown, lchown, symlink};
    use std::time::Duration;

    use super::super::write_json;
    use super::*;

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
        assert!(reason(run.path()).contains("config.json is not usable"));
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
        assert!(
            matches!(&error, RunError::Io { action: "create", .. }) && error.to_string().contains("runs"),
            "{error}"
        );
    }
}
