//! A file that grows by whole pieces.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::RecordError;

/// A file to which pieces are appended, each entirely or not at all.
///
/// There is no buffer: a piece that was appended is with the system, whatever becomes of this process.
#[derive(Debug)]
pub struct Appender {
    path: PathBuf,
    file: File,
    /// Length in bytes of the pieces that are whole.
    length: u64,
    state: State,
}

#[derive(Debug, PartialEq)]
enum State {
    Whole,
    /// The file may end in a part of a piece.
    Torn,
}

impl Appender {
    /// Makes a file; that there is one already is an error of kind `AlreadyExists`.
    ///
    /// # Errors
    /// If there is such a file already, or it cannot be made.
    pub fn create(path: &Path) -> Result<Appender, RecordError> {
        Appender::open(path, OpenOptions::new().append(true).create_new(true))
    }

    /// Opens a file at its end, and makes it where there is none.
    ///
    /// # Errors
    /// If the file cannot be opened or made.
    pub fn extend(path: &Path) -> Result<Appender, RecordError> {
        Appender::open(path, OpenOptions::new().append(true).create(true))
    }

    fn open(path: &Path, options: &OpenOptions) -> Result<Appender, RecordError> {
        let opened = options.open(path).and_then(|file| file.metadata().map(|status| (file, status.len())));
        let (file, length) = opened.map_err(|source| RecordError::Write { path: path.to_owned(), source })?;
        Ok(Appender { path: path.to_owned(), file, length, state: State::Whole })
    }

    /// Path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a piece, entirely or not at all.
    ///
    /// # Errors
    /// If the disk does not take the whole piece; the file is then as long as before.
    pub fn append(&mut self, piece: &[u8]) -> Result<(), RecordError> {
        self.try_append(piece).map_err(|source| RecordError::Write { path: self.path.clone(), source })
    }

    fn try_append(&mut self, piece: &[u8]) -> io::Result<()> {
        self.mend()?;
        self.state = State::Torn;
        if let Err(error) = self.file.write_all(piece) {
            // The first error is the one to tell; where mending fails too, the next piece tries again.
            let _ = self.mend();
            return Err(error);
        }
        self.length += piece.len() as u64;
        self.state = State::Whole;
        Ok(())
    }

    /// Cuts off what is left of a piece that failed.
    fn mend(&mut self) -> io::Result<()> {
        if self.state == State::Torn {
            self.file.set_len(self.length)?;
            self.state = State::Whole;
        }
        Ok(())
    }

    /// Waits until everything is on the disk.
    ///
    /// # Errors
    /// If the disk does not take what was written.
    pub fn sync(&self) -> Result<(), RecordError> {
        self.file.sync_all().map_err(|source| RecordError::Write { path: self.path.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_an_error_and_not_an_abort() {
        let full = Path::new("/dev/full");
        if !full.exists() {
            return; // only Linux has a disk that is always full
        }
        let mut file = Appender::extend(full).unwrap();
        let error = file.append(b"piece").unwrap_err();
        assert!(matches!(&error, RecordError::Write { path, .. } if path == full), "{error}");
        assert!(file.append(b"piece").is_err());
    }

    #[test]
    fn what_is_left_of_a_failed_piece_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pieces");
        let mut file = Appender::create(&path).unwrap();
        file.append(b"one,").unwrap();
        file.file.write_all(b"tw").unwrap();
        file.state = State::Torn;
        file.append(b"three,").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"one,three,");
        let error = Appender::create(&path).unwrap_err();
        assert!(matches!(error, RecordError::Write { source, .. } if source.kind() == io::ErrorKind::AlreadyExists));
    }
}
