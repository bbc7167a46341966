//! The file of `--trace`.

use gridworld_terminal::output::{Format, OutputFile};
use gridworld_terminal::program::CliError;
use std::path::Path;

use crate::run::trace::Episode;

/// File that the episodes will be written to. That it can be done is known before any is played.
#[derive(Debug)]
pub struct TraceFile(OutputFile);

impl TraceFile {
    /// Checks that the file `path` can be written.
    pub fn new(path: &Path) -> Result<TraceFile, CliError> {
        OutputFile::new("--trace", path, Format::JsonLines).map(TraceFile)
    }

    /// Gives the file.
    pub fn file(&self) -> &OutputFile {
        &self.0
    }

    /// Writes the episodes, a line each.
    pub fn write(&self, episodes: &[Episode]) -> Result<(), CliError> {
        let mut lines = Vec::new();
        for episode in episodes {
            serde_json::to_writer(&mut lines, episode).map_err(CliError::failed)?;
            lines.push(b'\n');
        }
        self.0.write(&lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_written_is_refused_beforehand() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(TraceFile::new(folder.path()).is_err());
        assert!(TraceFile::new(&folder.path().join("nowhere/trace.jsonl")).is_err());
        assert!(TraceFile::new(&folder.path().join("trace.jsonl")).is_ok());
    }
}
