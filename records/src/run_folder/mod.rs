//! The folder of one training.

mod beginning;
mod links;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{FileLock, RunError, RunLock, read_json};

/// A folder that holds one training, and the names of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// Opens the run in the folder `path`; that it is one is known by a readable `config.json`.
    ///
    /// # Errors
    /// If there is no such folder, if what a run keeps there is a link that leads nowhere, or if its `config.json` is missing
    /// or no JSON document; the error says which.
    pub fn open(path: &Path) -> Result<RunFolder, RunError> {
        let not_a_run = |reason: String| RunError::NotARun { path: path.to_owned(), reason };
        if !path.is_dir() {
            return Err(not_a_run("there is no such folder".to_owned()));
        }
        let run = RunFolder { path: path.to_owned() };
        links::check(path).map_err(not_a_run)?;
        match read_json::<Value>(&run.config()) {
            Ok(_) => Ok(run),
            Err(RunError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Err(not_a_run("it has no config.json".to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// Takes the right to train here, which no other process has as long as this one keeps it.
    ///
    /// # Errors
    /// If another process has it, or the file `.lock` cannot be made.
    pub fn lock(&self) -> Result<RunLock, RunError> {
        RunLock::take(&self.path, &self.path.join(".lock"))
    }

    /// Tells if a process trains here now.
    ///
    /// # Errors
    /// If the file `.lock` is there and cannot be opened.
    pub fn is_in_training(&self) -> Result<bool, RunError> {
        let path = self.path.join(".lock");
        FileLock::is_held(&path).map_err(|source| cannot("lock", &path, source))
    }

    /// Path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder's own name.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// The file of everything that was chosen for the training.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.path.join("config.json")
    }

    /// The file with one line for each record.
    #[must_use]
    pub fn metrics(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// The file of the run's own evaluation.
    #[must_use]
    pub fn evaluation(&self) -> PathBuf {
        self.path.join("evaluation.json")
    }

    /// Folder of evaluations under other settings than the run's own.
    #[must_use]
    pub fn evaluations(&self) -> PathBuf {
        self.path.join("evaluations")
    }

    /// The file of the reason why the training failed, if it did and has not gone on since.
    #[must_use]
    pub fn failure(&self) -> PathBuf {
        self.path.join("failure.json")
    }

    /// The folder of checkpoints.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    /// The checkpoint from which a training goes on.
    #[must_use]
    pub fn last_checkpoint(&self) -> PathBuf {
        self.checkpoints().join("last.safetensors")
    }

    /// The checkpoint that did best in evaluation.
    #[must_use]
    pub fn best_checkpoint(&self) -> PathBuf {
        self.checkpoints().join("best.safetensors")
    }
}

fn cannot(action: &'static str, path: &Path, source: io::Error) -> RunError {
    RunError::Io { action, path: path.to_owned(), source }
}
