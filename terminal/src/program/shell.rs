//! Commands as they can be pasted into a shell, whatever the names in them hold.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use gridworld_records::is_hidden;

use super::name;

/// The program as it can be typed in the shell that started it: as it was, where that leads to its file, else the file's
/// path; quoted where the shell needs it.
#[must_use]
pub fn program() -> &'static str {
    static NAMED: LazyLock<String> = LazyLock::new(|| line([name::path()]));
    &NAMED
}

/// The command line with which the program, once it is installed, does what `words` say, in one line for any POSIX shell.
pub fn command<W: AsRef<OsStr>>(words: impl IntoIterator<Item = W>) -> String {
    begun_with(OsStr::new(name::NAME), words)
}

/// The command line with which the program does what `words` say, as it can be typed where this process was started.
pub fn command_here<W: AsRef<OsStr>>(words: impl IntoIterator<Item = W>) -> String {
    begun_with(name::path(), words)
}

fn begun_with<W: AsRef<OsStr>>(program: &OsStr, words: impl IntoIterator<Item = W>) -> String {
    let words = words.into_iter().map(|word| word.as_ref().to_owned());
    line(std::iter::once(program.to_owned()).chain(words))
}

/// The command line, as it can be typed where this process was started, that does `task` with the run in the folder `run`,
/// under `flags`; both are words of ours.
#[must_use]
pub fn command_on(task: &str, run: &Path, flags: &str) -> String {
    let words = |text: &str| text.split_whitespace().map(OsString::from).collect::<Vec<_>>();
    begun_with(name::path(), [words(task), vec![argument(run).into_os_string()], words(flags)].concat())
}

/// Words in one line that a POSIX shell takes apart into them. A line with bytes that are not seen is written by
/// `printf`: quotes keep them as they are, but a terminal, or a line in a file, does not.
pub fn line<W: AsRef<OsStr>>(words: impl IntoIterator<Item = W>) -> String {
    let quoted = words.into_iter().map(|word| quoted(word.as_ref().as_bytes()).into_owned());
    let line = quoted.collect::<Vec<_>>().join(&b' ');
    match String::from_utf8(line) {
        Ok(line) if !line.contains(is_hidden) => line,
        Ok(line) => printed(line.as_bytes()),
        Err(error) => printed(error.as_bytes()),
    }
}

/// Names that stand in the place of a run: agents that need no training.
pub const PLAYERS: [&str; 2] = ["oracle", "random"];

/// The path of a run as an argument that is neither a flag nor an agent that needs no training.
fn argument(path: &Path) -> PathBuf {
    let bare = matches!(path.components().next(), Some(Component::Normal(_)));
    let untrained = || PLAYERS.iter().any(|name| path == Path::new(name));
    if bare && (path.as_os_str().as_bytes().starts_with(b"-") || untrained()) {
        Path::new(".").join(path)
    } else {
        path.to_owned()
    }
}

/// A word as a shell takes it, the bytes of which are quoted where it needs to be.
fn quoted(word: &[u8]) -> Cow<'_, [u8]> {
    // Lists of T and flags with their values are more readable as they are.
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./:+@%,=".contains(byte);
    if !word.is_empty() && word.iter().all(plain) && !word.starts_with(b"=") {
        return Cow::Borrowed(word);
    }
    // What begins a program cannot be written with NUL in it, so no such word comes from one.
    shlex::bytes::Quoter::new().allow_nul(true).quote(word).unwrap_or(Cow::Borrowed(word))
}

/// Writes a line that a shell is told by `printf`.
fn printed(line: &[u8]) -> String {
    let mut format = String::new();
    for &byte in line {
        // Writing to a string cannot fail.
        let _ = match byte {
            b'%' => format.write_str("%%"),
            b'\\' | b'\'' => write!(format, "\\{byte:03o}"),
            b' '..=b'~' => format.write_char(char::from(byte)),
            _ => write!(format, "\\{byte:03o}"),
        };
    }
    format!("eval \"$(printf '{format}')\"")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Gives the words that a shell takes a line for.
    fn taken_apart(shell: &str, line: &str) -> Vec<Vec<u8>> {
        let script = format!("gridworld() {{ printf '%s\\0' \"$@\"; }}; {line}");
        let output = Command::new(shell).args(["-c", &script]).output().expect("a shell");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        let mut words: Vec<Vec<u8>> = output.stdout.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
        assert_eq!(words.pop(), Some(Vec::new()), "{line}");
        words
    }

    #[test]
    fn a_shell_takes_the_words_as_they_were() {
        let words: Vec<&[u8]> = vec![
            b"evaluate",
            b"a b'c",
            b"it's \"$HOME\" `id` $(id) \\ \\\\n %d %%",
            b"*",
            b"~",
            b"~root",
            b"#x",
            b"!!",
            b"^a^b",
            b"{a,b}",
            b"=ls",
            b"a=b",
            b"-x",
            b"",
            b"a;b|c&d<e>f(g)[h]?",
            "süß 数 🙂".as_bytes(),
            b"5..12,19",
        ];
        let hidden: Vec<&[u8]> = vec![
            b"new\nline",
            b"at the end\n\n",
            b"\x1b]0;title\x07\x1b[31m",
            b"tab\there\r",
            "\u{202e}txt.exe\u{9b}2J".as_bytes(),
            b"not UTF-8: \xff\xfe",
            b"'\\012%s\n'",
        ];
        let line = |words: &[&[u8]]| command(words.iter().map(|word| OsStr::from_bytes(word)));
        for shell in ["sh", "bash"] {
            assert_eq!(taken_apart(shell, &line(&words)), words);
            for word in &hidden {
                let all = [&words[..], &[*word, b"end"]].concat();
                let line = line(&all);
                assert!(!line.contains(is_hidden) && !line.contains('\n'), "{line:?}");
                assert_eq!(taken_apart(shell, &line), all, "{line}");
            }
        }
    }

    #[test]
    fn what_needs_no_quotes_has_none() {
        let plain = ["train", "--T", "5..12,19", "--steps=2e6", "--env", "IntervalReproduction-v1", "runs/a-b_c.d"];
        assert_eq!(command(plain), format!("gridworld {}", plain.join(" ")));
        let line = command_on("train --resume", Path::new("runs/a b"), "--on-nan rollback");
        assert_eq!(line, format!("{} train --resume 'runs/a b' --on-nan rollback", program()));
    }

    #[test]
    fn a_run_is_taken_neither_for_a_flag_nor_for_an_agent() {
        let rows = [("-x", "./-x"), ("oracle", "./oracle"), ("runs/-x", "runs/-x"), ("mine", "mine"), ("/-x", "/-x")];
        for (path, expected) in rows {
            assert_eq!(argument(Path::new(path)).as_os_str(), expected);
        }
    }
}
