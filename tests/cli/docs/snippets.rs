//! The Rust of the pages: each block is part of a file that the page links to, and that is compiled and run by the tests.

use std::path::{Path, PathBuf};

use super::{pages, root};

/// Line of a block that stands for lines left out.
const LEFT_OUT: &str = "// …";

/// A block of Rust in a page.
struct Block {
    /// Number of its first line in the page, counted from 1.
    number: usize,
    lines: Vec<String>,
}

/// The blocks of a page that are marked as Rust.
fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else { continue };
        let block = lines.by_ref().map(|(_, line)| line).take_while(|line| line.trim() != "```");
        let block: Vec<String> = block.map(|line| line.trim().to_owned()).collect();
        if language.trim() == "rust" {
            found.push(Block { number: number + 1, lines: block });
        }
    }
    found
}

/// The files of Rust that a page links to.
fn sources(page: &Path, text: &str) -> Vec<PathBuf> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let folder = root().join(page).parent().expect("a folder").to_owned();
    targets.filter(|target| target.ends_with(".rs")).map(|target| folder.join(target)).collect()
}

/// True if the block's pieces, which are apart where lines are left out, stand in the source in their order, line by line.
fn is_part(block: &[String], source: &str) -> bool {
    let source: Vec<&str> = source.lines().map(str::trim).collect();
    let mut from = 0;
    for piece in block.split(|line| line == LEFT_OUT).filter(|piece| !piece.is_empty()) {
        let Some(at) = source[from..].windows(piece.len()).position(|lines| lines == piece) else { return false };
        from += at + piece.len();
    }
    true
}

#[test]
fn rust_of_the_pages_is_part_of_files_that_they_link_to() {
    let mut found = 0;
    for page in pages() {
        let text = std::fs::read_to_string(root().join(&page)).expect("a page");
        let sources: Vec<String> =
            sources(&page, &text).iter().map(|path| std::fs::read_to_string(path).expect("a file of Rust")).collect();
        for block in blocks(&text) {
            assert!(block.lines.len() > 1 || block.lines[0].ends_with(';'), "{}:{}", page.display(), block.number);
            assert!(
                sources.iter().any(|source| is_part(&block.lines, source)),
                "{}:{}: this is in no file of Rust that the page links to",
                page.display(),
                block.number
            );
            found += 1;
        }
    }
    assert!(found >= 10, "only {found} blocks");
}

#[test]
fn a_block_that_differs_in_a_line_is_no_part() {
    let text =
        "```rust\nlet a = 1;\n// …\nlet c = 3;\n```\n```rust\nlet c = 3;\n// …\nlet a = 1;\n```\n```\nlet d\n```\n";
    let found = blocks(text);
    assert_eq!(found.iter().map(|block| block.number).collect::<Vec<_>>(), [2, 7]);
    let source = "fn main() {\n    let a = 1;\n    let b = 2;\n    let c = 3;\n}\n";
    assert!(is_part(&found[0].lines, source) && !is_part(&found[1].lines, source));
    assert!(!is_part(&["let b = 3;".to_owned()], source));
}
