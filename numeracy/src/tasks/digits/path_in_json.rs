//! Paths in JSON documents that are read back: one that is UTF-8 is text, any other is a list of its bytes.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(PathBuf),
    Bytes(Vec<u8>),
}

/// Writes a path.
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    match path.to_str() {
        Some(text) => text.serialize(serializer),
        None => path.as_os_str().as_bytes().serialize(serializer),
    }
}

/// Reads a path.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    Ok(match Written::deserialize(deserializer)? {
        Written::Text(path) => path,
        Written::Bytes(bytes) => OsString::from_vec(bytes).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Document(#[serde(with = "super")] PathBuf);

    #[test]
    fn every_path_comes_back_and_most_are_text() {
        for (bytes, json) in [(&b"a \xc3\xbc/b"[..], "\"a ü/b\""), (b"a\xff", "[97,255]"), (b"", "\"\"")] {
            let document = Document(OsString::from_vec(bytes.to_vec()).into());
            assert_eq!(serde_json::to_string(&document).unwrap(), json);
            assert_eq!(serde_json::from_str::<Document>(json).unwrap(), document);
        }
    }
}
