//! The name under which this program can be started: commands that it prints begin with it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Command that is typed where the program was installed.
pub const NAME: &str = "gridworld";

/// The program as it can be typed in the shell that started it, without quotes: as it was, where that leads to its file,
/// else the file's path.
pub fn path() -> &'static OsStr {
    static PATH: LazyLock<OsString> = LazyLock::new(|| {
        let typed = std::env::args_os().next();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        called(typed.as_deref(), std::env::current_exe().ok().as_deref(), &folders)
    });
    &PATH
}

/// The name of the program in `file` that was started as `typed`, where words without a slash are looked for in `folders`.
fn called(typed: Option<&OsStr>, file: Option<&Path>, folders: &[PathBuf]) -> OsString {
    let Some(file) = file else { return typed.unwrap_or(OsStr::new(NAME)).to_owned() };
    let file = present(file);
    let leads_there = |path: &Path| path.canonicalize().is_ok_and(|real| real == file);
    let typed = typed.map(Path::new).filter(|typed| {
        if typed.as_os_str().as_encoded_bytes().contains(&b'/') {
            // What the system keeps of a process is gone with it.
            leads_there(typed) && !typed.starts_with("/proc")
        } else {
            folders
                .iter()
                .map(|folder| folder.join(typed))
                .find(|path| path.is_file())
                .is_some_and(|path| leads_there(&path))
        }
    });
    typed.unwrap_or(&file).as_os_str().to_owned()
}

/// The file, also where another has taken its place since it was started: then the system says ` (deleted)` behind it.
fn present(file: &Path) -> PathBuf {
    let shown = file.to_string_lossy();
    match shown.strip_suffix(" (deleted)") {
        Some(before) if !file.exists() => PathBuf::from(before),
        _ => file.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_name_is_what_the_shell_finds_or_the_path() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().canonicalize().expect("a folder").join(name);
        let (bin, other, file) = (at("bin"), at("other"), at("target/release/gridworld"));
        for path in [&bin, &other, &at("target/release")] {
            std::fs::create_dir_all(path).expect("a folder");
        }
        std::fs::write(&file, "").expect("a file");
        symlink(&file, bin.join("gridworld")).expect("a link");
        std::fs::write(other.join("gridworld"), "another").expect("a file");
        let name = |typed: &str, folders: &[&PathBuf]| {
            let folders: Vec<PathBuf> = folders.iter().map(|&folder| folder.clone()).collect();
            called(Some(OsStr::new(typed)), Some(&file), &folders).into_string().expect("UTF-8")
        };
        let path = file.display().to_string();
        assert_eq!(name("gridworld", &[&bin]), "gridworld");
        // Another program of that name comes first, or none is there at all.
        assert_eq!(name("gridworld", &[&other, &bin]), path);
        assert_eq!(name("gridworld", &[]), path);
        assert_eq!(name(&path, &[]), path);
        let link = bin.join("gridworld").display().to_string();
        assert_eq!(name(&link, &[]), link);
        // Started from elsewhere, or by what the system keeps of a process.
        assert_eq!(name("./gridworld", &[]), path);
        assert_eq!(name("/proc/self/exe", &[]), path);
        assert_eq!(called(Some(OsStr::new("gridworld")), None, &[]), "gridworld");
        assert_eq!(called(None, Some(&file), &[]), *path);
        let rebuilt = PathBuf::from(format!("{path} (deleted)"));
        assert_eq!(called(Some(OsStr::new(&path)), Some(&rebuilt), &[]), *path);
    }
}
