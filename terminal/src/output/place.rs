//! Places that names of files lead to: files through links, devices, pipes and standard output.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Kind of the thing at a path, links followed.
#[derive(Debug, PartialEq)]
pub enum Place {
    /// A regular file, or none yet, with the path to which links lead.
    File(PathBuf),
    /// A folder, or the name of one.
    Folder,
    /// This process's standard output.
    Output,
    /// This process's standard error.
    Errors,
    /// A device, a pipe or a descriptor, to be opened.
    Stream(PathBuf),
}

/// Links that lead to a file at most, as Linux has it.
const MOST_LINKS: usize = 40;

impl Place {
    /// Finds the kind of the thing at `path`.
    pub fn of(path: &Path) -> io::Result<Place> {
        let there = match fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            looked => Some(looked?),
        };
        if there.as_ref().is_some_and(Metadata::is_dir) || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Ok(Place::Folder);
        }
        let Some(there) = there else { return followed(path).map(|(target, _)| Place::File(target)) };
        if is_that_of(&there, io::stdout()) {
            return Ok(Place::Output);
        }
        if is_that_of(&there, io::stderr()) {
            return Ok(Place::Errors);
        }
        if there.file_type().is_socket() {
            return Err(io::Error::other("it is a socket; name a file, a device or a pipe"));
        }
        match followed(path)? {
            (target, Way::Files) if there.is_file() => Ok(Place::File(target)),
            _ => Ok(Place::Stream(path.to_owned())),
        }
    }
}

/// Kind of the last thing that links lead to.
#[derive(Debug, PartialEq)]
enum Way {
    Files,
    /// An open descriptor, such as that of /dev/fd/3: it has its place in the file.
    Descriptor,
}

/// The path to which links lead, also where there is nothing yet.
fn followed(path: &Path) -> io::Result<(PathBuf, Way)> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if !path.is_symlink() {
            return Ok((path, Way::Files));
        }
        if folder(&path).canonicalize()?.starts_with("/proc") {
            return Ok((path, Way::Descriptor));
        }
        path = folder(&path).join(fs::read_link(&path)?);
    }
    Err(ErrorKind::InvalidInput.into())
}

/// Tells if `there` and the descriptor `open` are one file.
fn is_that_of(there: &Metadata, open: impl AsFd) -> bool {
    let open = open.as_fd().try_clone_to_owned().and_then(|open| File::from(open).metadata());
    open.is_ok_and(|open| (open.dev(), open.ino()) == (there.dev(), there.ino()))
}

/// The folder that a file is in.
pub fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_to_what_is_there_and_to_what_is_not_yet() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("deep")).expect("a folder");
        symlink("deep/second", at("first")).expect("a link");
        symlink("../file", at("deep/second")).expect("a link");
        let place = || Place::of(&at("first")).expect("a place");
        let target = at("deep/../file");
        assert_eq!(place(), Place::File(target.clone()), "nothing there");
        fs::write(at("file"), "").expect("a file");
        assert_eq!(place(), Place::File(target));
        symlink("loop", at("loop")).expect("a link");
        Place::of(&at("loop")).expect_err("a loop");
        assert_eq!(Place::of(&at("deep")).expect("a place"), Place::Folder);
        assert_eq!(Place::of(&at("new/")).expect("a place"), Place::Folder);
    }
}
