//! Checkpoints in files: a [`Checkpoint`] itself is bytes, which are written in one go and read with care.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use gridworld_checkpoint::{Checkpoint, CheckpointError};
use gridworld_records::atomic::{self, Step};

/// Reasons why a checkpoint cannot be written to its file, or read from it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointFileError {
    /// The file is not there.
    #[error("no checkpoint {}{}", path.display(), target(path))]
    NotFound {
        /// Path of the file.
        path: PathBuf,
    },
    /// Writing the file failed; a file that was there before is as it was.
    #[error("cannot write checkpoint {}: {source}", path.display())]
    Write {
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// The contents cannot be read, are no checkpoint, or cannot be written in its format.
    #[error(transparent)]
    Contents(#[from] CheckpointError),
}

/// Writes the file `path`, or leaves what is there as it is. Equal checkpoints give equal files, byte for byte.
///
/// # Errors
/// If it cannot be written.
pub fn save(checkpoint: &Checkpoint, path: &Path) -> Result<(), CheckpointFileError> {
    save_in_steps(checkpoint, path, &mut |_| ())
}

/// Writes a file as [`save`] does, and calls `after` after each step on the way.
///
/// # Errors
/// If it cannot be written.
pub fn save_in_steps(
    checkpoint: &Checkpoint,
    path: &Path,
    after: &mut dyn FnMut(Step),
) -> Result<(), CheckpointFileError> {
    let bytes = checkpoint.to_bytes()?;
    let written = atomic::write_in_steps(path, &bytes, after);
    written.map_err(|source| CheckpointFileError::Write { path: path.to_owned(), source })
}

/// Reads the file `path` and verifies its checksum.
///
/// # Errors
/// If there is no such file, or it is not a whole checkpoint.
pub fn load(path: &Path) -> Result<Checkpoint, CheckpointFileError> {
    let (mut file, length) = open(path)?;
    Ok(Checkpoint::read(&mut file, length, path)?)
}

/// Reads the fields of the file `path`, and no tensors: for a look at many. The checksum is not verified.
///
/// # Errors
/// If there is no such file, or its header is not that of a checkpoint.
pub fn glance(path: &Path) -> Result<Checkpoint, CheckpointFileError> {
    let (mut file, length) = open(path)?;
    Ok(Checkpoint::glance(&mut file, length, path)?)
}

/// Opens the file `path`; its length in bytes comes with it.
fn open(path: &Path) -> Result<(File, u64), CheckpointFileError> {
    let unreadable = |source| CheckpointError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => CheckpointFileError::NotFound { path: path.to_owned() },
        _ => unreadable(source).into(),
    })?;
    let status = file.metadata().map_err(unreadable)?;
    if !status.is_file() {
        let what = if status.is_dir() { "it is a folder" } else { "it is not a regular file" };
        return Err(CheckpointError::NotSafetensors { path: path.to_owned(), reason: what.to_owned() }.into());
    }
    Ok((file, status.len()))
}

/// Says what a link leads to, where the file at `path` is one.
fn target(path: &Path) -> String {
    std::fs::read_link(path)
        .map_or(String::new(), |target| format!(", as it is a link to {}, which does not exist", target.display()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use gridworld_checkpoint::Array;

    use super::*;

    fn small() -> Checkpoint {
        let mut checkpoint = Checkpoint::default();
        checkpoint.insert("model.bias", Array::new([2], vec![1.0_f32, -0.5]));
        checkpoint.set_field("step", &1280).expect("a field");
        checkpoint
    }

    #[test]
    fn a_checkpoint_comes_back_whole_or_its_fields_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("last.safetensors");
        let mut steps = Vec::new();
        save_in_steps(&small(), &path, &mut |step| steps.push(step)).expect("it can be written");
        assert_eq!(steps, Step::ALL);
        assert_eq!(fs::read(&path).expect("a file"), small().to_bytes().expect("bytes"));
        assert_eq!(load(&path).expect("it can be read"), small());
        let glanced = glance(&path).expect("it can be read");
        assert_eq!((glanced.field::<u64>("step").expect("a field"), glanced.tensors.len()), (1280, 0));
    }

    #[test]
    fn a_missing_file_a_link_to_nothing_and_a_folder_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("last.safetensors");
        let error = load(&path).expect_err("there is none");
        assert!(matches!(error, CheckpointFileError::NotFound { .. }), "{error}");
        let missing = error.to_string();
        assert_eq!(missing, format!("no checkpoint {}", path.display()));
        std::os::unix::fs::symlink("/nowhere/it", &path).expect("a link");
        let linked = format!("{missing}, as it is a link to /nowhere/it, which does not exist");
        assert_eq!(glance(&path).expect_err("it leads nowhere").to_string(), linked);
        let error = load(folder.path()).expect_err("it is a folder");
        let contents = matches!(error, CheckpointFileError::Contents(CheckpointError::NotSafetensors { .. }));
        assert!(contents && error.to_string().ends_with(": it is a folder"), "{error}");
    }

    #[test]
    fn a_save_that_fails_leaves_the_old_checkpoint() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("n".repeat(255)); // no room for the temporary file's longer name
        fs::write(&path, small().to_bytes().expect("bytes")).expect("a file");
        let error = save(&Checkpoint::default(), &path).expect_err("its name is too long");
        assert!(matches!(error, CheckpointFileError::Write { .. }), "{error}");
        assert!(error.to_string().starts_with("cannot write checkpoint "), "{error}");
        let mut unwritable = small();
        unwritable.insert("model.bad", Array::new([3], vec![1_u8]));
        let error = save(&unwritable, &path).expect_err("its shape is not full");
        assert!(matches!(error, CheckpointFileError::Contents(CheckpointError::Unwritable { .. })), "{error}");
        assert_eq!(load(&path).expect("it is whole"), small());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
