//! The beginning of a run: a folder of its own, and the right to train there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{RunFolder, cannot};
use crate::{RunError, RunLock, atomic, calendar};

impl RunFolder {
    /// Makes a folder for a new run in the folder `runs`, which is made too where it is missing, and takes the right to
    /// train there. The folder is removed with the lock, unless that [is told to keep it](RunLock::keep).
    ///
    /// Without a name it is called after what is trained and when (UTC), `TimedArrival-v1__lstm__seed1__20261123-120000`;
    /// the second such folder of one second ends in `-2`. A name that is taken is refused, but not where
    /// [nothing has begun](Self::is_vacant) and no process is at work.
    ///
    /// # Errors
    /// If the name cannot be that of a folder or is taken, if another process trains there, or if the folder cannot be made.
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
    ///
    /// # Errors
    /// As those of [`create`](Self::create).
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
    #[must_use]
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

/// Makes the run's folder, and locks it. The system decides who was first, not a look at what exists, so that two
/// processes never share.
fn claim(path: PathBuf) -> Result<(RunFolder, RunLock), RunError> {
    match fs::create_dir(&path) {
        Ok(()) => begin(RunFolder { path }),
        Err(source) if source.kind() == io::ErrorKind::AlreadyExists => Err(RunError::Exists { path }),
        Err(source) => Err(cannot("create", &path, source)),
    }
}

/// Locks a folder in which no training has begun. The lock decides between who has just made it and who finds it
/// vacant.
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
