//! The figures' typeface, carried by the program: a figure is the same on every machine.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::Database;
use ttf_parser::Face;

/// Typefaces that a figure's text asks for, in order of preference. Readers without DejaVu have Verdana or something as
/// wide.
pub const FAMILY: &str = "DejaVu Sans, Verdana, Geneva, sans-serif";

/// Weight of the letters of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Weight of most text.
    Regular,
    /// Weight of titles, and of names that stand out.
    Bold,
}

impl Weight {
    /// Gives the file of the typeface in this weight.
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

/// Gives the width of a line of text in pixels, at `size` pixels to the em: the sum of its letters' advances.
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let face = weight.face();
    let advance = |letter| face.glyph_index(letter).and_then(|glyph| face.glyph_hor_advance(glyph)).unwrap_or(0);
    let units: u32 = text.chars().map(|letter| u32::from(advance(letter))).sum();
    f64::from(units) * size / f64::from(face.units_per_em())
}

/// Gives the text, or as much of its beginning as fits into `widest` pixels, with a sign that there is more.
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

/// Shortens those names that are wider than `widest` pixels, so that they still differ: the letters that set a name
/// apart from each other one stay, then the words around them, its beginning, and as much of the rest as there is room
/// for.
pub fn told_apart(names: &[&str], size: f64, weight: Weight, widest: f64) -> Vec<String> {
    let letters: Vec<Vec<char>> = names.iter().map(|name| name.chars().collect()).collect();
    let fits = |text: &str| width(text, size, weight) <= widest;
    let short = |index: usize| {
        if fits(names[index]) {
            return names[index].to_owned();
        }
        let own = &letters[index];
        let others = letters.iter().filter(|other| *other != own);
        let apart = others.map(|other| {
            let same = own.iter().zip(other).take_while(|(one, another)| one == another).count();
            same.min(own.len() - 1)
        });
        let mut order: Vec<usize> = apart.collect();
        let marks = order.clone();
        let word = |from: usize| {
            let inside = |at: &usize| own[*at].is_alphanumeric();
            (from..own.len()).take_while(inside).chain((0..from).rev().take_while(inside)).collect::<Vec<_>>()
        };
        order.extend(marks.iter().flat_map(|&mark| word(mark)));
        order.extend(marks.iter().flat_map(|&mark| (mark.saturating_sub(BEFORE)..mark).rev()));
        order.extend(0..own.len());
        let mut kept = vec![false; own.len()];
        for place in order {
            kept[place] = true;
            kept[place] = fits(&with_gaps(own, &kept));
        }
        with_gaps(own, &kept)
    };
    let mut shortened: Vec<String> = (0..names.len()).map(short).collect();
    for index in 0..names.len() {
        let alike = |other: usize| shortened[other] == shortened[index] && names[other] != names[index];
        if (0..index).any(alike) {
            shortened[index] = fitted(&format!("{}: {}", index + 1, names[index]), size, weight, widest);
        }
    }
    shortened
}

/// Number of letters before a distinguishing one that are kept rather than a name's beginning: a value has its own name
/// before it.
const BEFORE: usize = 9;

/// Writes the letters that are kept, with a sign wherever others are left out.
fn with_gaps(letters: &[char], kept: &[bool]) -> String {
    let mut text = String::new();
    for (letter, kept) in letters.iter().zip(kept) {
        match kept {
            true => text.push(*letter),
            false if !text.ends_with('…') => text.push('…'),
            false => {}
        }
    }
    text
}

/// Breaks a text between words into lines of at most `widest` pixels; a word that is wider has a line of its own.
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

/// Gives a database that holds this typeface and no other, for drawing a figure in pixels.
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
    fn what_is_too_wide_keeps_what_sets_it_apart() {
        let long = "a-very-long-name-that-many-runs-share";
        let names =
            [format!("{long}-units-4"), format!("{long}-units-16"), format!("{long}-gain-1"), "lstm".to_owned()];
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let room = |text: &str| width(text, 12.0, Weight::Bold);
        let shown = told_apart(&names, 12.0, Weight::Bold, room("a-very-long…units-16"));
        let ends = ["-units-4", "-units-16", "-gain-1"];
        for (text, end) in shown.iter().zip(ends) {
            assert!(text.starts_with("a-") && text.contains('…') && text.ends_with(end), "{shown:?}");
        }
        assert_eq!(shown[3], "lstm");
        for widest in [room("…u…4…"), room("a…units"), room("a-very-long-name"), room(names[0])] {
            let shown = told_apart(&names, 12.0, Weight::Bold, widest);
            for (index, text) in shown.iter().enumerate() {
                assert!(room(text) <= widest || text == "…", "{text}");
                assert!(!shown[..index].contains(text), "{shown:?}");
            }
        }
        // One is the beginning of another, and both are in one line of names.
        let shown =
            told_apart(&["lstm-with-a-long-name", "lstm-with-a-long-name-2"], 12.0, Weight::Bold, room("lstm…name"));
        assert_ne!(shown[0], shown[1]);
        assert_eq!(told_apart(&["lstm", "lstm"], 12.0, Weight::Bold, 1e3), ["lstm", "lstm"]);
    }

    #[test]
    fn width_grows_with_size_and_weight() {
        let regular = width("T − t", 10.0, Weight::Regular);
        assert!((width("T − t", 20.0, Weight::Regular) - 2.0 * regular).abs() < 1e-9);
        assert!(regular > 20.0 && width("T − t", 10.0, Weight::Bold) > regular);
    }
}
