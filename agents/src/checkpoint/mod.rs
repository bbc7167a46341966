//! Checkpoints: everything that a training needs to go on, in one safetensors file.
//!
//! A checkpoint is named arrays and one JSON document. It knows nothing of libtorch or of agents; whoever has state
//! to keep turns it into arrays and fields. `docs/checkpoint.md` describes the file for readers in other languages.

mod array;
mod contents;
mod digest;
mod document;
mod error;
mod load;
mod save;
#[cfg(test)]
mod tests;

pub use array::{Array, Element, Values};
pub use contents::Checkpoint;
pub use error::CheckpointError;

/// The version of the layout that is written, and the only one that is read.
pub const FORMAT_VERSION: u64 = 1;

/// The one key of the safetensors metadata, under which the document stands.
///
/// There is only one because the safetensors crate writes its metadata in a hash map's order: with two keys, equal
/// checkpoints would now and then be unequal files.
pub const METADATA_KEY: &str = "gridworld";
