//! Each crate's README.md: its title and the documentation at the top of its `lib.rs`, which is the one to edit.
//!
//! `GRIDWORLD_BLESS=1 cargo test --release --test structure` writes them anew.

use crate::manifests::package;
use crate::tree::{MEMBERS, root};

/// The documentation at the top of a source file.
fn documentation(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n").collect()
}

/// Lines of a page at most. A section that begins in its second half is only named.
const SCREEN: usize = 64;

/// A crate's documentation as a page of its own: what rustdoc alone understands becomes plain Markdown.
fn readme(title: &str, documentation: &str) -> String {
    let mut page = format!("# {title}\n\n");
    let mut in_code = false;
    let mut sections = Vec::new();
    for line in documentation.lines() {
        if !in_code && line.starts_with("# ") && (page.lines().count() > SCREEN / 2 || !sections.is_empty()) {
            sections.push(&line[2..]);
        }
        if !sections.is_empty() {
            in_code ^= line.starts_with("```");
            continue;
        }
        if let Some(language) = line.strip_prefix("```") {
            // Words of rustdoc's own, or nothing at all, stand for Rust.
            let is_rust = matches!(language, "" | "no_run" | "ignore" | "should_panic" | "compile_fail");
            let opens = if is_rust { "```rust" } else { line };
            page += if in_code { "```" } else { opens };
            in_code = !in_code;
        } else if in_code {
            match line {
                _ if line == "#" || line.starts_with("# ") => continue,
                _ => page += line,
            }
        } else if line.starts_with('#') {
            page += &format!("#{line}");
        } else {
            page += &plain_links(line);
        }
        page.push('\n');
    }
    // A hidden line may have been the last one before an empty one.
    let page = page.replace("\n\n```\n", "\n```\n");
    let rest = if sections.is_empty() { "the rest".to_owned() } else { format!("more: {}", sections.join(", ")) };
    format!("{}\n\nMade from `src/lib.rs`; `cargo doc --open -p {title}` has {rest}.\n", page.trim_end())
}

/// A line in which links to items are their text alone.
fn plain_links(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('[') {
        let (before, link) = rest.split_at(start);
        plain += before;
        let Some(end) = link.find(']') else {
            rest = link;
            break;
        };
        let text = &link[1..end];
        let behind = &link[end + 1..];
        let target = behind.strip_prefix('(').and_then(|target| target.split_once(')'));
        match target {
            Some((target, behind)) if target.contains('/') => {
                plain += &format!("[{text}]({target})");
                rest = behind;
            }
            Some((_, behind)) => {
                plain += text;
                rest = behind;
            }
            None => {
                plain += text;
                rest = behind;
            }
        }
    }
    plain + rest
}

#[test]
fn each_crate_has_the_readme_of_its_documentation() {
    let mut count = 0;
    for member in MEMBERS.into_iter().filter(|member| *member != "src") {
        let source = std::fs::read_to_string(root().join(member).join("src/lib.rs")).expect("a crate");
        let page = readme(&package(member), &documentation(&source));
        assert!((12..=SCREEN).contains(&page.lines().count()), "{member}: {} lines", page.lines().count());
        let path = root().join(member).join("README.md");
        if std::env::var_os("GRIDWORLD_BLESS").is_some() {
            std::fs::write(&path, &page).expect("it can be written");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == page, "{member}/README.md is not what src/lib.rs says: GRIDWORLD_BLESS=1 writes it anew");
        assert!(!page.contains("[`"), "{member}: a link is left in {page}");
        count += 1;
    }
    assert_eq!(count, MEMBERS.len() - 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustdoc_alone_understands_is_made_plain() {
        let source = "//! A [`B`] and [`c`](B::c), [d](https://e.f/).\n//!\n//! # G\n//!\n//! ```no_run\n//! # hidden\n//! #[h]\n\
                      //! i[0];\n//! # Ok(())\n//! ```\n\nuse j;\n//! k\n";
        let expected = "# x\n\nA `B` and `c`, [d](https://e.f/).\n\n## G\n\n```rust\n#[h]\ni[0];\n```\n";
        let page = readme("x", &documentation(source));
        assert!(page.starts_with(expected), "{page}");
    }
}
