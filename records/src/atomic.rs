//! Files that are either whole or not there.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

use nix::errno::Errno;
use tempfile::Builder;

/// The end of the names of temporary files.
const SUFFIX: &str = ".tmp";

/// A step on the way of a file to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Half of the bytes are in the temporary file.
    HalfWritten,
    /// All bytes are in the temporary file.
    Written,
    /// The temporary file is on the disk.
    Synced,
    /// The file has its final name.
    Renamed,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Step; 4] = [Step::HalfWritten, Step::Written, Step::Synced, Step::Renamed];

    /// The step's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Step::HalfWritten => "half-written",
            Step::Written => "written",
            Step::Synced => "synced",
            Step::Renamed => "renamed",
        }
    }
}

/// Replaces the file `path` with `bytes`, or leaves it as it is.
///
/// The bytes go to a temporary file in the same folder, which is synced and renamed; then the folder is synced, so that
/// the new name survives a loss of power as well. The temporary file is removed where any of this fails.
///
/// # Errors
/// If the folder takes no new file, the disk has no room, or a step fails; the file is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_in_steps(path, bytes, &mut |_| ())
}

/// Replaces a file as [`write()`] does, and calls `after` after each step: a test can then end the process in the middle.
///
/// # Errors
/// As those of [`write()`].
pub fn write_in_steps(path: &Path, bytes: &[u8], after: &mut dyn FnMut(Step)) -> io::Result<()> {
    replace(path, bytes, None, after)
}

/// Replaces a file of the user's: one that is there keeps its mode, and its owner and group as
/// far as this process may give them.
///
/// # Errors
/// As those of [`write()`].
pub fn write_over(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let before = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        looked => Some(looked?),
    };
    replace(path, bytes, before.as_ref(), &mut |_| ())
}

fn replace(path: &Path, bytes: &[u8], before: Option<&Metadata>, after: &mut dyn FnMut(Step)) -> io::Result<()> {
    let folder = folder(path);
    let prefix = prefix(path)?;
    // Temporary files are for their owner alone; ours become files like any others, so the user's mask decides.
    let mut temporary =
        Builder::new().permissions(Permissions::from_mode(0o666)).prefix(&prefix).suffix(SUFFIX).tempfile_in(folder)?;
    if let Some(before) = before {
        resemble(temporary.as_file(), before)?;
    }
    let (front, back) = bytes.split_at(bytes.len() / 2);
    temporary.as_file_mut().write_all(front)?;
    after(Step::HalfWritten);
    temporary.as_file_mut().write_all(back)?;
    after(Step::Written);
    temporary.as_file().sync_all()?;
    after(Step::Synced);
    temporary.persist(path).map_err(|error| error.error)?;
    after(Step::Renamed);
    sync_folder(folder)
}

/// Removes the temporary files that killed processes left while they wrote `path`, and counts them.
///
/// To be called only by who alone writes `path`: another process's temporary file looks the same.
///
/// # Errors
/// If the folder cannot be listed, or one of the files cannot be removed.
pub fn remove_leftovers(path: &Path) -> io::Result<usize> {
    let prefix = prefix(path)?;
    let mut removed = 0;
    for entry in fs::read_dir(folder(path))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(prefix.as_encoded_bytes()) && name.ends_with(SUFFIX.as_bytes()) {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The beginning of the names of the temporary files for `path`.
fn prefix(path: &Path) -> io::Result<OsString> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a file needs a name"))?;
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(".");
    Ok(prefix)
}

/// Gives `file` the owner, the group and the mode of another.
fn resemble(file: &File, other: &Metadata) -> io::Result<()> {
    let own = file.metadata()?;
    if (own.uid(), own.gid()) != (other.uid(), other.gid()) {
        // Only root gives files away; who may write to a folder may replace what others have there.
        let _ = fchown(file, None, Some(other.gid()));
        let _ = fchown(file, Some(other.uid()), None);
    }
    // After the owner: a change of that takes bits away.
    if file.metadata()?.mode() == other.mode() { Ok(()) } else { file.set_permissions(other.permissions()) }
}

/// Waits until the names in a folder are on the disk, where the file system can do that.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).and_then(|folder| folder.sync_all()).or_else(|error| match is_unable(&error) {
        true => Ok(()),
        false => Err(error),
    })
}

/// Tells if a file system says in this way of a folder that it cannot sync it, as CIFS and some in user space do, or
/// that it cannot be opened for that. A disk that fails says something else.
fn is_unable(error: &io::Error) -> bool {
    let unable = [Errno::EINVAL, Errno::EOPNOTSUPP, Errno::EBADF, Errno::ENOSYS, Errno::EACCES];
    error.raw_os_error().is_some_and(|number| unable.contains(&Errno::from_raw(number)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::chown;

    use nix::unistd::geteuid;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write(&path, b"old").unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn the_file_is_whole_after_every_step() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write(&path, b"old").unwrap();
        let mut steps = Vec::new();
        write_in_steps(&path, b"newer", &mut |step| {
            let expected: &[u8] = if step == Step::Renamed { b"newer" } else { b"old" };
            assert_eq!(fs::read(&path).unwrap(), expected, "{step:?}");
            assert_eq!(names(folder.path()).len(), if step == Step::Renamed { 1 } else { 2 }, "{step:?}");
            steps.push(step);
        })
        .unwrap();
        assert_eq!(steps, Step::ALL);
    }

    #[test]
    fn leftovers_are_removed_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let others = [".file.other", ".files.abc.tmp", "file", "file.abc.tmp"];
        others.iter().for_each(|name| fs::write(folder.path().join(name), "kept").unwrap());
        [".file.abc.tmp", ".file.d.tmp"].iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
        assert_eq!(remove_leftovers(&path).unwrap(), 2);
        assert_eq!(names(folder.path()), others);
        remove_leftovers(&folder.path().join("nowhere/file")).unwrap_err();
    }

    #[test]
    fn a_failed_write_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        // The longest name that a file can have: the temporary file's would be longer.
        let path = folder.path().join("n".repeat(255));
        fs::write(&path, b"old").unwrap();
        write(&path, b"new").unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()).len(), 1);
    }

    #[test]
    fn a_failed_rename_removes_the_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir_all(path.join("inside")).unwrap();
        write(&path, b"new").unwrap_err();
        assert_eq!(names(folder.path()), ["taken"]);
        write(&folder.path().join("nowhere/file"), b"new").unwrap_err();
    }

    #[test]
    fn what_a_file_system_lacks_is_passed_over_and_what_fails_is_not() {
        for errno in [Errno::EINVAL, Errno::ENOTSUP, Errno::EOPNOTSUPP, Errno::EBADF, Errno::ENOSYS, Errno::EACCES] {
            assert!(is_unable(&errno.into()), "{errno}");
        }
        for errno in [Errno::EIO, Errno::ENOSPC, Errno::EDQUOT, Errno::EROFS, Errno::ENOENT, Errno::ESTALE] {
            assert!(!is_unable(&errno.into()), "{errno}");
        }
        assert!(!is_unable(&io::ErrorKind::InvalidInput.into()), "no number of the system's");
    }

    #[test]
    fn a_file_that_is_written_over_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mode = || fs::metadata(&path).unwrap().mode() & 0o7777;
        for (kept, other) in [(0o600, 0o640), (0o777, 0o606)] {
            fs::write(&path, b"old").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(kept)).unwrap();
            write_over(&path, b"new").unwrap();
            assert_eq!((fs::read(&path).unwrap(), mode()), (b"new".to_vec(), kept));
            fs::set_permissions(&path, Permissions::from_mode(other)).unwrap();
            write_over(&path, b"newer").unwrap();
            assert_eq!(mode(), other);
        }
        // Only root can give a file away, and so see that it stays where it belongs.
        if geteuid().is_root() {
            chown(&path, Some(1), Some(2)).unwrap();
            write_over(&path, b"newest").unwrap();
            let status = fs::metadata(&path).unwrap();
            assert_eq!((status.uid(), status.gid(), status.mode() & 0o7777), (1, 2, 0o606));
        }
        fs::remove_file(&path).unwrap();
        write_over(&path, b"first").unwrap();
        let usual = folder.path().join("usual");
        fs::write(&usual, b"").unwrap();
        assert_eq!(fs::metadata(usual).unwrap().mode() & 0o7777, mode());
        assert_eq!(names(folder.path()), ["file", "usual"]);
    }

    #[test]
    fn the_file_has_the_usual_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        write(&ours, b"").unwrap();
        fs::write(&usual, b"").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&usual));
    }
}
