//! The text under the metadata key: format version, checksum and metadata, as JSON.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{CheckpointError, FORMAT_VERSION, METADATA_KEY};

/// Placeholder of the checksum while the checksum is computed.
const UNSIGNED: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A document as it was read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(rename = "format_version")]
    _format_version: u64,
    sha256: String,
    pub metadata: Map<String, Value>,
}

/// The version stands apart, so that it can be read from documents whose other fields are not known.
#[derive(Deserialize)]
struct Version {
    format_version: u64,
}

/// The document with the given checksum.
pub(super) fn write(metadata: &Map<String, Value>, checksum: &str) -> Result<String, serde_json::Error> {
    let metadata = serde_json::to_string(metadata)?;
    Ok(format!(r#"{{"format_version":{FORMAT_VERSION},"sha256":"{checksum}","metadata":{metadata}}}"#))
}

/// The document before its checksum is known: zeros are in its place.
pub(super) fn write_unsigned(metadata: &Map<String, Value>) -> Result<String, serde_json::Error> {
    write(metadata, UNSIGNED)
}

impl Document {
    /// Reads a document of the file `path`.
    pub fn read(text: &str, path: &Path) -> Result<Document, CheckpointError> {
        let unreadable = |error: serde_json::Error| CheckpointError::NotOurs {
            path: path.to_owned(),
            reason: format!("metadata `{METADATA_KEY}`: {error}"),
        };
        let Version { format_version: found } = serde_json::from_str(text).map_err(unreadable)?;
        if found != FORMAT_VERSION {
            let path = path.to_owned();
            return Err(CheckpointError::UnsupportedVersion { path, found, supported: FORMAT_VERSION });
        }
        serde_json::from_str(text).map_err(unreadable)
    }

    /// The text without its checksum, as it was when the checksum was computed.
    pub fn unsigned(&self, text: &str) -> String {
        text.replacen(&self.sha256, UNSIGNED, 1)
    }

    /// The checksum that the document names, in hexadecimal.
    pub fn checksum(&self) -> &str {
        &self.sha256
    }
}
