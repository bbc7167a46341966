//! Folders that are made for the user.

use std::fs;
use std::path::Path;

use crate::program::failure::Failure;

/// Makes a folder, if it is not there.
pub fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::failed(format!("cannot make {}: {error}", folder.display())))
}

/// Why there can be no folder at `path`, where the system says `error`: that a file exists, and not what it is.
pub fn no_folder(path: &Path, error: &std::io::Error) -> String {
    let in_the_way = path.ancestors().find(|above| above.symlink_metadata().is_ok() && !above.is_dir());
    match in_the_way.map(|above| (above, fs::read_link(above))) {
        Some((above, Ok(target))) if !above.exists() => {
            format!("{} is a link to {}, which is not there", above.display(), target.display())
        }
        Some((above, _)) => format!("{} is a file", above.display()),
        None => error.to_string(),
    }
}
