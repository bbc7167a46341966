//! Tables that fit the terminal. Nothing is cut: rows fold, and a column that is left out is named.

use std::io::IsTerminal;

use console::{Style, Term, measure_text_width};
use gridworld_records::visible;

/// Blanks between two columns.
const GAP: usize = 2;

/// Side of a column at which its text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left side, for words.
    Left,
    /// Right side, for numbers.
    Right,
}

/// Need for a column where there is little room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The column is always there.
    Always,
    /// The column goes where there is no room for it even after rows have folded, the greatest number first.
    Room(u8),
    /// The column goes before rows fold, the greatest number first.
    Extra(u8),
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Title above the column.
    pub title: String,
    /// Side at which the column's text stands.
    pub side: Side,
    /// Need for the column where there is little room.
    pub need: Need,
}

/// Text in a column and a row of a table.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Text of the cell.
    pub text: String,
    /// Look of the text, where there are colours.
    pub style: Style,
}

impl<S: Into<String>> From<S> for Cell {
    fn from(text: S) -> Cell {
        Cell { text: visible(&text.into()).into_owned(), style: Style::new() }
    }
}

/// Rows of as many cells as there are columns.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The columns; the first says what a row is about.
    pub columns: Vec<Column>,
    /// Rows of the table, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// Gives the number of columns in a line of standard output; nothing where that is no terminal, so that there is no
/// end.
#[must_use]
pub fn width() -> Option<usize> {
    let known = std::io::stdout().is_terminal().then(|| Term::stdout().size_checked()).flatten();
    known.map(|(_, columns)| usize::from(columns))
}

impl Column {
    /// Makes a column that is always there.
    pub fn new(title: impl Into<String>, side: Side) -> Column {
        Column { title: title.into(), side, need: Need::Always }
    }

    /// Makes a column that goes where there is no room for it, as `need` says.
    #[must_use]
    pub fn needed(title: &str, side: Side, need: Need) -> Column {
        Column { need, ..Column::new(title, side) }
    }
}

impl Table {
    /// Gives the table in lines of at most `width` columns. If its rows are longer without the extra columns too, their
    /// first cell has a line of its own. What has no room is left out, and said to be.
    #[must_use]
    pub fn folded(&self, width: Option<usize>) -> String {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let Some(width) = width else { return self.lines(&all, "", &heading()) };
        let (shown, left_out) = self.layout(width);
        if shown.first() == Some(&0) {
            return self.lines(&shown, "", &heading()) + &note(&left_out, width);
        }
        let below = self.lines(&shown, &" ".repeat(GAP), &heading());
        let title = heading();
        let heads = std::iter::once((self.columns[0].title.as_str(), &title))
            .chain(self.rows.iter().map(|row| (row[0].text.as_str(), &row[0].style)))
            .map(|(head, style)| styled(&wrapped(head, width), style));
        heads.zip(below.lines()).map(|(head, line)| format!("{head}{line}\n")).collect::<String>()
            + &note(&left_out, width)
    }

    /// Explains the columns that [`folded`](Self::folded) shows: each line of `explanations` has titles of columns and
    /// words about them, of which those about a column that is left out are dropped. Words without a title are always there.
    #[must_use]
    pub fn legend(&self, explanations: &[&[(&str, &str)]], width: Option<usize>) -> String {
        let left_out = width.map_or(Vec::new(), |width| self.layout(width).1);
        let lines = explanations.iter().map(|line| {
            let shown = line.iter().filter(|(title, _)| !left_out.contains(title)).map(|(_, words)| *words);
            shown.filter(|words| !words.is_empty()).collect::<Vec<_>>().join("; ")
        });
        lines.filter(|line| !line.is_empty()).map(|line| paragraph(&line, width)).collect()
    }

    /// Gives the columns that fit into `width`, and the titles of the others. The first column is not among them where
    /// its cells have lines of their own.
    fn layout(&self, width: usize) -> (Vec<usize>, Vec<&str>) {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let (shown, left_out) = self.fitting(&all, width, |need| matches!(need, Need::Extra(_)));
        if self.needs(&shown) <= width {
            return (shown, left_out);
        }
        self.fitting(&all[1..], width.saturating_sub(GAP), |need| need != Need::Always)
    }

    /// Returns the table in lines as long as they are, behind `indent`, whose titles look like the rest.
    #[must_use]
    pub fn plain(&self, indent: &str) -> String {
        self.lines(&(0..self.columns.len()).collect::<Vec<_>>(), indent, &Style::new())
    }

    /// Gives the part of `columns` that fits into `width`, and the titles of the others; only columns that `may` go are
    /// left out.
    fn fitting(&self, columns: &[usize], width: usize, may: fn(Need) -> bool) -> (Vec<usize>, Vec<&str>) {
        let (mut shown, mut left_out) = (columns.to_vec(), Vec::new());
        while self.needs(&shown) > width {
            let candidates = shown.iter().copied().filter(|&column| may(self.columns[column].need));
            let Some(last) = candidates.max_by_key(|&column| self.columns[column].need) else { break };
            shown.retain(|&column| column != last);
            left_out.push(self.columns[last].title.as_str());
        }
        (shown, left_out)
    }

    /// Gives the table in lines of at most `width` columns. If its rows are longer, as many columns as have room come
    /// first, and the others below, each time with the first one before them; a cell too long for that has several
    /// lines.
    #[expect(clippy::missing_panics_doc, reason = "a block that has room is there")]
    #[must_use]
    pub fn in_blocks(&self, width: Option<usize>) -> String {
        let Some(width) = width else {
            return self.lines(&(0..self.columns.len()).collect::<Vec<_>>(), "", &heading());
        };
        let mut blocks: Vec<Vec<usize>> = Vec::new();
        for column in 1..self.columns.len() {
            let fits = blocks.last().map(|block| [&block[..], &[column]].concat());
            match fits.filter(|block| self.needs(block) <= width) {
                Some(block) => *blocks.last_mut().expect("there is one") = block,
                None => blocks.push(vec![0, column]),
            }
        }
        let texts = blocks.iter().map(|block| self.narrowed(block, width).lines(block, "", &heading()));
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Gives the width of a line with these columns of the table.
    fn needs(&self, columns: &[usize]) -> usize {
        let widths: usize = columns.iter().map(|&column| self.column_width(column)).sum();
        widths + GAP * columns.len().saturating_sub(1)
    }

    fn column_width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].text.as_str());
        cells.chain([self.columns[column].title.as_str()]).map(measure_text_width).max().unwrap_or(0)
    }

    /// Gives a copy of the table, with cells broken into rows where the two columns of `block` are too long for
    /// `width`.
    fn narrowed(&self, block: &[usize], width: usize) -> Table {
        if self.needs(block) <= width {
            return self.clone();
        }
        let first = self.column_width(0).min((width.saturating_sub(GAP) / 2).max(1));
        let other = width.saturating_sub(first + GAP).max(1);
        let room = |column: usize| if column == 0 { first } else { other };
        let mut table = Table { columns: self.columns.clone(), rows: Vec::new() };
        for row in &self.rows {
            let parts: Vec<Vec<String>> =
                row.iter().enumerate().map(|(column, cell)| wrapped(&cell.text, room(column))).collect();
            let height = block.iter().map(|&column| parts[column].len()).max().unwrap_or(1);
            table.rows.extend((0..height).map(|line| {
                let part = |(parts, cell): (&Vec<String>, &Cell)| Cell {
                    text: parts.get(line).cloned().unwrap_or_default(),
                    style: cell.style.clone(),
                };
                parts.iter().zip(row).map(part).collect()
            }));
        }
        table
    }

    /// Writes the titles, which look like `title`, and a line for each row.
    fn lines(&self, shown: &[usize], indent: &str, title: &Style) -> String {
        let head = |column: &Column| Cell { text: column.title.clone(), style: title.clone() };
        let titles = self.columns.iter().map(head).collect();
        let widths: Vec<usize> = shown.iter().map(|&column| self.column_width(column)).collect();
        let line = |row: &Vec<Cell>| {
            let mut line = indent.to_owned();
            // Blanks are written only before the next text, so that no line ends in them.
            let mut blanks = 0;
            for (&column, &width) in shown.iter().zip(&widths) {
                let Cell { text, style } = &row[column];
                let empty = width.saturating_sub(measure_text_width(text));
                let (before, after) = if self.columns[column].side == Side::Left { (0, empty) } else { (empty, 0) };
                blanks += before;
                if text.is_empty() {
                    blanks += after + GAP;
                    continue;
                }
                line += &format!("{}{}", " ".repeat(blanks), style.apply_to(text));
                blanks = after + GAP;
            }
            line + "\n"
        };
        std::iter::once(&titles).chain(&self.rows).map(line).collect()
    }
}

/// Gives the style of the titles of columns.
fn heading() -> Style {
    Style::new().bold()
}

/// Joins lines into one text, each in `style` and with its end.
fn styled(lines: &[String], style: &Style) -> String {
    lines.iter().map(|line| format!("{}\n", style.apply_to(line))).collect()
}

/// Names the columns that are left out, if there are any.
fn note(left_out: &[&str], width: usize) -> String {
    match left_out {
        [] => String::new(),
        titles => paragraph(&format!("not shown (terminal too narrow): {}", titles.join(", ")), Some(width)),
    }
}

/// Returns a text as a paragraph for a terminal of `width` columns, each of its lines with its end.
#[must_use]
pub fn paragraph(text: &str, width: Option<usize>) -> String {
    styled(&wrapped(text, width.unwrap_or(usize::MAX)), &Style::new())
}

/// Returns `text`, in which nothing commands a terminal, in lines of at most `width` columns, broken behind a blank, a
/// comma, a slash or an underscore where there is one.
#[expect(clippy::missing_panics_doc, reason = "there is a line from the start")]
#[must_use]
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in visible(text).split_inclusive([' ', ',', '/', '_']) {
        let line = lines.last_mut().expect("there is one");
        let (used, more) = (measure_text_width(line), measure_text_width(piece.trim_end()));
        if used + more <= width {
            line.push_str(piece);
            continue;
        }
        if used > 0 {
            lines.push(String::new());
        }
        for letter in piece.chars() {
            let line = lines.last_mut().expect("there is one");
            if measure_text_width(line) + measure_text_width(letter.encode_utf8(&mut [0; 4])) > width
                && !line.is_empty()
            {
                lines.push(String::new());
            }
            lines.last_mut().expect("there is one").push(letter);
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        // Whether there is a terminal where the test runs is no part of it.
        console::set_colors_enabled(false);
        let columns = vec![
            Column::new("run", Side::Left),
            Column::needed("agent", Side::Left, Need::Room(1)),
            Column::needed("steps", Side::Right, Need::Extra(1)),
            Column::new("status", Side::Left),
        ];
        let row = |cells: [&str; 4]| cells.map(Cell::from).to_vec();
        let rows = vec![
            row(["TimedArrival-v1__lstm__seed1__20261123-120000", "lstm", "12,000,000", "finished"]),
            row(["mine", "lstm-nau", "20,480", ""]),
        ];
        Table { columns, rows }
    }

    #[test]
    fn a_row_is_a_line_where_there_is_room() {
        let expected = "\
run                                            agent          steps  status
TimedArrival-v1__lstm__seed1__20261123-120000  lstm      12,000,000  finished
mine                                           lstm-nau      20,480
";
        assert_eq!(table().folded(None), expected);
        assert_eq!(table().folded(Some(77)), expected);
    }

    #[test]
    fn a_long_row_folds_and_what_is_left_out_is_named() {
        let without_steps = "\
run                                            agent     status
TimedArrival-v1__lstm__seed1__20261123-120000  lstm      finished
mine                                           lstm-nau
not shown (terminal too narrow): steps
";
        assert_eq!(table().folded(Some(76)), without_steps);
        let folded = "\
run
  agent          steps  status
TimedArrival-v1__lstm__seed1__20261123-120000
  lstm      12,000,000  finished
mine
  lstm-nau      20,480
";
        assert_eq!(table().folded(Some(64)), folded);
        let narrow = "\
run
  agent     status
TimedArrival-v1__
lstm__seed1__
20261123-120000
  lstm      finished
mine
  lstm-nau
not shown (terminal
too narrow): steps
";
        assert_eq!(table().folded(Some(20)), narrow);
    }

    #[test]
    fn a_legend_is_about_the_columns_that_are_shown() {
        let explanations: &[&[(&str, &str)]] = &[
            &[("steps", "steps: taken"), ("status", "status: now")],
            &[("steps", "in all")],
            &[("", "–: none")],
            &[("", "")],
        ];
        assert_eq!(table().legend(explanations, Some(77)), "steps: taken; status: now\nin all\n–: none\n");
        assert_eq!(table().legend(explanations, None), table().legend(explanations, Some(77)));
        assert_eq!(table().legend(explanations, Some(76)), "status: now\n–: none\n");
        assert_eq!(table().legend(explanations, Some(20)), "status: now\n–: none\n");
    }

    #[test]
    fn blocks_repeat_the_first_column() {
        console::set_colors_enabled(false);
        let table = Table {
            columns: ["T", "A", "B"].map(|title| Column::new(title, Side::Right)).to_vec(),
            rows: [["5", "100.0 (99.6–100.0)", "9.1 (8.0–10.0)"], ["12", "0.0 (0.0–0.4)", "–"]]
                .map(|row| row.map(Cell::from).to_vec())
                .to_vec(),
        };
        let whole = concat!(
            " T                   A               B\n",
            " 5  100.0 (99.6–100.0)  9.1 (8.0–10.0)\n",
            "12       0.0 (0.0–0.4)               –\n",
        );
        assert_eq!((table.in_blocks(None), table.in_blocks(Some(38))), (whole.into(), whole.into()));
        let blocks = concat!(
            " T                   A\n",
            " 5  100.0 (99.6–100.0)\n",
            "12       0.0 (0.0–0.4)\n",
            "\n",
            " T               B\n",
            " 5  9.1 (8.0–10.0)\n",
            "12               –\n",
        );
        assert_eq!(table.in_blocks(Some(37)), blocks);
        let narrow = table.in_blocks(Some(12));
        assert!(narrow.starts_with(" T         A\n 5     100.0\n    (99.6–10\n        0.0)\n"), "{narrow}");
    }

    #[test]
    fn text_breaks_where_words_do() {
        assert_eq!(wrapped("not shown, to fit: age", 10), ["not shown,", "to fit:", "age"]);
        assert_eq!(wrapped("a_name_that_is_long", 8), ["a_name_", "that_is_", "long"]);
        assert_eq!(wrapped("0123456789", 4), ["0123", "4567", "89"]);
        assert_eq!(
            (wrapped("", 4), wrapped("äöü", 2), wrapped("x", 0)),
            (vec!["".into()], vec!["äö".into(), "ü".into()], vec!["x".into()])
        );
    }
}
