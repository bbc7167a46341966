//! Texts of others on a terminal: names and documents can hold characters that command it.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns a text in one line in which characters that command a terminal or turn the direction of writing are written
/// out, as `\n` and `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    text.chars().for_each(|character| push_visible(&mut shown, character));
    Cow::Owned(shown)
}

/// Appends a character, written out if it is a hidden one.
pub fn push_visible(text: &mut String, character: char) {
    // Writing to a string cannot fail.
    let _ =
        if is_hidden(character) { write!(text, "{}", character.escape_default()) } else { text.write_char(character) };
}

/// Tells if a character is not seen itself but changes what is seen of others: control characters, separators of
/// lines, byte order marks, and what embeds, isolates or overrides a direction of writing (Unicode's UAX #9).
#[must_use]
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_left_and_letters_of_all_scripts_are() {
        let plain = "runs/süß 数 مرحبا 🙂 a\\b";
        assert!(matches!(visible(plain), Cow::Borrowed(text) if text == plain));
        let shown = visible("a\n\t\u{1b}[31m\u{7f}\u{9b}2J\u{202e}txt\u{2069}\u{2028}\0");
        assert_eq!(shown, r"a\n\t\u{1b}[31m\u{7f}\u{9b}2J\u{202e}txt\u{2069}\u{2028}\u{0}");
        let hidden = (0..=0x10_ffff).filter_map(char::from_u32).filter(|&character| is_hidden(character));
        let hidden: String = hidden.collect();
        assert!(hidden.chars().count() > 65 && !visible(&hidden).contains(is_hidden));
    }
}
