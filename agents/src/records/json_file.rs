//! Files that hold one JSON document.

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::RunError;
use crate::checkpoint::atomic;

/// Replaces the file `path` with `value` as indented JSON, or leaves it as it is.
pub fn write_json<T: Serialize + ?Sized>(path: &Path, value: &T) -> Result<(), RunError> {
    let unusable = |source| RunError::Json { path: path.to_owned(), source };
    let mut text = serde_json::to_vec_pretty(value).map_err(unusable)?;
    text.push(b'\n');
    atomic::write(path, &text).map_err(|source| RunError::Io { action: "write", path: path.to_owned(), source })
}

/// Reads the file `path`, which holds one JSON document.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, RunError> {
    let text = fs::read(path).map_err(|source| RunError::Io { action: "read", path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| RunError::Json { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_comes_back_and_errors_name_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers.json");
        write_json(&path, &[1, 2]).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "[\n  1,\n  2\n]\n");
        assert_eq!(read_json::<Vec<u8>>(&path).unwrap(), [1, 2]);
        let error = read_json::<String>(&path).unwrap_err();
        assert!(matches!(&error, RunError::Json { .. }) && error.to_string().contains("numbers.json"), "{error}");
        let error = write_json(&folder.path().join("nowhere/numbers.json"), &1).unwrap_err();
        assert!(matches!(error, RunError::Io { action: "write", .. }), "{error}");
    }
}
