//! The way from the bytes of a file to a checkpoint, if it is one and is whole.
//!
//! The header is parsed by the safetensors crate, but its lengths are compared with the file's here, before anything of
//! the size that a header claims is allocated: the crate adds the lengths without a check, and wants the file in memory.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use safetensors::tensor::{Metadata, TensorView};

use super::document::Document;
use super::{Array, Checkpoint, CheckpointError, METADATA_KEY, Values, digest::digest};

/// The longest header in bytes, as every implementation of safetensors has it.
const LONGEST_HEADER: u64 = 100_000_000;

/// The length in bytes of the number with which the file begins.
const PREFIX: u64 = 8;

impl Checkpoint {
    /// Reads a checkpoint of `length` bytes from `file`, and verifies its checksum. Errors call the file `path`; nothing
    /// is opened here.
    ///
    /// Whatever the file contains, this neither panics nor allocates more than a small multiple of its length.
    ///
    /// # Errors
    /// If it cannot be read, is no checkpoint of ours, or is damaged.
    pub fn read(file: &mut dyn Read, length: u64, path: &Path) -> Result<Checkpoint, CheckpointError> {
        let header = read_header(file, length, path)?;
        let data = read(file, check_lengths(&header, length, path)?, path)?;
        let tensors = views(&header.metadata, &data, path)?;
        let text = header.text(path)?;
        let document = Document::read(text, path)?;
        let views = tensors.iter().map(|(name, view)| (name.as_str(), view.clone()));
        if digest(views, &document.unsigned(text)) != document.checksum() {
            return Err(CheckpointError::Checksum { path: path.to_owned() });
        }

        let tensors = tensors
            .into_iter()
            .map(|(name, view)| array(&name, &view, path).map(|array| (name, array)))
            .collect::<Result<_, _>>()?;
        Ok(Checkpoint { tensors, metadata: document.metadata })
    }

    /// Reads a checkpoint from the contents of its file, as [`read`](Self::read) does.
    ///
    /// # Errors
    /// If they are no checkpoint of ours, or damaged.
    pub fn from_bytes(mut bytes: &[u8], path: &Path) -> Result<Checkpoint, CheckpointError> {
        let length = bytes.len() as u64;
        Checkpoint::read(&mut bytes, length, path)
    }

    /// Reads the fields of a checkpoint, and no tensors: for a look at many. The header must be whole and the file as
    /// long as it says; the checksum, which is over the tensors too, is not verified.
    ///
    /// # Errors
    /// If the header cannot be read, or is not that of a checkpoint of ours of this length.
    pub fn glance(file: &mut dyn Read, length: u64, path: &Path) -> Result<Checkpoint, CheckpointError> {
        let header = read_header(file, length, path)?;
        check_lengths(&header, length, path)?;
        let document = Document::read(header.text(path)?, path)?;
        Ok(Checkpoint { tensors: BTreeMap::new(), metadata: document.metadata })
    }
}

struct Header {
    /// Length in bytes, without the number in front.
    length: u64,
    metadata: Metadata,
}

impl Header {
    /// The document, as text.
    fn text(&self, path: &Path) -> Result<&str, CheckpointError> {
        let text = self.metadata.metadata().as_ref().and_then(|metadata| metadata.get(METADATA_KEY));
        text.map(String::as_str).ok_or_else(|| CheckpointError::NotOurs {
            path: path.to_owned(),
            reason: format!("it has no metadata `{METADATA_KEY}`"),
        })
    }
}

fn read_header(file: &mut dyn Read, file_length: u64, path: &Path) -> Result<Header, CheckpointError> {
    if file_length == 0 {
        return Err(not_safetensors(path, "it is empty"));
    }
    if file_length < PREFIX {
        return Err(not_safetensors(path, "it is shorter than 8 bytes"));
    }
    let mut prefix = [0; PREFIX as usize];
    file.read_exact(&mut prefix).map_err(|source| CheckpointError::Read { path: path.to_owned(), source })?;
    let length = u64::from_le_bytes(prefix);
    if length > LONGEST_HEADER {
        return Err(not_safetensors(path, "its header would be longer than 100 MB"));
    }
    if PREFIX + length > file_length {
        return Err(wrong_length(path, PREFIX + length, file_length));
    }
    let text = read(file, length, path)?;
    let metadata = serde_json::from_slice(&text).map_err(|error| not_safetensors(path, &error.to_string()))?;
    Ok(Header { length, metadata })
}

/// The length in bytes of the tensors' data, once it is sure that the file ends where they end.
///
/// The crate has checked, when it parsed the header, that the tensors lie one behind the other without a gap.
fn check_lengths(header: &Header, file_length: u64, path: &Path) -> Result<u64, CheckpointError> {
    let data_length = header.metadata.data_len() as u64;
    let expected = data_length.saturating_add(PREFIX + header.length);
    if expected == file_length { Ok(data_length) } else { Err(wrong_length(path, expected, file_length)) }
}

/// The next `length` bytes. A file can be longer than memory without taking room on the disk: that
/// there is no room is an error, and not the end of the process.
fn read(file: &mut dyn Read, length: u64, path: &Path) -> Result<Vec<u8>, CheckpointError> {
    let failed = |source| CheckpointError::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let room = usize::try_from(length).is_ok_and(|length| bytes.try_reserve_exact(length).is_ok());
    if !room {
        return Err(failed(io::ErrorKind::OutOfMemory.into()));
    }
    match file.take(length).read_to_end(&mut bytes) {
        Ok(read) if read as u64 == length => Ok(bytes),
        Ok(_) => Err(failed(io::ErrorKind::UnexpectedEof.into())),
        Err(source) => Err(failed(source)),
    }
}

fn views<'a>(
    metadata: &Metadata,
    data: &'a [u8],
    path: &Path,
) -> Result<Vec<(String, TensorView<'a>)>, CheckpointError> {
    let damaged = |name: &str| not_safetensors(path, &format!("tensor `{name}` has an impossible place or size"));
    metadata
        .tensors()
        .into_iter()
        .map(|(name, info)| {
            let (start, end) = info.data_offsets;
            let bytes = data.get(start..end).ok_or_else(|| damaged(&name))?;
            let view = TensorView::new(info.dtype, info.shape.clone(), bytes).map_err(|_| damaged(&name))?;
            Ok((name, view))
        })
        .collect()
}

fn array(name: &str, view: &TensorView, path: &Path) -> Result<Array, CheckpointError> {
    let values = Values::from_le_bytes(view.dtype(), view.data()).ok_or_else(|| CheckpointError::UnknownKind {
        path: path.to_owned(),
        tensor: name.to_owned(),
        kind: format!("{:?}", view.dtype()),
    })?;
    Ok(Array { shape: view.shape().to_vec(), values })
}

fn not_safetensors(path: &Path, reason: &str) -> CheckpointError {
    CheckpointError::NotSafetensors { path: path.to_owned(), reason: reason.to_owned() }
}

fn wrong_length(path: &Path, expected: u64, actual: u64) -> CheckpointError {
    CheckpointError::WrongLength { path: path.to_owned(), expected, actual }
}
