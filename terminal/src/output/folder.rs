//! Folders that are made for the user.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::format::known_ending;
use crate::program::CliError;

/// Makes a folder, if it is not there.
///
/// # Errors
/// If the folder cannot be made; the error names it.
pub fn make(folder: &Path) -> Result<(), CliError> {
    fs::create_dir_all(folder).map_err(|error| CliError::failed(format!("cannot make {}: {error}", folder.display())))
}

/// Explains that there can be no folder at `path`, where the system says `error`: that a file exists, and not what it
/// is.
#[must_use]
pub fn no_folder(path: &Path, error: &io::Error) -> String {
    let in_the_way = path.ancestors().find(|above| above.symlink_metadata().is_ok() && !above.is_dir());
    match in_the_way.map(|above| (above, fs::read_link(above))) {
        Some((above, Ok(target))) if !above.exists() => {
            format!("{} is a link to {}, which does not exist", above.display(), target.display())
        }
        Some((above, _)) => format!("{} is a file", above.display()),
        None => error.to_string(),
    }
}

/// Refuses a new folder, that of the flag `flag`, that is called like a file: whoever names one expects one file.
///
/// # Errors
/// If nothing is at `path` and it ends as the names of files do, such as in `.json`; wrong usage.
pub fn check_name(flag: &str, path: &Path) -> Result<(), CliError> {
    match known_ending(path).filter(|_| path.symlink_metadata().is_err()) {
        None => Ok(()),
        Some(ending) => {
            let path = path.display();
            Err(CliError::usage(format!("{flag} {path}: it names a folder, for several files; leave .{ending} out")))
        }
    }
}

/// Makes the folder `path` of the flag `flag` with `create`, and refuses one into which no files can be written.
///
/// # Errors
/// If it is called like a file, cannot be made, or takes no files; wrong usage.
pub fn ready<'a>(
    flag: &str,
    path: &'a Path,
    create: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<&'a Path, CliError> {
    check_name(flag, path)?;
    let refuse = |error: io::Error| CliError::usage(format!("{flag} {}: {error}", path.display()));
    create(path).and_then(|()| can_hold_files(path)).map_err(refuse)?;
    Ok(path)
}

/// Finds out whether files can be made in `folder`, which is there.
///
/// # Errors
/// The system's error, if no file can be made there.
pub(crate) fn can_hold_files(folder: &Path) -> io::Result<()> {
    tempfile::tempfile_in(folder).map(drop)
}

/// Finds out whether files can be made in `folder`, or in the nearest folder above that there is.
///
/// # Errors
/// The system's error with the name of the nearest folder, if no file can be made there.
pub fn can_write_into(folder: &Path) -> io::Result<()> {
    let absolute = std::path::absolute(folder)?;
    // A link to nothing is in the way.
    let nearest = absolute.ancestors().find(|path| path.symlink_metadata().is_ok()).ok_or(ErrorKind::NotFound)?;
    can_hold_files(nearest).map_err(|error| {
        let reason = no_folder(nearest, &error);
        io::Error::new(error.kind(), format!("cannot write into {}: {reason}", nearest.display()))
    })
}
