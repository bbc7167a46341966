//! docs/flags.md: the short help of every command, written by the program.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::root;

/// Top of the page.
const TOP: &str = "# Flags

The output of `-h` of every command, written by a test; not to be edited by hand (with `GRIDWORLD_BLESS=1` in the environment,
`cargo test --release --test cli -- docs::flags` writes it anew). The same commands with `--help` say more about some values.
";

/// The program's output under its installed name, which is found in `folder`.
fn help(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new("gridworld");
    command.args(words).arg("-h").env("PATH", folder).env("COLUMNS", "100").env("NO_COLOR", "1");
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The names below `Commands:` in a help, but for that of the help itself.
fn subcommands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|name| !name.is_empty()));
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The page, as the program would have it.
fn page() -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    symlink(env!("CARGO_BIN_EXE_gridworld"), folder.path().join("gridworld")).expect("a link");
    let mut text = TOP.to_owned();
    let mut add = |title: &str, help: &str| text += &format!("\n## {title}\n\n```text\n{help}\n```\n");
    for name in subcommands(&help(folder.path(), &[])) {
        let of_command = help(folder.path(), &[&name]);
        add(&name, &of_command);
        for task in subcommands(&of_command) {
            add(&format!("{name} {task}"), &help(folder.path(), &[&name, &task]));
        }
    }
    text
}

#[test]
fn the_page_of_flags_is_what_the_program_says() {
    let (path, text) = (root().join("docs/flags.md"), page());
    assert!(text.matches("\n## ").count() >= 20 && text.contains("--agent <AGENT>"), "{text}");
    if std::env::var_os("GRIDWORLD_BLESS").is_some() {
        std::fs::write(&path, &text).expect("docs/flags.md");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "docs/flags.md is not what the program says: GRIDWORLD_BLESS=1 writes it anew");
}
