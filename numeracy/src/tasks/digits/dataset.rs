//! Digits to train on, and others to test on.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{DigitsError, DigitsOperation, Labelled};

/// Two sets of images that share none.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Images for training.
    pub train: Labelled,
    /// Images for the test.
    pub test: Labelled,
}

impl Dataset {
    /// Reads the four files of MNIST in `folder`. An image of the test set is not trained on, even if it is in both.
    ///
    /// # Errors
    /// If a file is missing, cannot be read, or is not in the format of MNIST.
    pub fn read(folder: &Path) -> Result<Dataset, DigitsError> {
        let (train, test) = (Labelled::read(folder, "train")?, Labelled::read(folder, "t10k")?);
        Ok(Dataset::new(train, test))
    }

    /// Makes the two sets from images in memory. An image of the test set is not trained on.
    #[must_use]
    pub fn new(train: Labelled, test: Labelled) -> Dataset {
        let tested: HashSet<&[u8]> = (0..test.len()).map(|index| test.image(index)).collect();
        let train = train.of((0..train.len()).filter(|&index| !tested.contains(train.image(index))));
        Dataset { train, test }
    }

    /// Keeps the images that `operation` asks about.
    #[must_use]
    pub fn asked_about(self, operation: DigitsOperation) -> Dataset {
        let kept = |digits: Labelled| {
            let indices = (0..digits.len()).filter(|&index| operation.asks_about(digits.labels[index]));
            digits.of(indices)
        };
        Dataset { train: kept(self.train), test: kept(self.test) }
    }

    /// Gives the SHA-256 of all images and labels, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.train.pixels, &self.train.labels, &self.test.pixels, &self.test.labels] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.finalize().iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
