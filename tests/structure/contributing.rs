//! The table of CONTRIBUTING.md: each path in it is there, and each `<name>` has one that is.

use std::path::Path;

use crate::tree::root;

/// Placeholder of a name.
const NAME: &str = "<name>";

/// The heading of the table.
const HEADING: &str = "| to add | touch | as |";

/// A row of the table.
#[derive(Debug, PartialEq)]
struct Row {
    to_add: String,
    /// Paths with the name of the last column in place of `<name>`.
    paths: Vec<String>,
}

/// The pieces of a text between backticks.
fn code(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn rows(page: &str) -> Vec<Row> {
    let lines = page.lines().skip_while(|line| *line != HEADING).skip(2).take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [to_add, touch, instance] = cells[..] else { panic!("three cells: {line}") };
        let names = code(instance);
        let is_path = |piece: &&str| piece.contains('/') || piece.contains('.');
        let path = |piece: &str| {
            assert!(!piece.contains(NAME) || names.len() == 1, "{to_add}: which one is there?");
            piece.replace(NAME, names.first().unwrap_or(&NAME))
        };
        Row { to_add: to_add.to_owned(), paths: code(touch).into_iter().filter(is_path).map(path).collect() }
    };
    lines.map(row).collect()
}

/// The paths that are not below `folder`: a folder ends in a `/`, a file does not.
fn missing(rows: &[Row], folder: &Path) -> Vec<String> {
    let is_there = |path: &str| {
        let place = folder.join(path);
        if path.ends_with('/') { place.is_dir() } else { place.is_file() }
    };
    let paths = rows.iter().flat_map(|row| row.paths.iter().map(move |path| (row, path)));
    paths.filter(|(_, path)| !is_there(path)).map(|(row, path)| format!("{}: {path}", row.to_add)).collect()
}

#[test]
fn what_is_to_be_touched_is_there() {
    let page = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("CONTRIBUTING.md");
    let rows = rows(&page);
    assert!(rows.len() >= 10, "only {} rows", rows.len());
    for row in &rows {
        assert!(row.paths.len() >= 2, "{row:?}");
    }
    assert_eq!(missing(&rows, root()), [""; 0]);
}

#[test]
fn the_readme_leads_to_both_pages() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md");
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        assert!(readme.contains(&format!("({page})")) && root().join(page).is_file(), "{page}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_path_that_is_not_there_is_named() {
        let page = format!(
            "before\n{HEADING}\n|---|---|---|\n| a test | `tests/<name>/`, `members` in `no/<name>.rs` | `structure` |\n\n| x |"
        );
        let rows = rows(&page);
        let paths = ["tests/structure/", "no/structure.rs"].map(str::to_owned).into();
        assert_eq!(rows, [Row { to_add: "a test".to_owned(), paths }]);
        assert_eq!(missing(&rows, root()), ["a test: no/structure.rs"]);
    }
}
