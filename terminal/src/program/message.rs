//! Lines on standard error, and names of others in them: none of their characters commands a terminal.

use std::io::Write;
use std::path::Path;

use gridworld_records::visible;

/// Writes a line on standard error; a line break before it is kept, as behind `^C`.
pub fn tell(line: &str) {
    let words = line.trim_start_matches('\n');
    write_line(&(line[..line.len() - words.len()].to_owned() + &visible(words)));
}

/// Suggests on standard error the command that is useful after one that has ended well.
pub fn suggest(command: &str) {
    tell(&format!("next: {command}"));
}

/// Writes a message on standard error behind a word, such as `error`, that has a colour.
pub(crate) fn tell_as(word: &console::StyledObject<&str>, message: &str) {
    write_line(&format!("{word}: {}", visible(message)));
}

/// Writes a line to standard error, if anybody can read it: unlike `eprintln!`, this does not end a training where
/// standard error is full or gone.
fn write_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Shows a name or a path of others in one line.
pub fn shown(name: impl AsRef<Path>) -> String {
    visible(&name.as_ref().to_string_lossy()).into_owned()
}
