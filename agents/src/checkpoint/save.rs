//! A checkpoint becomes bytes, and the bytes become a file.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use safetensors::tensor::{TensorView, serialize};

use super::document::{write, write_unsigned};
use super::{Array, Checkpoint, CheckpointError, METADATA_KEY, digest::digest};
use gridworld_records::atomic;

impl Checkpoint {
    /// Writes the file `path`, or leaves what is there as it is. Equal checkpoints give equal files, byte for byte.
    pub fn save(&self, path: &Path) -> Result<(), CheckpointError> {
        self.save_in_steps(path, &mut |_| ())
    }

    /// The same as [`save`](Self::save), and calls `after` after each step on the way.
    pub fn save_in_steps(&self, path: &Path, after: &mut dyn FnMut(atomic::Step)) -> Result<(), CheckpointError> {
        let bytes = self.to_bytes()?;
        let written = atomic::write_in_steps(path, &bytes, after);
        written.map_err(|source| CheckpointError::Write { path: path.to_owned(), source })
    }

    /// The file's contents.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        let encoded: BTreeMap<&str, Vec<u8>> =
            self.tensors.iter().map(|(name, array)| (name.as_str(), array.values.to_le_bytes())).collect();
        let views: BTreeMap<&str, TensorView> = self
            .tensors
            .iter()
            .map(|(name, array)| Ok((name.as_str(), view(name, array, &encoded[name.as_str()])?)))
            .collect::<Result<_, CheckpointError>>()?;

        let unwritable = |source| CheckpointError::WrongField { field: METADATA_KEY.to_owned(), source };
        let unsigned = write_unsigned(&self.metadata).map_err(unwritable)?;
        let checksum = digest(views.iter().map(|(name, view)| (*name, view.clone())), &unsigned);
        let document = write(&self.metadata, &checksum).map_err(unwritable)?;

        serialize(views, Some(HashMap::from([(METADATA_KEY.to_owned(), document)])))
            .map_err(|error| CheckpointError::Unwritable { tensor: "(header)".to_owned(), reason: error.to_string() })
    }
}

fn view<'a>(name: &str, array: &Array, bytes: &'a [u8]) -> Result<TensorView<'a>, CheckpointError> {
    let unwritable = |reason: String| CheckpointError::Unwritable { tensor: name.to_owned(), reason };
    // The format keeps this name for its metadata.
    if name == "__metadata__" {
        return Err(unwritable("the name is reserved".to_owned()));
    }
    if array.capacity() != Some(array.values.len()) {
        return Err(unwritable(format!("{} numbers do not fill shape {:?}", array.values.len(), array.shape)));
    }
    TensorView::new(array.values.dtype(), array.shape.clone(), bytes).map_err(|error| unwritable(error.to_string()))
}
