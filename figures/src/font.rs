//! The figures' typeface, carried by the program: a figure is the same on every machine.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::Database;
use ttf_parser::Face;

/// What a figure's text asks for. Readers without DejaVu have Verdana or something as wide.
pub const FAMILY: &str = "DejaVu Sans, Verdana, Geneva, sans-serif";

/// How heavy the letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Of most text.
    Regular,
    /// Of titles.
    Bold,
}

impl Weight {
    /// The file of the typeface.
    fn bytes(self) -> &'static [u8] {
        match self {
            Weight::Regular => dejavu::sans::regular(),
            Weight::Bold => dejavu::sans::bold(),
        }
    }

    fn face(self) -> &'static Face<'static> {
        static REGULAR: LazyLock<Face<'static>> = LazyLock::new(|| parsed(Weight::Regular));
        static BOLD: LazyLock<Face<'static>> = LazyLock::new(|| parsed(Weight::Bold));
        match self {
            Weight::Regular => &REGULAR,
            Weight::Bold => &BOLD,
        }
    }
}

fn parsed(weight: Weight) -> Face<'static> {
    Face::parse(weight.bytes(), 0).expect("the typeface is part of the program")
}

/// How wide a line of text is, in pixels, at `size` pixels to the em; the sum of its letters' advances.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let face = weight.face();
    let advance = |letter| face.glyph_index(letter).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(0);
    let units: u32 = text.chars().map(|letter| u32::from(advance(letter))).sum();
    f64::from(units) * size / f64::from(face.units_per_em())
}

/// The text, or as much of its beginning as is so wide, and a sign that there is more.
pub fn fitted(text: &str, size: f64, weight: Weight, widest: f64) -> String {
    if width(text, size, weight) <= widest {
        return text.to_owned();
    }
    let mut kept: Vec<char> = text.chars().collect();
    loop {
        let shortened: String = kept.iter().chain(&['…']).collect();
        if kept.pop().is_none() || width(&shortened, size, weight) <= widest {
            return shortened;
        }
    }
}

/// Breaks a text between words into lines at most so wide; a word that is wider has a line of its own.
pub fn wrapped(text: &str, size: f64, widest: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size, Weight::Regular) <= widest => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The typeface for whoever draws a figure in pixels; there is no other in it.
pub fn database() -> Arc<Database> {
    static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut database = Database::new();
        for weight in [Weight::Regular, Weight::Bold] {
            database.load_font_data(weight.bytes().to_vec());
        }
        Arc::new(database)
    });
    Arc::clone(&DATABASE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        let text = "one two three four";
        let widest = width("one two three", 12.0, Weight::Regular);
        assert_eq!(wrapped(text, 12.0, widest), ["one two three", "four"]);
        assert_eq!(wrapped(text, 12.0, 0.0), ["one", "two", "three", "four"]);
        assert_eq!(wrapped(" ", 12.0, 100.0), Vec::<String>::new());
    }

    #[test]
    fn what_is_too_wide_is_cut() {
        let widest = width("lstm-n…", 12.0, Weight::Bold);
        assert_eq!(fitted("lstm-nac", 12.0, Weight::Bold, widest), "lstm-n…");
        assert_eq!(fitted("lstm", 12.0, Weight::Bold, widest), "lstm");
        assert_eq!(fitted("lstm", 12.0, Weight::Bold, 0.0), "…");
    }

    #[test]
    fn width_grows_with_size_and_weight() {
        let regular = width("T − t", 10.0, Weight::Regular);
        assert!((width("T − t", 20.0, Weight::Regular) - 2.0 * regular).abs() < 1e-9);
        assert!(regular > 20.0 && width("T − t", 10.0, Weight::Bold) > regular);
    }
}
