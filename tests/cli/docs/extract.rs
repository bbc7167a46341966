//! The commands and the scripts in a page of Markdown.

use std::path::{Path, PathBuf};

/// A command as a page has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Path of the page, relative to the repository.
    pub page: PathBuf,
    /// Number of the line in the page, counted from 1.
    pub number: usize,
    /// Place of the command: in a block or within a sentence.
    pub place: Place,
    /// The line of the command, or the lines of a script.
    pub line: String,
}

/// Place of a command in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a block of commands of the page.
    Block,
    /// A block that is a script of its own: of the shell, from `#!` on, or of Python, which begins with its name as a
    /// comment.
    Script,
    /// Between backticks within a sentence.
    Sentence,
}

/// Beginnings of the commands within sentences.
const PROGRAMS: [&str; 3] = ["gridworld ", "make ", "cargo "];

/// Finds all commands of a page.
///
/// # Panics
/// If a block that is not marked as one of commands has a prompt in it.
pub fn commands(page: &Path, text: &str) -> Vec<Written> {
    let mut found = Vec::new();
    let mut add = |number, place, line: &str| {
        found.push(Written { page: page.to_owned(), number, place, line: line.trim().to_owned() });
    };
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else {
            for code in line.split('`').skip(1).step_by(2) {
                if PROGRAMS.iter().any(|program| code.starts_with(program)) {
                    add(number, Place::Sentence, code);
                }
            }
            continue;
        };
        let block: Vec<(usize, &str)> = lines.by_ref().take_while(|(_, line)| line.trim() != "```").collect();
        match language.trim() {
            "console" => {
                let prompts = block.iter().filter_map(|&(number, line)| Some((number, line.strip_prefix("$ ")?)));
                prompts.for_each(|(number, line)| add(number, Place::Block, line));
            }
            "sh" | "bash" | "shell" if block.first().is_some_and(|(_, line)| line.starts_with("#!")) => {
                add(number + 1, Place::Script, &joined(&block));
            }
            "python" if block.first().is_some_and(|(_, line)| python_name(line).is_some()) => {
                add(number + 1, Place::Script, &joined(&block));
            }
            "sh" | "bash" | "shell" => {
                let commands = block.iter().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
                commands.for_each(|&(number, line)| add(number, Place::Block, line));
            }
            _ => {
                let prompt = block.iter().find(|(_, line)| line.starts_with("$ "));
                assert!(prompt.is_none(), "{}: {prompt:?} is in a block that is not marked `console`", page.display());
            }
        }
    }
    found
}

fn joined(block: &[(usize, &str)]) -> String {
    block.iter().map(|&(_, line)| line).collect::<Vec<_>>().join("\n")
}

/// The name of a script of Python whose first line is this: `name.py` of `# name.py`.
pub fn python_name(first_line: &str) -> Option<&str> {
    first_line.strip_prefix("# ").filter(|name| name.ends_with(".py") && !name.contains(' '))
}

#[test]
fn commands_are_found_where_they_stand_and_nowhere_else() {
    let text = "Say `gridworld list` or `a` twice.\n```console\n$ gridworld runs  # all\noutput\n$ make x\n```\n\
                ```sh\n#!/bin/sh\nexec gridworld\n```\n```sh\n# not this\ngridworld doctor\n```\n```\ngridworld train\n```\n\
                ```python\n# a.py\nprint()\n```\n```python\nprint()\n```\n";
    let found = commands(Path::new("page.md"), text);
    let found: Vec<_> = found.iter().map(|w| (w.number, w.place, w.line.as_str())).collect();
    let expected = [
        (1, Place::Sentence, "gridworld list"),
        (3, Place::Block, "gridworld runs  # all"),
        (5, Place::Block, "make x"),
        (8, Place::Script, "#!/bin/sh\nexec gridworld"),
        (13, Place::Block, "gridworld doctor"),
        (19, Place::Script, "# a.py\nprint()"),
    ];
    assert_eq!(found, expected);
}
