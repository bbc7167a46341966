//! The pages of Markdown: their links lead somewhere, as plain files and in the book, and the book has all of docs/.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::tree::root;

/// A link in a page.
#[derive(Debug, PartialEq)]
struct Link {
    /// Number of the line, counted from 1.
    line: usize,
    /// Path relative to the page; empty for a heading of the page itself.
    path: String,
    /// Heading, as it stands behind `#`.
    anchor: Option<String>,
}

/// The lines of a page that are not within a block of code, with their numbers.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut within = false;
    let outside = |(_, line): &(usize, &str)| {
        let is_fence = line.trim_start().starts_with("```");
        within ^= is_fence;
        !within && !is_fence
    };
    (1..).zip(text.lines()).filter(outside).collect()
}

/// A line without its code between backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// The links of a page into the repository: those to other machines are left out.
fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    for (line, words) in prose(text) {
        let words = without_code(words);
        let targets = words.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
        for target in targets.filter(|target| !target.contains("://")) {
            let (path, anchor) = match target.split_once('#') {
                Some((path, anchor)) => (path, Some(anchor.to_owned())),
                None => (target, None),
            };
            found.push(Link { line, path: path.to_owned(), anchor });
        }
    }
    found
}

/// The anchors of a page's headings, as forges and mdBook make them of plain words.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).into_iter().filter(|(_, line)| line.starts_with('#'));
    let anchor = |line: &str| -> String {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
        kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
    };
    headings.map(|(_, line)| anchor(line)).collect()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, component| {
        match component {
            Component::CurDir => {}
            Component::ParentDir => assert!(plain.pop(), "{} leads out of the repository", path.display()),
            other => plain.push(other),
        }
        plain
    })
}

/// Finds the dead links of a page, whose path is relative to `folder`, and says why each is dead.
fn dead(folder: &Path, page: &Path, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut blame =
        |link: &Link, why: &str| wrong.push(format!("{}:{}: {} {why}", page.display(), link.line, link.path));
    for link in links(text) {
        let target = match link.path.as_str() {
            "" => page.to_owned(),
            path => plain(&page.parent().unwrap_or(Path::new("")).join(path)),
        };
        let is_page = target.extension().is_some_and(|end| end == "md");
        if !folder.join(&target).exists() {
            blame(&link, "is not there");
        } else if page.starts_with("docs") && is_page && (!target.starts_with("docs") || target.ends_with("SUMMARY.md"))
        {
            // mdBook makes a link to a page of the book of it, and there is none.
            blame(&link, "is no page of the book: name it without a link");
        } else if let Some(anchor) = &link.anchor {
            let text = fs::read_to_string(folder.join(&target)).unwrap_or_default();
            if !is_page || !anchors(&text).contains(anchor) {
                blame(&link, &format!("has no heading #{anchor}"));
            }
        }
    }
    wrong
}

/// The pages below a folder, relative to the repository.
fn pages_below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).expect("a folder") {
        let name = Path::new(folder).join(entry.expect("an entry").file_name());
        if root().join(&name).is_dir() {
            found.extend(pages_below(name.to_str().expect("UTF-8")));
        } else if name.extension().is_some_and(|end| end == "md") {
            found.push(name);
        }
    }
    found
}

/// All pages of the repository.
fn pages() -> Vec<PathBuf> {
    let mut pages = pages_below("docs");
    let crates = fs::read_dir(root()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    pages.extend(crates.map(|name| Path::new(&name).join("README.md")).filter(|page| root().join(page).is_file()));
    let at_the_root = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "benches/peers/README.md"];
    pages.extend(at_the_root.map(PathBuf::from));
    let own: BTreeSet<PathBuf> = pages.into_iter().collect();
    own.into_iter().filter(|page| !page.starts_with("libtorch") && !page.starts_with("target")).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut looked_at = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(root().join(&page)).expect("a page");
        looked_at += links(&text).len();
        wrong.extend(dead(root(), &page, &text));
    }
    assert!(looked_at >= 150, "only {looked_at} links");
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_book_has_each_page_of_docs_once() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).expect("docs/SUMMARY.md");
    let mut listed: Vec<PathBuf> = links(&summary).iter().map(|link| Path::new("docs").join(&link.path)).collect();
    listed.sort();
    let mut there = pages_below("docs");
    there.retain(|page| page != Path::new("docs/SUMMARY.md"));
    there.sort();
    assert_eq!(listed, there);
}

#[test]
fn the_readme_fits_two_screens() {
    let lines = fs::read_to_string(root().join("README.md")).expect("README.md").lines().count();
    assert!((80..=125).contains(&lines), "README.md has {lines} lines: what it has no room for belongs into docs/");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_headings_are_read() {
        let text = "# A page: `x`, of *it*\n[![p](a.png)](b.svg) `[no](no)`\n```\n[no](no)\n# no\n```\n## At 1–2 %\n[a](c.md#at-1) \
                    [b](https://d.e)";
        let link = |line, path: &str, anchor: Option<&str>| Link {
            line,
            path: path.to_owned(),
            anchor: anchor.map(str::to_owned),
        };
        assert_eq!(links(text), [link(2, "a.png", None), link(2, "b.svg", None), link(8, "c.md", Some("at-1"))]);
        let expected = ["a-page-x-of-it", "at-12-"].map(str::to_owned);
        assert_eq!(anchors(text), expected.into());
    }

    #[test]
    fn planted_dead_links_are_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("docs")).expect("a folder");
        fs::write(folder.path().join("TOP.md"), "# Top\n").expect("a page");
        fs::write(folder.path().join("docs/a.md"), "# A\n").expect("a page");
        let text = "[good](a.md#a) [good](#b)\n# B\n[gone](c.md) [out](../TOP.md)\n[no heading](a.md#b)\n";
        fs::write(folder.path().join("docs/b.md"), text).expect("a page");
        let wrong = dead(folder.path(), Path::new("docs/b.md"), text);
        let expected = [
            "docs/b.md:3: c.md is not there",
            "docs/b.md:3: ../TOP.md is no page of the book: name it without a link",
            "docs/b.md:4: a.md has no heading #b",
        ];
        assert_eq!(wrong, expected);
        assert_eq!(dead(folder.path(), Path::new("README.md"), "[good](TOP.md#top)"), [""; 0]);
    }
}
