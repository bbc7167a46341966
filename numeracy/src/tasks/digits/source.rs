//! Source of the digits of a run: its folder, sizes and digest.

use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    /// Digits themselves, where they were read already.
    #[serde(skip)]
    pub(super) read: Read,
}

/// Digits that were read. They say nothing that their digest does not say.
#[derive(Clone, Debug, Default)]
pub(super) struct Read(Option<Arc<Dataset>>);

impl PartialEq for Read {
    fn eq(&self, _: &Read) -> bool {
        true
    }
}

impl Eq for Read {}

impl Source {
    /// Makes the source of digits that are in memory.
    pub fn new(folder: PathBuf, dataset: impl Into<Arc<Dataset>>) -> Source {
        let dataset = dataset.into();
        let (train, test, digest) = (dataset.train.len(), dataset.test.len(), dataset.digest());
        Source { folder, train, test, digest, read: Read(Some(dataset)) }
    }

    /// Gives the digits, if they were read.
    #[must_use]
    pub fn dataset(&self) -> Option<Arc<Dataset>> {
        self.read.0.clone()
    }

    /// Reads the digits of `folder` that the operation asks about.
    ///
    /// # Errors
    /// If a file is not there or is no file of digits, or none is left to train on or to test on.
    pub fn read(folder: &Path, operation: DigitsOperation) -> Result<Source, TaskError> {
        let dataset = Dataset::read(folder).map_err(|error| match error {
            DigitsError::Missing { .. } => TaskError::Missing(error.to_string()),
            DigitsError::Io { .. } | DigitsError::Wrong { .. } => TaskError::Failed(error.to_string()),
        })?;
        let dataset = dataset.asked_about(operation);
        for (digits, purpose) in [(&dataset.train, "train on that are not in the test set"), (&dataset.test, "test on")]
        {
            if digits.is_empty() {
                let folder = folder.display();
                return Err(TaskError::Failed(format!("{folder} has no digits to {purpose} for --op {operation}")));
            }
        }
        Ok(Source::new(folder.to_owned(), dataset))
    }
}
