//! Sections of a page that different commands write: each replaces its own and leaves the others as they are.

/// The section of arithmetic in docs/results.md, which `gridworld numeracy all` writes and `gridworld suite paper` keeps.
pub const ARITHMETIC: &str = "arithmetic";

/// The line before a section, and that after it.
fn marks(name: &str) -> (String, String) {
    (format!("<!-- section: {name} -->"), format!("<!-- end of section: {name} -->"))
}

/// `page` with the section `name` replaced by `text`, or with it at the end where it had none.
#[must_use]
pub fn replace(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = marks(name);
    let section = format!("{begin}\n\n{}\n\n{end}\n", text.trim());
    let place = page.find(&begin).and_then(|from| Some((from, from + page[from..].find(&end)? + end.len())));
    match place {
        Some((from, to)) => match page[to..].trim_start_matches('\n') {
            "" => format!("{}{section}", &page[..from]),
            rest => format!("{}{section}\n{rest}", &page[..from]),
        },
        None if page.is_empty() => section,
        None => format!("{}\n\n{section}", page.trim_end()),
    }
}

/// `page` with the section `name` of `old` at its end, if it is there.
#[must_use]
pub fn keep(page: &str, old: &str, name: &str) -> String {
    let (begin, end) = marks(name);
    let found = old.find(&begin).and_then(|from| {
        let inside = from + begin.len();
        Some(&old[inside..inside + old[inside..].find(&end)?])
    });
    found.map_or_else(|| page.to_owned(), |text| replace(page, name, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_replaces_its_own_section() {
        let page = replace("# Results\n\nText.\n", "sums", "## Sums\n\n1");
        let section = "<!-- section: sums -->\n\n## Sums\n\n1\n\n<!-- end of section: sums -->\n";
        assert_eq!(page, format!("# Results\n\nText.\n\n{section}"));
        assert_eq!(replace(&page, "sums", "## Sums\n\n2\n"), page.replace("\n1\n", "\n2\n"));
        // The page is written anew, and keeps the section.
        let anew = keep("# Results\n\nOther text.\n", &page, "sums");
        assert_eq!(anew, page.replace("Text.", "Other text."));
        assert_eq!(keep("new", "old", "sums"), "new");
        let two = replace(&page, "products", "3");
        assert_eq!(replace(&two, "sums", "4"), two.replace("## Sums\n\n1", "4"));
    }
}
