//! One training at a time in a run folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::Path;

use super::RunError;

/// The right to train in a run folder, until this value is dropped or the process ends, however it ends.
///
/// The system holds the lock, and not the file's existence: a process that was killed leaves no lock behind. The file
/// itself stays, because removing it would let two processes lock two files of the same name.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

impl RunLock {
    /// Locks the file `path` of the run `run`.
    pub(super) fn take(run: &Path, path: &Path) -> Result<RunLock, RunError> {
        let io = |action| move |source| RunError::Io { action, path: path.to_owned(), source };
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).to_owned();
        let mut file = options.open(path).map_err(io("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(path).unwrap_or_default();
                let holder = holder.trim().parse::<u32>().map(|process| format!(" (process {process})"));
                return Err(RunError::Busy { path: run.to_owned(), holder: holder.unwrap_or_default() });
            }
            Err(TryLockError::Error(source)) => return Err(io("lock")(source)),
        }
        file.set_len(0).map_err(io("write"))?;
        writeln!(file, "{}", std::process::id()).map_err(io("write"))?;
        Ok(RunLock { _file: file })
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
