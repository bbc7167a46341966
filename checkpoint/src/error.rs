//! Errors of checkpoints.

use std::io;
use std::path::PathBuf;

/// Reasons why a checkpoint cannot be written, read or understood. Each names its file, tensor or field.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// Reading the file failed.
    #[error("cannot read checkpoint {}: {source}", path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// Error of the operating system.
        source: io::Error,
    },
    /// The file is not in the safetensors format, or its header is damaged.
    #[error("{} is not a safetensors file, or its header is damaged: {reason}", path.display())]
    NotSafetensors {
        /// Path of the file.
        path: PathBuf,
        /// Error message of the reader.
        reason: String,
    },
    /// The file is not as long as its header says.
    #[error("checkpoint {} is damaged: {expected} bytes expected, {actual} found", path.display())]
    WrongLength {
        /// Path of the file.
        path: PathBuf,
        /// Its length in bytes, according to its header.
        expected: u64,
        /// Its length in bytes.
        actual: u64,
    },
    /// The file is a safetensors file that this program did not write.
    #[error("{} is a safetensors file but no checkpoint of gridworld: {reason}", path.display())]
    NotOurs {
        /// Path of the file.
        path: PathBuf,
        /// Reason, as a clause.
        reason: String,
    },
    /// The file has a layout that this program does not know.
    #[error("checkpoint {} has format version {found}; this program reads version {supported}", path.display())]
    UnsupportedVersion {
        /// Path of the file.
        path: PathBuf,
        /// The version in the file.
        found: u64,
        /// The version that can be read.
        supported: u64,
    },
    /// The contents are not those that were written.
    #[error("checkpoint {} is damaged: its contents do not have the checksum that it names", path.display())]
    Checksum {
        /// Path of the file.
        path: PathBuf,
    },
    /// A tensor is of a kind of number that checkpoints do not hold.
    #[error("tensor `{tensor}` in {} is {kind}, which is not a kind that a checkpoint holds", path.display())]
    UnknownKind {
        /// Path of the file.
        path: PathBuf,
        /// The tensor's name.
        tensor: String,
        /// Kind of number, as the safetensors format names it.
        kind: String,
    },
    /// Contents that cannot be written as a safetensors file.
    #[error("tensor `{tensor}` cannot be saved: {reason}")]
    Unwritable {
        /// The tensor's name.
        tensor: String,
        /// Reason, as a clause.
        reason: String,
    },
    /// A tensor that is needed is not there.
    #[error("the checkpoint has no tensor `{tensor}`")]
    MissingTensor {
        /// The tensor's name.
        tensor: String,
    },
    /// A tensor has the wrong kind of number.
    #[error("tensor `{tensor}` is {found}, expected {expected}")]
    WrongKind {
        /// The tensor's name.
        tensor: String,
        /// The kind that is needed.
        expected: &'static str,
        /// The kind in the checkpoint.
        found: &'static str,
    },
    /// A tensor has the wrong shape.
    #[error("tensor `{tensor}` has shape {found:?}, expected {expected:?}")]
    WrongShape {
        /// The tensor's name.
        tensor: String,
        /// The shape that is needed.
        expected: Vec<usize>,
        /// The shape in the checkpoint.
        found: Vec<usize>,
    },
    /// It was made by another agent, network or seed than it is to go on with.
    #[error("the checkpoint is of another {what}: {found}")]
    OtherTraining {
        /// Property that differs: agent, network or seed.
        what: &'static str,
        /// Value of that property in the checkpoint.
        found: String,
    },
    /// A number is not finite, or greater than it can have become.
    #[error("`{name}` of the checkpoint holds a number that cannot be: infinite, NaN or too large")]
    Number {
        /// The tensor's or the field's name.
        name: String,
    },
    /// The tensors under a prefix are not those that are needed.
    #[error("the tensors under `{prefix}` are others than expected: missing {missing:?}, surplus {surplus:?}")]
    WrongNames {
        /// Prefix of the names that were compared.
        prefix: String,
        /// Names that are needed and not there.
        missing: Vec<String>,
        /// Names that are there and not needed.
        surplus: Vec<String>,
    },
    /// A field that is needed is not in the metadata.
    #[error("the checkpoint's metadata has no field `{field}`")]
    MissingField {
        /// The field's name.
        field: String,
    },
    /// A field of the metadata has the wrong form.
    #[error("field `{field}` of the checkpoint's metadata cannot be read: {source}")]
    WrongField {
        /// The field's name.
        field: String,
        /// Error message of the JSON reader.
        source: serde_json::Error,
    },
}
