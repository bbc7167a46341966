//! Tables of this command.

use gridworld_terminal::columns::{Cell, Column, Side, Table};

/// Columns as wide as they must be; a title that begins with `<` stands on the left.
pub(super) fn table(titles: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let column = |title: &&str| match title.strip_prefix('<') {
        Some(title) => Column::new(title, Side::Left),
        None => Column::new(*title, Side::Right),
    };
    let rows = rows.map(|row| row.into_iter().map(Cell::from).collect()).collect();
    Table { columns: titles.iter().map(column).collect(), rows }.plain("  ")
}
