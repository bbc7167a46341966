//! Files that flags name: regular files, and devices, pipes and standard output, which are written as they are.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use gridworld_records::atomic;
use nix::unistd::{AccessFlags, eaccess};
use serde::Serialize;

use super::folder::{can_hold_files, can_write_into, make};
use super::format::{Format, contradiction};
use super::place::{Place, folder};
use crate::output::print;
use crate::program::CliError;
use crate::program::message::tell;

/// A file that a flag names, once it is known that it can be written: whoever takes long to make its contents asks
/// before.
#[derive(Debug)]
pub struct OutputFile {
    flag: &'static str,
    path: PathBuf,
}

impl OutputFile {
    /// The file `path` of the flag `flag`, in a folder that is there. Nothing is opened or made: a pipe's reader would
    /// see its end.
    ///
    /// # Errors
    /// If `path` is a folder, has the ending of another format, or cannot be written in its folder; the error names the flag.
    pub fn new(flag: &'static str, path: &Path, format: Format) -> Result<OutputFile, CliError> {
        OutputFile::check(flag, path, format, can_hold_files)
    }

    /// The file `path` of the flag `flag`, in a folder that is made with the file if it is not there.
    ///
    /// # Errors
    /// If `path` is a folder, has the ending of another format, or its folder cannot be made or written in; the error names
    /// the flag.
    pub fn new_with_folder(flag: &'static str, path: &Path, format: Format) -> Result<OutputFile, CliError> {
        OutputFile::check(flag, path, format, can_write_into)
    }

    fn check(
        flag: &'static str,
        path: &Path,
        format: Format,
        can_write: impl Fn(&Path) -> io::Result<()>,
    ) -> Result<OutputFile, CliError> {
        let file = OutputFile { flag, path: path.to_owned() };
        let place = Place::of(path).map_err(|error| file.refuse(&error.to_string()))?;
        let cannot = |error: io::Error| file.refuse(&format!("cannot write there: {error}"));
        match place {
            Place::Folder => return Err(file.refuse("it is a folder; name a file")),
            Place::File(target) => {
                if let Some(ending) = contradiction(path, format) {
                    let (kind, right) = (format.described(), format.endings()[0]);
                    return Err(file.refuse(&format!(
                        "the file will be {kind}, not .{ending}: give it a name that ends in .{right}"
                    )));
                }
                can_write(folder(&target)).map_err(cannot)?;
            }
            Place::Stream(path) => eaccess(&path, AccessFlags::W_OK).map_err(|error| cannot(error.into()))?,
            Place::Output | Place::Errors => {}
        }
        Ok(file)
    }

    fn refuse(&self, reason: &str) -> CliError {
        CliError::usage(format!("{} {}: {reason}", self.flag, self.path.display()))
    }

    /// Path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file `name` in the same folder; nothing where this is no regular file.
    #[must_use]
    pub fn beside(&self, name: &str) -> Option<PathBuf> {
        matches!(Place::of(&self.path), Ok(Place::File(_))).then(|| self.path.with_file_name(name))
    }

    /// Tells if the file is the one that this process's standard output goes to.
    #[must_use]
    pub fn is_standard_output(&self) -> bool {
        matches!(Place::of(&self.path), Ok(Place::Output))
    }

    /// Tells if it is a regular file, which can be opened afterwards.
    #[must_use]
    pub fn is_regular(&self) -> bool {
        matches!(Place::of(&self.path), Ok(Place::File(_)))
    }

    /// Refuses a JSON document, if one is asked for, where the file itself goes to standard output.
    ///
    /// # Errors
    /// If both would go to standard output.
    pub fn share_with_json(&self, json: bool) -> Result<(), CliError> {
        match json && self.is_standard_output() {
            true => Err(self.refuse("standard output cannot have both this and the document of --json")),
            false => Ok(()),
        }
    }

    /// Reads the present contents of the file; nothing where there is no file, or no regular one.
    ///
    /// # Errors
    /// If a file is there and cannot be read, or is no text.
    pub fn read(&self) -> Result<String, CliError> {
        match Place::of(&self.path) {
            Ok(Place::File(target)) => match fs::read_to_string(target) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
                read => read.map_err(|error| self.refuse(&format!("cannot read what is there: {error}"))),
            },
            _ => Ok(String::new()),
        }
    }

    /// Writes it, a regular file whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be replaced, or the stream does not take the contents.
    pub fn write(&self, contents: &[u8]) -> Result<(), CliError> {
        write_file(&self.path, contents)
    }

    /// Writes it, and makes its folder if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be made, or the file cannot be written.
    pub fn write_with_folder(&self, contents: &[u8]) -> Result<(), CliError> {
        if let Ok(Place::File(target)) = Place::of(&self.path) {
            make(folder(&target))?;
        }
        self.write(contents)
    }

    /// Prints a text about it, on standard error where the file itself goes to standard output.
    ///
    /// # Errors
    /// If standard output cannot be written to.
    pub fn print_beside(&self, text: &str) -> Result<(), CliError> {
        match self.is_standard_output() {
            true => text.lines().for_each(tell),
            false => print(text)?,
        }
        Ok(())
    }
}

/// Replaces the file `path`, or leaves it as it is; a link stays, and so do a file's mode and owner. A device or a pipe is
/// written to, and that its reader has seen enough is no failure.
///
/// # Errors
/// If `path` is a folder, or cannot be replaced or written to; the error names it.
pub fn write_file(path: &Path, contents: &[u8]) -> Result<(), CliError> {
    let written = Place::of(path).and_then(|place| match place {
        Place::Folder => Err(ErrorKind::IsADirectory.into()),
        Place::File(target) => atomic::write_over(&target, contents),
        Place::Output => put(&mut io::stdout().lock(), contents),
        Place::Errors => put(&mut io::stderr().lock(), contents),
        // A descriptor can be that of a file that has something in it already.
        Place::Stream(path) => put(&mut OpenOptions::new().append(true).open(path)?, contents),
    });
    written.map_err(|error| CliError::failed(format!("cannot write {}: {error}", path.display())))
}

/// A JSON document as the contents of a file.
///
/// # Errors
/// If the document has no form in JSON, such as a map whose keys are not texts.
pub fn json_text(document: &impl Serialize) -> Result<Vec<u8>, CliError> {
    let mut text = serde_json::to_vec_pretty(document).map_err(CliError::failed)?;
    text.push(b'\n');
    Ok(text)
}

fn put(stream: &mut impl Write, contents: &[u8]) -> io::Result<()> {
    match stream.write_all(contents).and_then(|()| stream.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_is_appended_to() {
        use std::os::fd::AsRawFd;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("file");
        let mut open = fs::File::create(&path).expect("a file");
        open.write_all(b"one,").expect("room");
        let descriptor = PathBuf::from(format!("/dev/fd/{}", open.as_raw_fd()));
        assert_eq!(Place::of(&descriptor).expect("a place"), Place::Stream(descriptor.clone()));
        write_file(&descriptor, b"two").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "one,two");
    }
}
