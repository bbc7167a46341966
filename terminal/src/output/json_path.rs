//! Paths in JSON documents. JSON is Unicode: of a path that is not, the parts that are none become U+FFFD.

use std::path::{Path, PathBuf};

use serde::Serializer;

/// Writes a path as text.
///
/// # Errors
/// If the serializer fails.
pub fn path<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// Writes a path as text, or null.
///
/// # Errors
/// If the serializer fails.
pub fn optional<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    match path {
        Some(path) => self::path(path, serializer),
        None => serializer.serialize_none(),
    }
}
