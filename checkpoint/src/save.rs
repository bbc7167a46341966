//! The way from a checkpoint to the bytes of a file.

use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::{TensorView, serialize};

use super::document::{write, write_unsigned};
use super::{Array, Checkpoint, CheckpointError, METADATA_KEY, digest::digest};

impl Checkpoint {
    /// Returns the contents of the checkpoint's file. Equal checkpoints give equal bytes.
    ///
    /// # Errors
    /// If an array's numbers do not fill its shape, or an array has the name that the format keeps for itself,
    /// `__metadata__`.
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
