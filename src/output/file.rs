//! Files that flags name: regular files, and devices, pipes and standard output, which are written as they are.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use gridworld_records::atomic;
use nix::unistd::{AccessFlags, eaccess};
use serde::Serialize;

use crate::output::folder::no_folder;
use crate::output::print;
use crate::program::failure::Failure;
use crate::program::message::tell;

/// The kinds of files that are written under names that users choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// An animation.
    Gif,
    /// A page for a browser.
    Html,
    /// A page of docs/.
    Markdown,
    /// One JSON document.
    Json,
    /// A JSON document a line.
    JsonLines,
}

impl Format {
    /// The ending of its names, and others that say the same.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Format::Gif => &["gif"],
            Format::Html => &["html", "htm"],
            Format::Markdown => &["md", "markdown"],
            Format::Json => &["json"],
            Format::JsonLines => &["jsonl", "ndjson", "json"],
        }
    }
}

/// Endings by which programs know a format. Any other is a part of a name, such as `walk.v2`.
const KNOWN: &[&str] = &[
    "7z",
    "apng",
    "avi",
    "avif",
    "bmp",
    "bz2",
    "csv",
    "doc",
    "docx",
    "eps",
    "epub",
    "flac",
    "gif",
    "gz",
    "h5",
    "hdf5",
    "heic",
    "htm",
    "html",
    "ico",
    "ipynb",
    "jpeg",
    "jpg",
    "json",
    "jsonl",
    "lz4",
    "m4v",
    "markdown",
    "md",
    "mkv",
    "mov",
    "mp3",
    "mp4",
    "mpeg",
    "mpg",
    "ndjson",
    "npy",
    "npz",
    "odt",
    "ogg",
    "ogv",
    "parquet",
    "pdf",
    "pickle",
    "pkl",
    "png",
    "ps",
    "pt",
    "pth",
    "rst",
    "rtf",
    "safetensors",
    "sqlite",
    "svg",
    "tar",
    "tex",
    "tgz",
    "tif",
    "tiff",
    "toml",
    "tsv",
    "wav",
    "webm",
    "webp",
    "wmv",
    "xhtml",
    "xls",
    "xlsx",
    "xml",
    "xz",
    "yaml",
    "yml",
    "zip",
    "zst",
];

/// A file that a flag names, once it is known that it can be written: whoever takes long to make its contents asks
/// before.
#[derive(Debug)]
pub struct OutputFile {
    flag: &'static str,
    path: PathBuf,
}

impl OutputFile {
    /// The file `path` of the flag `flag`, in a folder that is there. Nothing is opened or made: a pipe's reader would
    /// see its end.
    pub fn new(flag: &'static str, path: &Path, format: Format) -> Result<OutputFile, Failure> {
        OutputFile::check(flag, path, format, |folder| tempfile::tempfile_in(folder).map(drop))
    }

    /// The same in a folder that is made with the file, if it is not there.
    pub fn new_with_folder(flag: &'static str, path: &Path, format: Format) -> Result<OutputFile, Failure> {
        OutputFile::check(flag, path, format, can_write_into)
    }

    fn check(
        flag: &'static str,
        path: &Path,
        format: Format,
        can_write: impl Fn(&Path) -> io::Result<()>,
    ) -> Result<OutputFile, Failure> {
        let file = OutputFile { flag, path: path.to_owned() };
        let place = Place::of(path).map_err(|error| file.refuse(&error.to_string()))?;
        let cannot = |error: io::Error| file.refuse(&format!("cannot write there: {error}"));
        match place {
            Place::Folder => return Err(file.refuse("it is a folder; name a file")),
            Place::File(target) => {
                if let Some(ending) = contradiction(path, format) {
                    let right = format.endings()[0];
                    return Err(file.refuse(&format!(
                        "what is written is not .{ending}; end the name in .{right}, or in nothing"
                    )));
                }
                can_write(folder(&target)).map_err(cannot)?;
            }
            Place::Stream(path) => eaccess(&path, AccessFlags::W_OK).map_err(|error| cannot(error.into()))?,
            Place::Output | Place::Errors => {}
        }
        Ok(file)
    }

    fn refuse(&self, reason: &str) -> Failure {
        Failure::usage(format!("{} {}: {reason}", self.flag, self.path.display()))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is where this process's standard output goes.
    pub fn is_standard_output(&self) -> bool {
        matches!(Place::of(&self.path), Ok(Place::Output))
    }

    /// Refuses a JSON document, if one is asked for, where the file itself goes to standard output.
    pub fn share_with_json(&self, json: bool) -> Result<(), Failure> {
        match json && self.is_standard_output() {
            true => Err(self.refuse("standard output cannot have both this and the document of --json")),
            false => Ok(()),
        }
    }

    /// What can be read there now; nothing where there is no file, or no regular one.
    pub fn read(&self) -> Result<String, Failure> {
        match Place::of(&self.path) {
            Ok(Place::File(target)) => match fs::read_to_string(target) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
                read => read.map_err(|error| self.refuse(&format!("cannot read what is there: {error}"))),
            },
            _ => Ok(String::new()),
        }
    }

    /// Writes it, a regular file whole or not at all.
    pub fn write(&self, contents: &[u8]) -> Result<(), Failure> {
        write_file(&self.path, contents)
    }

    /// Writes it, and makes its folder if it is not there.
    pub fn write_with_folder(&self, contents: &[u8]) -> Result<(), Failure> {
        if let Ok(Place::File(target)) = Place::of(&self.path) {
            let folder = folder(&target);
            fs::create_dir_all(folder)
                .map_err(|error| Failure::failed(format!("cannot make {}: {error}", folder.display())))?;
        }
        self.write(contents)
    }

    /// Prints a text about it, on standard error where the file itself goes to standard output.
    pub fn print_beside(&self, text: &str) -> Result<(), Failure> {
        match self.is_standard_output() {
            true => text.lines().for_each(tell),
            false => print(text)?,
        }
        Ok(())
    }
}

/// Replaces the file `path`, or leaves it as it is; a link stays, and so do a file's mode and owner. A device or a pipe is
/// written to, and that its reader has seen enough is no failure.
pub fn write_file(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    let written = Place::of(path).and_then(|place| match place {
        Place::Folder => Err(ErrorKind::IsADirectory.into()),
        Place::File(target) => atomic::write_over(&target, contents),
        Place::Output => put(&mut io::stdout().lock(), contents),
        Place::Errors => put(&mut io::stderr().lock(), contents),
        // A descriptor can be that of a file that has something in it already.
        Place::Stream(path) => put(&mut OpenOptions::new().append(true).open(path)?, contents),
    });
    written.map_err(|error| Failure::failed(format!("cannot write {}: {error}", path.display())))
}

/// A JSON document as the contents of a file.
pub fn json_text(document: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut text = serde_json::to_vec_pretty(document).map_err(Failure::failed)?;
    text.push(b'\n');
    Ok(text)
}

/// Refuses a new folder, that of the flag `flag`, that is called like a file: whoever names one expects one file.
pub fn check_folder_name(flag: &str, path: &Path) -> Result<(), Failure> {
    match known_ending(path).filter(|_| path.symlink_metadata().is_err()) {
        None => Ok(()),
        Some(ending) => {
            let path = path.display();
            Err(Failure::usage(format!("{flag} {path}: it names a folder, for several files; leave .{ending} out")))
        }
    }
}

/// Finds out whether files can be made in `folder`, or in the nearest folder above that there is.
pub fn can_write_into(folder: &Path) -> io::Result<()> {
    let absolute = std::path::absolute(folder)?;
    // A link to nothing is in the way.
    let nearest = absolute.ancestors().find(|path| path.symlink_metadata().is_ok()).ok_or(ErrorKind::NotFound)?;
    tempfile::tempfile_in(nearest).map(drop).map_err(|error| {
        let reason = no_folder(nearest, &error);
        io::Error::new(error.kind(), format!("cannot write into {}: {reason}", nearest.display()))
    })
}

/// What there is at a path, links followed.
#[derive(Debug, PartialEq)]
enum Place {
    /// A regular file, or none yet, with the path to which links lead.
    File(PathBuf),
    Folder,
    /// This process's standard output.
    Output,
    /// This process's standard error.
    Errors,
    /// A device, a pipe or a descriptor, to be opened.
    Stream(PathBuf),
}

/// Links that lead to a file at most, as Linux has it.
const MOST_LINKS: usize = 40;

impl Place {
    fn of(path: &Path) -> io::Result<Place> {
        let there = match fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            looked => Some(looked?),
        };
        if there.as_ref().is_some_and(Metadata::is_dir) || path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Ok(Place::Folder);
        }
        let Some(there) = there else { return followed(path).map(|(target, _)| Place::File(target)) };
        if is_that_of(&there, io::stdout()) {
            return Ok(Place::Output);
        }
        if is_that_of(&there, io::stderr()) {
            return Ok(Place::Errors);
        }
        if there.file_type().is_socket() {
            return Err(io::Error::other("it is a socket; name a file, a device or a pipe"));
        }
        match followed(path)? {
            (target, Way::Files) if there.is_file() => Ok(Place::File(target)),
            _ => Ok(Place::Stream(path.to_owned())),
        }
    }
}

/// Where links lead through.
#[derive(Debug, PartialEq)]
enum Way {
    Files,
    /// An open descriptor, such as that of /dev/fd/3: it has its place in the file.
    Descriptor,
}

/// The path to which links lead, also where there is nothing yet.
fn followed(path: &Path) -> io::Result<(PathBuf, Way)> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if !path.is_symlink() {
            return Ok((path, Way::Files));
        }
        if folder(&path).canonicalize()?.starts_with("/proc") {
            return Ok((path, Way::Descriptor));
        }
        path = folder(&path).join(fs::read_link(&path)?);
    }
    Err(ErrorKind::InvalidInput.into())
}

/// Whether `there` is what the descriptor `open` is of.
fn is_that_of(there: &Metadata, open: impl AsFd) -> bool {
    let open = open.as_fd().try_clone_to_owned().and_then(|open| File::from(open).metadata());
    open.is_ok_and(|open| (open.dev(), open.ino()) == (there.dev(), there.ino()))
}

fn put(stream: &mut impl Write, contents: &[u8]) -> io::Result<()> {
    match stream.write_all(contents).and_then(|()| stream.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The ending of a name, if it is that of a format other than `format`.
fn contradiction(path: &Path, format: Format) -> Option<String> {
    known_ending(path).filter(|ending| !format.endings().contains(&ending.as_str()))
}

fn known_ending(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    KNOWN.contains(&ending.as_str()).then_some(ending)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn an_ending_that_says_another_format_is_refused() {
        let other = |name, format| contradiction(Path::new(name), format);
        for (name, format) in [
            ("walk.mp4", Format::Gif),
            ("walk.PNG", Format::Gif),
            ("walk.gif.gz", Format::Gif),
            ("page.pdf", Format::Html),
            ("page.md", Format::Html),
            ("page.html", Format::Markdown),
            ("figures.jsonl", Format::Json),
            ("x.gif", Format::JsonLines),
            ("x.csv", Format::JsonLines),
        ] {
            let ending = name.rsplit('.').next().map(str::to_ascii_lowercase);
            assert_eq!(other(name, format), ending, "{name}");
        }
        for (name, format) in [
            ("walk.gif", Format::Gif),
            ("walk.GIF", Format::Gif),
            ("walk", Format::Gif),
            ("walk.v2", Format::Gif),
            (".mp4", Format::Gif),
            ("mp4", Format::Gif),
            ("page.htm", Format::Html),
            ("page.txt", Format::Markdown),
            ("x.json", Format::JsonLines),
            ("x.log", Format::JsonLines),
        ] {
            assert_eq!(other(name, format), None, "{name}");
        }
        let formats = [Format::Gif, Format::Html, Format::Markdown, Format::Json, Format::JsonLines];
        assert!(
            formats.into_iter().flat_map(Format::endings).all(|ending| KNOWN.contains(ending)) && KNOWN.is_sorted()
        );
    }

    #[test]
    fn links_are_followed_to_what_is_there_and_to_what_is_not_yet() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("deep")).expect("a folder");
        symlink("deep/second", at("first")).expect("a link");
        symlink("../file", at("deep/second")).expect("a link");
        let place = || Place::of(&at("first")).expect("a place");
        let target = at("deep/../file");
        assert_eq!(place(), Place::File(target.clone()), "nothing there");
        fs::write(at("file"), "").expect("a file");
        assert_eq!(place(), Place::File(target));
        symlink("loop", at("loop")).expect("a link");
        Place::of(&at("loop")).expect_err("a loop");
        assert_eq!(Place::of(&at("deep")).expect("a place"), Place::Folder);
        assert_eq!(Place::of(&at("new/")).expect("a place"), Place::Folder);
    }

    #[test]
    fn a_descriptor_is_appended_to() {
        use std::os::fd::AsRawFd;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("file");
        let mut open = File::create(&path).expect("a file");
        open.write_all(b"one,").expect("room");
        let descriptor = PathBuf::from(format!("/dev/fd/{}", open.as_raw_fd()));
        assert_eq!(Place::of(&descriptor).expect("a place"), Place::Stream(descriptor.clone()));
        write_file(&descriptor, b"two").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "one,two");
    }
}
