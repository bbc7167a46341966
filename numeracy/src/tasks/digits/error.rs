//! Errors of the files of digits.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Reason for which there are no digits.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DigitsError {
    /// A file is not there.
    #[error("found neither {} nor {dotted}, with or without .gz: run `make mnist`", path.display())]
    Missing {
        /// Path at which the file was expected.
        path: PathBuf,
        /// Other name that the file may have.
        dotted: String,
    },
    /// A file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} {reason}", path.display())]
    Wrong {
        /// Path of the file.
        path: PathBuf,
        /// Description of the error, which follows the path in the message.
        reason: String,
    },
}
