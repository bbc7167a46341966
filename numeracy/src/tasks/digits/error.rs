//! What can be wrong with the files of digits.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why there are no digits.
#[derive(Debug, Error)]
pub enum DigitsError {
    /// A file is not there.
    #[error("there is no {}, nor one called {dotted}, nor either with .gz: `make mnist` brings digits, or --mnist DIR names a folder with the four files of MNIST", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// Its other name.
        dotted: String,
    },
    /// A file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} {reason}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}
