//! The checksum over everything that a checkpoint says.

use std::fmt::Write as _;

use safetensors::tensor::TensorView;
use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hexadecimal over the tensors, in the order of their names, and then the unsigned document.
///
/// Every piece is preceded by its length in bytes and every shape by its rank, as 64-bit little-endian integers, so
/// that no two different contents are the same stream of bytes.
pub(super) fn digest<'a>(tensors: impl IntoIterator<Item = (&'a str, TensorView<'a>)>, unsigned: &str) -> String {
    let mut tensors: Vec<_> = tensors.into_iter().collect();
    tensors.sort_by_key(|(name, _)| *name);
    let mut hash = Sha256::new();
    for (name, tensor) in &tensors {
        piece(&mut hash, name.as_bytes());
        piece(&mut hash, format!("{:?}", tensor.dtype()).as_bytes());
        number(&mut hash, tensor.shape().len());
        tensor.shape().iter().for_each(|&length| number(&mut hash, length));
        piece(&mut hash, tensor.data());
    }
    piece(&mut hash, unsigned.as_bytes());
    hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a string cannot fail
        text
    })
}

fn number(hash: &mut Sha256, number: usize) {
    hash.update((number as u64).to_le_bytes());
}

fn piece(hash: &mut Sha256, bytes: &[u8]) {
    number(hash, bytes.len());
    hash.update(bytes);
}
