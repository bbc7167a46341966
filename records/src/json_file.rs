//! Files that hold one JSON document.

use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::{DeserializeOwned, Error};

use super::RunError;
use crate::atomic;

/// Replaces the file `path` with `value` as indented JSON, or leaves it as it is.
///
/// # Errors
/// If the value has no form in JSON, or the file cannot be replaced; it is then as it was.
pub fn write_json<T: Serialize + ?Sized>(path: &Path, value: &T) -> Result<(), RunError> {
    let unusable = |source| RunError::Json { path: path.to_owned(), source };
    let mut text = serde_json::to_vec_pretty(value).map_err(unusable)?;
    text.push(b'\n');
    atomic::write(path, &text).map_err(|source| RunError::Io { action: "write", path: path.to_owned(), source })
}

/// Returns a document without the byte order mark that some editors write before it.
#[must_use]
pub fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)
}

/// Reads the file `path`, which holds one JSON document.
///
/// # Errors
/// If the file cannot be read, or is no JSON document of this form.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, RunError> {
    let text = fs::read(path).map_err(|source| RunError::Io { action: "read", path: path.to_owned(), source })?;
    let read = match without_mark(&text) {
        [] => Err(serde_json::Error::custom("it is empty")),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(serde_json::Error::custom("it is in UTF-16; save it as UTF-8")),
        text => serde_json::from_slice(text),
    };
    read.map_err(|source| RunError::Json { path: path.to_owned(), source })
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
        fs::write(&path, "\u{feff}[3]").unwrap();
        assert_eq!(read_json::<Vec<u8>>(&path).unwrap(), [3]);
        for (bytes, reason) in
            [(&b""[..], "it is empty"), (b"\xff\xfe[\0]\0", "it is in UTF-16"), ("\u{feff}".as_bytes(), "it is empty")]
        {
            fs::write(&path, bytes).unwrap();
            let error = read_json::<Vec<u8>>(&path).unwrap_err().to_string();
            assert!(error.contains("numbers.json") && error.contains(reason), "{error}");
        }
        let error = read_json::<String>(&path).unwrap_err();
        assert!(matches!(&error, RunError::Json { .. }) && error.to_string().contains("numbers.json"), "{error}");
        let error = write_json(&folder.path().join("nowhere/numbers.json"), &1).unwrap_err();
        assert!(matches!(error, RunError::Io { action: "write", .. }), "{error}");
    }
}
