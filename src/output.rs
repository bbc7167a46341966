//! Standard output, and lines on standard error.

use std::io::{ErrorKind, Write};
use std::path::Path;

use gridworld_agents::checkpoint::atomic;

use crate::failure::Failure;

/// Prints a text. A reader that has seen enough and closed the pipe is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a JSON document.
pub fn print_json(document: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document).map_err(Failure::failed)?;
    print(&(text + "\n"))
}

/// Writes a line on standard error. Where that is full or gone there is nobody to tell: unlike `eprintln!`, this does
/// not end a training for it.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The file `path`, if it can be written: whoever takes long to make its contents asks before.
pub fn writable<'a>(flag: &str, path: &'a Path) -> Result<&'a Path, Failure> {
    let refuse = |reason: String| Err(Failure::usage(format!("{flag} {}: {reason}", path.display())));
    if path.is_dir() || path.file_name().is_none() {
        return refuse("it is a folder; name a file".to_owned());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match tempfile::tempfile_in(parent) {
        Ok(_) => Ok(path),
        Err(error) => refuse(format!("cannot write there: {error}")),
    }
}

/// Makes the folder that the file `path` is to be in, if it is not there.
pub fn make_folder_of(path: &Path) -> Result<(), Failure> {
    make_folder(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// Makes a folder, if it is not there.
pub fn make_folder(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::failed(format!("cannot make {}: {error}", folder.display())))
}

/// Replaces the file `path`, or leaves it as it is.
pub fn write_file(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    atomic::write(path, contents).map_err(|error| Failure::failed(format!("cannot write {}: {error}", path.display())))
}
