//! Checkpoints: everything that a training needs to go on, in one safetensors file.
//!
//! This crate writes and reads the checkpoints of a training, without libtorch: to resume the training, or to use the
//! trained network in another program.
//!
//! A [`Checkpoint`] is named [`Array`]s and one JSON document. It knows nothing of agents: a program turns the state
//! that it saves into arrays and fields. A file has a digest of all that it holds: a file that was changed or cut short
//! is refused, with an error that names what is wrong. `docs/checkpoint.md` describes the file for readers in other
//! languages. Nothing here opens a file: bytes and readers are passed in.
//!
//! ```
//! use std::path::Path;
//!
//! use gridworld_checkpoint::{Array, Checkpoint, CheckpointError};
//!
//! let mut checkpoint = Checkpoint::default();
//! checkpoint.insert("model.weight", Array::new([2, 2], vec![1.0_f32, 0.0, 0.0, 1.0]));
//! checkpoint.metadata.insert("steps".to_owned(), 20_000.into());
//! let mut bytes = checkpoint.to_bytes()?;
//!
//! let path = Path::new("last.safetensors");
//! let read = Checkpoint::from_bytes(&bytes, path)?;
//! assert_eq!(read.f32("model.weight", &[2, 2])?, [1.0, 0.0, 0.0, 1.0]);
//!
//! *bytes.last_mut().unwrap() ^= 1;
//! assert!(Checkpoint::from_bytes(&bytes, path).is_err());
//! # Ok::<(), CheckpointError>(())
//! ```

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
