//! Errors of runs and records.

use std::io;
use std::path::PathBuf;

/// Reasons why a record cannot be written, or earlier records cannot be read. Each names its file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Writing failed. What was written before is whole, and the failed record is in the file entirely or not at all.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// Path of the file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Reading failed.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A line that is not the last is not a record.
    #[error("{} is damaged in line {line}: {reason}; remove that line to continue", path.display())]
    Damaged {
        /// Path of the file.
        path: PathBuf,
        /// Number of the damaged line, counted from 1.
        line: usize,
        /// Reason why the line is no record.
        reason: String,
    },
    /// A record that TensorBoard's format cannot express, or that could not be read again.
    #[error("a record for {} cannot be encoded: {reason}", path.display())]
    Encode {
        /// Path of the file.
        path: PathBuf,
        /// Reason why the record cannot be encoded.
        reason: String,
    },
}

/// Reasons why a run folder cannot be made or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The name cannot be that of a folder in the folder of runs.
    #[error("`{name}` cannot be the name of a run: {reason}")]
    Name {
        /// The refused name.
        name: String,
        /// Reason why the name is refused.
        reason: &'static str,
    },
    /// A file or folder of this name exists already.
    #[error("{} already exists: choose another name, or resume it", path.display())]
    Exists {
        /// Path of the folder.
        path: PathBuf,
    },
    /// The folder is not one that a training made.
    #[error("{} is not a run: {reason}", path.display())]
    NotARun {
        /// Path of the folder.
        path: PathBuf,
        /// Reason why the folder is no run.
        reason: String,
    },
    /// Another process trains in this folder.
    #[error("{} is being trained by another process{holder}: wait for it to end, or start a new run", path.display())]
    Busy {
        /// Path of the folder.
        path: PathBuf,
        /// ` (process 123)`, or nothing where it is not known.
        holder: String,
    },
    /// Making, reading or writing a file or folder failed.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// The action that failed, such as `create`.
        action: &'static str,
        /// Path of the file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file is not the JSON that it should be, or a value cannot be expressed in JSON.
    #[error("{} cannot be read: {source}", path.display())]
    Json {
        /// Path of the file.
        path: PathBuf,
        /// Error of the JSON reader or writer.
        source: serde_json::Error,
    },
}
