//! One training at a time in a run folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;

use super::RunError;

/// A lock, until this value is dropped or the process ends, however it ends.
///
/// The system holds the lock, and not the file's existence: a process that was killed leaves no lock behind. The file
/// itself stays, because removing it would let two processes lock two files of the same name.
#[derive(Debug)]
pub struct FileLock {
    _file: File,
}

/// Who else may have a lock at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Nobody.
    Alone,
    /// Others who share it.
    Shared,
}

/// What became of an attempt to take a lock.
#[derive(Debug)]
pub enum Attempt {
    /// It is ours.
    Taken(FileLock),
    /// Another has it.
    Held {
        /// ` (process 123)`, or nothing where it is not known.
        holder: String,
    },
}

impl FileLock {
    /// Tries to lock the file `path`, which is made where it is missing.
    pub fn take(path: &Path, sharing: Sharing) -> io::Result<Attempt> {
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).to_owned();
        let mut file = options.open(path)?;
        let taken = match sharing {
            Sharing::Alone => file.try_lock(),
            Sharing::Shared => file.try_lock_shared(),
        };
        match taken {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(path).unwrap_or_default();
                let holder = holder.trim().parse::<u32>().map(|process| format!(" (process {process})"));
                return Ok(Attempt::Held { holder: holder.unwrap_or_default() });
            }
            Err(TryLockError::Error(source)) => return Err(source),
        }
        file.set_len(0)?;
        if sharing == Sharing::Alone {
            writeln!(file, "{}", std::process::id())?;
        }
        Ok(Attempt::Taken(FileLock { _file: file }))
    }
}

/// The right to train in a run folder.
#[derive(Debug)]
pub struct RunLock {
    _lock: FileLock,
}

impl RunLock {
    /// Locks the file `path` of the run `run`.
    pub(super) fn take(run: &Path, path: &Path) -> Result<RunLock, RunError> {
        match FileLock::take(path, Sharing::Alone) {
            Ok(Attempt::Taken(lock)) => Ok(RunLock { _lock: lock }),
            Ok(Attempt::Held { holder }) => Err(RunError::Busy { path: run.to_owned(), holder }),
            Err(source) => Err(RunError::Io { action: "lock", path: path.to_owned(), source }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    use super::*;

    /// The folder in which the other process of the test takes the lock.
    const FOLDER: &str = "GRIDWORLD_TEST_LOCK_FOLDER";

    #[test]
    fn a_lock_is_exclusive_and_ends_with_its_value() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let lock = RunLock::take(folder.path(), &path).unwrap();
        let error = RunLock::take(folder.path(), &path).unwrap_err();
        assert!(matches!(error, RunError::Busy { .. }));
        assert!(error.to_string().contains(&format!("(process {})", std::process::id())), "{error}");
        drop(lock);
        RunLock::take(folder.path(), &path).unwrap();
    }

    #[test]
    fn shared_locks_are_shared_among_themselves_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let take = |sharing| FileLock::take(&path, sharing).unwrap();
        let [one, two] = [(); 2].map(|()| take(Sharing::Shared));
        assert!(matches!((&one, &two), (Attempt::Taken(_), Attempt::Taken(_))));
        assert!(matches!(take(Sharing::Alone), Attempt::Held { .. }));
        drop((one, two));
        let alone = take(Sharing::Alone);
        assert!(matches!((&alone, take(Sharing::Shared)), (Attempt::Taken(_), Attempt::Held { .. })));
    }

    #[test]
    fn a_lock_dies_with_its_process() {
        if let Some(folder) = std::env::var_os(FOLDER) {
            let _lock = RunLock::take(folder.as_ref(), &Path::new(&folder).join(".lock")).unwrap();
            println!("\nlocked");
            std::thread::sleep(std::time::Duration::from_secs(60));
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let (_, module) = module_path!().split_once("::").unwrap();
        let mut other = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", &format!("{module}::a_lock_dies_with_its_process")])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(other.stdout.take().unwrap()).lines();
        let locked = lines.any(|line| line.unwrap() == "locked");
        let refused = RunLock::take(folder.path(), &path);
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(locked, "the other process took the lock");
        assert!(matches!(refused, Err(RunError::Busy { .. })));
        RunLock::take(folder.path(), &path).unwrap();
    }
}
