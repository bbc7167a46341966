//! The characters that a terminal can show.

/// The characters that there are to draw with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyphs {
    /// Block elements among others.
    Unicode,
    /// Characters that every terminal and every locale has.
    Ascii,
}

impl Glyphs {
    /// Finds the characters by the locale (`LC_ALL`, `LC_CTYPE`, `LANG`), and the terminal: Linux's console has few of
    /// the blocks.
    #[must_use]
    pub fn detect() -> Glyphs {
        let value = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let set = |name: &str| value(name).filter(|value| !value.is_empty());
        Glyphs::of(["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).as_deref(), set("TERM").as_deref())
    }

    fn of(locale: Option<&str>, term: Option<&str>) -> Glyphs {
        let locale = locale.unwrap_or_default().to_ascii_lowercase();
        let able = locale.contains("utf-8") || locale.contains("utf8");
        if able && term != Some("linux") { Glyphs::Unicode } else { Glyphs::Ascii }
    }

    /// Gives characters of eight heights, from the least to the greatest.
    pub(super) fn heights(self) -> [char; 8] {
        match self {
            Glyphs::Unicode => ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
            Glyphs::Ascii => ['.', ':', '-', '=', '+', '*', '%', '#'],
        }
    }

    /// Gives the character of the part that is still to come.
    pub(super) fn rest(self) -> char {
        match self {
            Glyphs::Unicode => '░',
            Glyphs::Ascii => ' ',
        }
    }

    /// Gives the ends of a bar, before it and behind it.
    pub(super) fn ends(self) -> (&'static str, &'static str) {
        match self {
            Glyphs::Unicode => ("", ""),
            Glyphs::Ascii => ("[", "]"),
        }
    }

    /// Gives the parts of a plain bar, as indicatif takes them: the part that is done, its edge, and the part that is
    /// left.
    #[must_use]
    pub fn bar(self) -> &'static str {
        match self {
            Glyphs::Unicode => "█▉░",
            Glyphs::Ascii => "#>-",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_need_a_locale_and_a_terminal_that_have_them() {
        let rows = [
            (Some("C.UTF-8"), Some("xterm"), Glyphs::Unicode),
            (Some("de_CH.utf8"), None, Glyphs::Unicode),
            (Some("C.UTF-8"), Some("linux"), Glyphs::Ascii),
            (Some("POSIX"), Some("xterm"), Glyphs::Ascii),
            (None, Some("xterm"), Glyphs::Ascii),
        ];
        for (locale, term, glyphs) in rows {
            assert_eq!(Glyphs::of(locale, term), glyphs, "{locale:?} {term:?}");
        }
    }
}
