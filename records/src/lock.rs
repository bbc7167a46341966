//! One training at a time in a run folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};
use std::time::Duration;

use nix::errno::Errno;

use super::RunError;

/// A lock, until this value is dropped or the process ends, however it ends.
///
/// The system holds the lock, and not the file's existence: a process that was killed leaves no lock behind. The file
/// itself stays, because removing it would let two processes lock two files of the same name.
///
/// Some file systems have no locks, among them Lustre and NFS as they are often set up. There every attempt succeeds, and
/// [who wants to know](on_missing_locks) is told once.
#[derive(Debug)]
pub struct FileLock {
    _file: File,
}

/// The others who may have a lock at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// No other process may have the lock.
    Alone,
    /// Other processes may share the lock.
    Shared,
}

/// The end of an attempt to take a lock.
#[derive(Debug)]
pub enum Attempt {
    /// The lock is taken, and held by this process.
    Taken(FileLock),
    /// Another process has the lock.
    Held {
        /// ` (process 123)`, or nothing where it is not known.
        holder: String,
    },
}

/// Number of times, and time between them, that a training asks for its lock: somebody who only looks has it for a moment.
const PATIENCE: (u32, Duration) = (5, Duration::from_millis(20));

impl FileLock {
    /// Tells if somebody has the file `path` locked alone. To find out, it is shared for a moment; nothing is written.
    ///
    /// # Errors
    /// If the file is there and cannot be opened, or the system fails to say; a file system without locks holds none.
    pub fn is_held(path: &Path) -> io::Result<bool> {
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            opened => opened?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            // Nobody can have it.
            Err(TryLockError::Error(source)) if is_unable(&source) => Ok(false),
            Err(TryLockError::Error(source)) => Err(source),
        }
    }

    /// Tries to lock the file `path`, which is made where it is missing. What a link leads to is locked and not written.
    ///
    /// # Errors
    /// If the file cannot be opened, made or written. That another process has the lock is no error, but [`Attempt::Held`].
    pub fn take(path: &Path, sharing: Sharing) -> io::Result<Attempt> {
        let link = path.is_symlink();
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(!link).create(!link).truncate(false).open(path)?;
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
            Err(TryLockError::Error(source)) if is_unable(&source) => install_quiet_hook(path, &source),
            Err(TryLockError::Error(source)) => return Err(source),
        }
        if !link {
            file.set_len(0)?;
            if sharing == Sharing::Alone {
                writeln!(file, "{}", std::process::id())?;
            }
        }
        Ok(Attempt::Taken(FileLock { _file: file }))
    }
}

/// Tells if this is the error of a file system that has no locks.
fn is_unable(error: &io::Error) -> bool {
    let unable = [Errno::ENOSYS, Errno::ENOLCK, Errno::EOPNOTSUPP];
    error.raw_os_error().is_some_and(|number| unable.contains(&Errno::from_raw(number)))
}

/// A function that is told of a file that cannot be locked, and why.
type Teller = fn(&Path, &io::Error);

/// Function that is told of the first file that cannot be locked.
static TELLER: OnceLock<Teller> = OnceLock::new();

/// Sets the function that is told of the first file of this process that cannot be locked
/// because its file system has no locks: the user should then let no other process train there. The first call counts;
/// without one nobody is told.
///
/// It is set for the process, like a panic's hook, and not given back by each attempt: a file system without locks is
/// rare, and everybody who makes or opens a run takes a lock.
pub fn on_missing_locks(tell: fn(&Path, &io::Error)) {
    TELLER.get_or_init(|| tell);
}

/// Tells that the file `path` cannot be locked: once, however many folders a process works in.
fn install_quiet_hook(path: &Path, error: &io::Error) {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        if let Some(tell) = TELLER.get() {
            tell(path, error);
        }
    });
}

/// The right to train in a run folder. With that of a new run its folder goes too, unless it is kept: a start that fails
/// leaves nothing behind, and its name is free.
#[derive(Debug)]
pub struct RunLock {
    _lock: FileLock,
    run: PathBuf,
    is_kept: AtomicBool,
}

impl RunLock {
    /// Turns it into the right to train in a new run, whose folder goes with it unless it is kept.
    pub(super) fn of_new_run(mut self) -> RunLock {
        *self.is_kept.get_mut() = false;
        self
    }

    /// Keeps the folder of a new run, as something has begun there.
    pub fn keep(&self) {
        self.is_kept.store(true, Ordering::Relaxed);
    }

    /// Tells if the folder stays: it is that of an earlier run, or something has begun there.
    pub fn is_kept(&self) -> bool {
        self.is_kept.load(Ordering::Relaxed)
    }

    /// Locks the file `path` of the run `run`.
    pub(super) fn take(run: &Path, path: &Path) -> Result<RunLock, RunError> {
        let failed = |source| RunError::Io { action: "lock", path: path.to_owned(), source };
        let (times, pause) = PATIENCE;
        let mut left = times;
        loop {
            left -= 1;
            match FileLock::take(path, Sharing::Alone).map_err(failed)? {
                Attempt::Taken(lock) => {
                    return Ok(RunLock { _lock: lock, run: run.to_owned(), is_kept: AtomicBool::new(true) });
                }
                Attempt::Held { .. } if left > 0 => std::thread::sleep(pause),
                Attempt::Held { holder } => return Err(RunError::Busy { path: run.to_owned(), holder }),
            }
        }
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        if !self.is_kept() {
            // The start has failed, and that is told. What cannot be removed can still be taken over, or resumed.
            let _ = fs::remove_dir_all(&self.run);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    use std::sync::Mutex;

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
    fn a_look_tells_whether_a_lock_is_held_and_keeps_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        assert!(!FileLock::is_held(&path).unwrap() && !path.exists());
        let lock = RunLock::take(folder.path(), &path).unwrap();
        assert!(FileLock::is_held(&path).unwrap());
        drop(lock);
        assert!(!FileLock::is_held(&path).unwrap());
        // Whoever looks has it shared for a moment, here for two of the training's attempts.
        let looking = File::open(&path).unwrap();
        looking.try_lock_shared().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                std::thread::sleep(PATIENCE.1 * 3 / 2);
                drop(looking);
            });
            RunLock::take(folder.path(), &path).unwrap();
        });
    }

    #[test]
    fn a_link_is_locked_and_what_it_leads_to_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join(".lock"), folder.path().join("target"));
        fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, &path).unwrap();
        let lock = RunLock::take(folder.path(), &path).unwrap();
        assert!(matches!(RunLock::take(folder.path(), &path), Err(RunError::Busy { .. })));
        assert!(FileLock::is_held(&path).unwrap());
        drop(lock);
        assert_eq!(fs::read_to_string(&target).unwrap(), "kept");
        fs::remove_file(&target).unwrap();
        FileLock::take(&path, Sharing::Alone).unwrap_err();
        assert!(!target.exists());
    }

    #[test]
    fn where_there_are_no_locks_is_known_by_what_the_system_says() {
        for errno in [Errno::ENOSYS, Errno::ENOLCK, Errno::EOPNOTSUPP, Errno::ENOTSUP] {
            assert!(is_unable(&errno.into()), "{errno}");
        }
        for errno in [Errno::EIO, Errno::EWOULDBLOCK, Errno::EINTR, Errno::EBADF, Errno::ESTALE] {
            assert!(!is_unable(&errno.into()), "{errno}");
        }
    }

    #[test]
    fn missing_locks_are_told_once() {
        static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
        on_missing_locks(|path, error| TOLD.lock().unwrap().push(format!("{}: {error}", path.display())));
        on_missing_locks(|_, _| panic!("the first call counts"));
        install_quiet_hook(Path::new("a/.lock"), &Errno::ENOLCK.into());
        install_quiet_hook(Path::new("b/.lock"), &Errno::ENOLCK.into());
        assert_eq!(*TOLD.lock().unwrap(), ["a/.lock: No locks available (os error 37)"]);
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
