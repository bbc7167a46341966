//! Outputs that are no regular files, links, modes, and names that say another format.

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::JoinHandle;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::support::{program, stderr, tiny_run};

/// A command that writes a file of the user's; the file's name comes last.
struct Writer {
    arguments: Vec<String>,
    /// First bytes of the file, as far as they are always the same.
    begins: &'static [u8],
}

/// Gives every command that writes a single file.
fn writers(folder: &Path) -> Vec<Writer> {
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let tiny = text(tiny_run());
    let arithmetic = format!("numeracy all --finished --quiet --runs {0}/none --figures {0}/figures", text(folder));
    let page = format!("{arithmetic} --reference {}/reference.json --page", text(folder));
    let reference = format!("{arithmetic} --page {}/page.md --reference", text(folder));
    let row = |arguments: &str, begins| Writer { arguments: arguments.split(' ').map(str::to_owned).collect(), begins };
    vec![
        row("record oracle --T 5 --out", b"GIF89a"),
        row(&format!("report {tiny} --out"), b"<!DOCTYPE html>"),
        row("evaluate oracle --T 5 --episodes 3 --trace", b"{\"T\":5,"),
        row(&page, b"<!--"),
        row(&reference, b"{\n"),
    ]
}

impl Writer {
    fn write(&self, path: &Path) -> Output {
        self.command(path).output().expect("the program starts")
    }

    fn command(&self, path: &Path) -> Command {
        let mut command = program();
        command.args(&self.arguments).arg(path);
        command
    }

    fn check(&self, contents: &[u8]) {
        let begins = contents.len() > 100 && contents.starts_with(self.begins);
        assert!(begins, "{:?}: {}", self.arguments, String::from_utf8_lossy(&contents[..contents.len().min(200)]));
    }
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", stderr(output));
}

/// A pipe with a name, and what a reader that is there from the beginning gets before it sees the end.
fn pipe(path: &Path) -> JoinHandle<Vec<u8>> {
    mkfifo(path, Mode::S_IRWXU).expect("a pipe");
    let path = path.to_owned();
    std::thread::spawn(move || fs::read(path).expect("the pipe is read"))
}

#[test]
fn a_pipe_is_written_to_and_not_opened_before() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (number, writer) in writers(folder.path()).iter().enumerate() {
        let path = folder.path().join(format!("pipe{number}"));
        // A first opening that only looks would be all that the reader gets.
        let reader = pipe(&path);
        succeeded(&writer.write(&path));
        writer.check(&reader.join().expect("the reader ends"));
        assert!(path.symlink_metadata().expect("it is there").file_type().is_fifo(), "{:?}", writer.arguments);
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("pipe");
    mkfifo(&path, Mode::S_IRWXU).expect("a pipe");
    let reader = std::thread::spawn({
        let path = path.clone();
        move || {
            let mut start = [0; 15];
            File::open(path).and_then(|mut file| file.read_exact(&mut start)).map(|()| start)
        }
    });
    let tiny = tiny_run().to_str().expect("UTF-8").to_owned();
    // A page is longer than what a pipe holds.
    let output = program().args(["report", &tiny, "--out"]).arg(&path).output().expect("the program starts");
    assert_eq!(&reader.join().expect("the reader ends").expect("a start"), b"<!DOCTYPE html>");
    succeeded(&output);
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn links_are_followed_and_a_file_keeps_its_mode() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (number, writer) in writers(folder.path()).iter().enumerate() {
        let at = |name: &str| folder.path().join(format!("{name}{number}"));
        let (target, link) = (at("target"), at("link"));
        symlink(&target, &link).expect("a link");
        // First to nothing, then to a file.
        for mode in [0o600, 0o640] {
            succeeded(&writer.write(&link));
            assert!(link.is_symlink(), "{:?}", writer.arguments);
            writer.check(&fs::read(&target).expect("the target"));
            fs::write(&target, "").expect("the target");
            fs::set_permissions(&target, Permissions::from_mode(mode)).expect("ours");
        }
        succeeded(&writer.write(&target));
        writer.check(&fs::read(&target).expect("the file"));
        let mode = target.metadata().expect("the file").permissions().mode() & 0o777;
        assert_eq!(mode, 0o640, "{:?}", writer.arguments);
    }
}

#[test]
fn figures_and_pages_for_man_are_written_through_links() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tiny = tiny_run().to_str().expect("UTF-8").to_owned();
    let rows = [
        ("learning.svg", vec!["plot", &tiny, "--only", "learning", "--format", "svg", "--out"]),
        ("gridworld.1", vec!["man", "--out"]),
    ];
    for (name, arguments) in rows {
        let (target, link) = (folder.path().join("target"), folder.path().join(name));
        fs::write(&target, "").expect("the target");
        symlink("target", &link).expect("a link");
        succeeded(&program().args(&arguments).arg(folder.path()).output().expect("the program starts"));
        assert!(link.is_symlink() && fs::metadata(&target).expect("the target").len() > 100, "{arguments:?}");
    }
}

/// Runs `writer` under a shell, with the redirections `after`, which can name the file `$1`.
fn in_shell(writer: &Writer, path: &str, after: &str, file: &Path) -> Output {
    let arguments = writer.arguments.join(" ");
    let script = format!("exec \"$0\" {arguments} {path} {after}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, env!("CARGO_BIN_EXE_gridworld")]).arg(file).stdin(Stdio::null());
    shell.output().expect("a shell")
}

/// Contents without the file's name, which is in the command that repeats them; the `first` one stays there where nothing
/// is computed anew.
fn nameless(contents: &[u8], path: &str, first: &Path) -> String {
    let first = first.to_str().expect("UTF-8");
    String::from_utf8_lossy(contents).replace(path, "PATH").replace(first, "PATH")
}

#[test]
fn standard_output_has_the_file_alone_and_other_descriptors_are_written_to() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    for writer in &writers(folder.path()) {
        let named = folder.path().join("named");
        succeeded(&writer.write(&named));
        let expected = nameless(&fs::read(&named).expect("the file"), named.to_str().expect("UTF-8"), &named);
        fs::remove_file(&named).expect("it was there");
        let rows = [("/dev/stdout", ""), ("/dev/fd/1", ""), ("/dev/fd/3", "3>&1 > /dev/null")];
        for (path, to_pipe) in rows {
            let output = in_shell(writer, path, to_pipe, &file);
            succeeded(&output);
            let found = nameless(&output.stdout, path, &named);
            let different = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
            assert!(found == expected, "{:?} {path}: {different:?}", writer.arguments);
        }
        // Into a file, which has something in it.
        let rows = [("/dev/stdout", ">> \"$1\""), ("/proc/self/fd/1", ">> \"$1\""), ("/dev/fd/3", "3>> \"$1\"")];
        for (path, to_file) in rows {
            fs::write(&file, "before,").expect("a file");
            succeeded(&in_shell(writer, path, to_file, &file));
            let written = nameless(&fs::read(&file).expect("the file"), path, &named);
            assert!(written == format!("before,{expected}"), "{:?} {path}", writer.arguments);
        }
    }
}

#[test]
fn a_device_stays_one_and_its_errors_are_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let is_device = || File::open("/dev/full").and_then(|it| it.metadata()).expect("/dev/full").file_type();
    for writer in &writers(folder.path()) {
        let link = folder.path().join("full");
        symlink("/dev/full", &link).expect("a link");
        let output = writer.write(&link);
        let said = stderr(&output);
        assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{:?}: {said}", writer.arguments);
        assert!(said.contains("full: No space left on device"), "{said}");
        assert!(link.is_symlink() && is_device().is_char_device());
        fs::remove_file(link).expect("it was there");
    }
}

#[test]
fn a_document_and_a_file_do_not_share_standard_output() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for writer in &writers(folder.path()) {
        let output = writer.command(Path::new("/dev/stdout")).arg("--json").output().expect("the program starts");
        let said = stderr(&output);
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{:?}: {said}", writer.arguments);
        assert!(output.stdout.is_empty() && said.contains("/dev/stdout: ") && said.contains("--json"), "{said}");
    }
}

#[test]
fn a_name_that_says_another_format_or_cannot_be_written_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tiny = tiny_run().to_str().expect("UTF-8").to_owned();
    let socket = folder.path().join("socket");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    symlink("loop", folder.path().join("loop")).expect("a link");
    symlink("nowhere/file", folder.path().join("dangling")).expect("a link");
    fs::write(folder.path().join("latin1.md"), b"caf\xe9").expect("a page");
    let rows = [
        ("record oracle --T 5 --out", "walk.mp4", ".mp4"),
        ("record oracle --T 5 --out", "walk.GIF.gz", ".gz"),
        ("report RUN --out", "page.pdf", ".pdf"),
        ("evaluate RUN --T 5 --episodes 3 --trace", "x.gif", ".gif"),
        ("suite paper --runs runs --page", "page.html", ".html"),
        ("suite paper --runs runs --reference", "figures.png", ".png"),
        ("suite paper --runs runs --page", "latin1.md", "UTF-8"),
        ("numeracy all --runs runs --page", "page.html", ".html"),
        ("numeracy all --runs runs --page", "latin1.md", "UTF-8"),
        ("numeracy all --runs runs --reference", "figures.jsonl", ".jsonl"),
        ("numeracy all --runs runs --figures", "figure.svg", "folder"),
        ("plot RUN --out", "figure.png", "folder"),
        ("record oracle --T 5 --out walk.gif --frames", "frames.png", "folder"),
        ("man --out", "gridworld.html", "folder"),
        ("record oracle --T 5 --out", "folder/", "folder"),
        ("record oracle --T 5 --out", "socket", "socket"),
        ("record oracle --T 5 --out", "loop", "Too many levels of symbolic links"),
        ("report RUN --out", "dangling", "No such file or directory"),
    ];
    let before = names(folder.path());
    for (arguments, name, word) in rows {
        let flag = arguments.rsplit(' ').next().expect("a flag");
        let arguments = arguments.split(' ').map(|word| if word == "RUN" { &tiny } else { word });
        let mut command = program();
        let output = command.args(arguments).arg(name).current_dir(folder.path()).output().expect("the program starts");
        let said = stderr(&output);
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{flag} {name}: {said}");
        assert!(said.contains(&format!("{flag} {name}: ")) && said.contains(word), "{flag} {name}: {said}");
        assert_eq!(names(folder.path()), before, "{flag} {name}");
    }
}

fn names(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a name").path()).collect();
    names.sort();
    names
}
