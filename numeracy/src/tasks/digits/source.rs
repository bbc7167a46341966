//! Source of the digits of a run: its folder, sizes and digest.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Dataset, DigitsError, DigitsOperation};
use crate::tasks::task::TaskError;

/// Source of digits: the folder of the files, and the images in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Folder with the files.
    #[serde(with = "crate::tasks::digits::path_in_json")]
    pub folder: PathBuf,
    /// Number of images to train on.
    pub train: usize,
    /// Number of images to test on, none of which is trained on.
    pub test: usize,
    /// SHA-256 of all images and labels.
    pub digest: String,
}

impl Source {
    /// Reads the digits of `folder` that the operation asks about; gives their source, too.
    ///
    /// # Errors
    /// If a file is not there or is no file of digits, or none is left to train on or to test on.
    pub fn read(folder: &Path, operation: DigitsOperation) -> Result<(Source, Dataset), TaskError> {
        let dataset = Dataset::read(folder).map_err(|error| match error {
            DigitsError::Missing { .. } => TaskError::Missing(error.to_string()),
            DigitsError::Io { .. } | DigitsError::Wrong { .. } => TaskError::Failed(error.to_string()),
        })?;
        let dataset = dataset.asked_about(operation);
        for (digits, purpose) in [(&dataset.train, "train on that is not tested"), (&dataset.test, "test on")] {
            if digits.is_empty() {
                let folder = folder.display();
                return Err(TaskError::Failed(format!("{folder} has no digit for --op {operation} to {purpose}")));
            }
        }
        let (train, test, digest) = (dataset.train.len(), dataset.test.len(), dataset.digest());
        Ok((Source { folder: folder.to_owned(), train, test, digest }, dataset))
    }
}
