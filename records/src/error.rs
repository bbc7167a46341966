//! Errors of runs and records.

use std::io;
use std::path::PathBuf;

/// Reasons why a record cannot be written, or earlier records cannot be read. Each names its file.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Writing failed. What was written before is whole, and the failed record is in the file entirely or not at all.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Reading failed.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A line that is not the last is not a record.
    #[error("{} is damaged in line {line}: {reason}; remove that line to go on", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The fault.
        reason: String,
    },
    /// A record that TensorBoard's format cannot express, or that could not be read again.
    #[error("a record for {} cannot be encoded: {reason}", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
}

/// Reasons why a run folder cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The name cannot be that of a folder in the folder of runs.
    #[error("`{name}` cannot be the name of a run: {reason}")]
    Name {
        /// The name.
        name: String,
        /// The reason.
        reason: &'static str,
    },
    /// There is something of this name already.
    #[error("{} exists already: give the run another name, or resume it", path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// The folder is not one that a training made.
    #[error("{} is not a run: {reason}", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// The fault.
        reason: String,
    },
    /// Another process trains in this folder.
    #[error("{} is being trained by another process{holder}: wait for it to end, or start a new run", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
        /// ` (process 123)`, or nothing where it is not known.
        holder: String,
    },
    /// Making, reading or writing a file or folder failed.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// The action that failed, such as `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file is not the JSON that it should be, or a value cannot be expressed in JSON.
    #[error("{} is not usable: {source}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// The fault.
        source: serde_json::Error,
    },
}
