//! Standard output, and lines on standard error.
//!
//! Names and documents of others are in what is written here. None of their characters commands a terminal: on standard
//! error nothing does but the colour of the word before a message, on standard output nothing but colours, and names are
//! shown in one line by [`shown`](crate::program::message::shown).

mod file;
pub mod folder;
mod format;
pub mod json_path;
pub mod numbers;
mod place;
pub mod section;

use std::borrow::Cow;
use std::io::{ErrorKind, Write};

pub use file::{OutputFile, json_text, write_file};
pub use format::Format;
use gridworld_records::{is_hidden, push_visible};

use crate::program::CliError;

/// Prints a text of lines with colours, and nothing else that commands a terminal. A reader that has seen enough and
/// closed the pipe is no failure.
///
/// # Errors
/// If standard output cannot be written to, as where the disk is full; that its reader is gone is no error.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(harmless(text, console::colors_enabled()).as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(CliError::failed(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a JSON document.
///
/// # Errors
/// If the document has no form in JSON, or as those of [`print()`].
pub fn print_json(document: &impl serde::Serialize) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(document).map_err(CliError::failed)?;
    print(&(json_escaped(&text) + "\n"))
}

/// A text in which only lines, tabs and, if there are to be any, colours are not written out.
fn harmless(text: &str, colours: bool) -> Cow<'_, str> {
    let is_layout = |character: char| character == '\n' || character == '\t';
    if !text.contains(|character: char| is_hidden(character) && !is_layout(character)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let kept = if is_layout(character) { 1 } else { colour(rest).filter(|_| colours).unwrap_or(0) };
        out.push_str(&rest[..kept]);
        if kept == 0 {
            push_visible(&mut out, character);
        }
        rest = &rest[kept.max(character.len_utf8())..];
    }
    Cow::Owned(out)
}

/// The length of a colour's sequence, `ESC [ 1 ; 31 m`, at the beginning of a text, if there is one.
fn colour(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let end = codes.find(|character: char| !character.is_ascii_digit() && character != ';')?;
    codes[end..].starts_with('m').then_some("\u{1b}[".len() + end + "m".len())
}

/// A JSON document that says the same without hidden characters: JSON itself allows most of them in strings.
fn json_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) && character != '\n' {
            // All of them are in the first plane.
            escaped += &format!("\\u{:04x}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_lines_are_all_that_reaches_a_terminal() {
        let ours = "\u{1b}[1mname\u{1b}[0m\tseed\n\u{1b}[38;5;12mblue\u{1b}[m\n";
        assert_eq!(harmless(ours, true), ours);
        assert_eq!(harmless(ours, false), ours.replace('\u{1b}', r"\u{1b}"));
        let theirs = "\u{1b}]0;x\u{7}\u{1b}[2J\u{1b}[31\u{1b}[\u{9b}\u{202e}\r";
        assert_eq!(harmless(theirs, true), r"\u{1b}]0;x\u{7}\u{1b}[2J\u{1b}[31\u{1b}[\u{9b}\u{202e}\r");
    }

    #[test]
    fn a_json_document_says_the_same() {
        let value = serde_json::json!({"a\u{202e}\u{7f}\u{9b}": "ü\n\u{1b}🙂\u{feff}"});
        let text = json_escaped(&serde_json::to_string_pretty(&value).expect("a document"));
        assert!(!text.contains(|character| is_hidden(character) && character != '\n'), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), value);
    }
}
