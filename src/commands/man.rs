//! `gridworld man`: pages for `man`.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Arg, Args, Command, ValueHint};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};
use gridworld_terminal::output::{self, folder, write_file};
use gridworld_terminal::program::{CliError, message};

use crate::run::version::VERSION;

/// Arguments of `man`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Command to print the page of, for example `train` [default: the program itself]
    command: Vec<String>,
    /// Write all pages to this folder, which is created if it is missing
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "command")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  gridworld man train | man -l -
  gridworld man --out ~/.local/share/man/man1";

/// Prints a page of `command`, the whole program, or writes all.
pub fn run(arguments: &Arguments, mut command: Command) -> Result<(), CliError> {
    command.build();
    let failed = |error: io::Error| CliError::failed(format!("a page cannot be made: {error}"));
    if let Some(folder) = &arguments.out {
        return write(folder, &command);
    }
    let pages = pages(&command);
    let asked = [&["gridworld".to_owned()], &arguments.command[..]].concat().join("-");
    let named = pages.iter().find(|page| title(page) == asked).ok_or_else(|| {
        let names: Vec<String> = pages.iter().skip(1).map(|page| title(page).replacen("gridworld-", "", 1)).collect();
        let (name, names) = (arguments.command.join(" "), names.join(", "));
        CliError::usage(format!("COMMAND {name}: no such command; there are {names}"))
    })?;
    output::print(&page(named, &pages).map_err(failed)?)
}

/// Writes the pages of all commands into a folder.
fn write(folder: &Path, program: &Command) -> Result<(), CliError> {
    let refuse = |error: io::Error| CliError::usage(format!("--out {}: {error}", folder.display()));
    folder::check_name("--out", folder)?;
    std::fs::create_dir_all(folder).map_err(refuse)?;
    let pages = pages(program);
    for command in &pages {
        let text = page(command, &pages).map_err(refuse)?;
        write_file(&folder.join(format!("{}.1", title(command))), text.as_bytes())?;
    }
    output::print(&format!("{} pages in {}: man gridworld\n", pages.len(), message::shown(folder)))
}

/// The program, and every command below it but the parser's own `help`: what there is a page for.
fn pages(program: &Command) -> Vec<&Command> {
    let below = program.get_subcommands().filter(|command| command.get_name() != "help");
    std::iter::once(program).chain(below.flat_map(pages)).collect()
}

/// Gives the name of a page: `gridworld-train`.
fn title(command: &Command) -> String {
    command.get_bin_name().unwrap_or(command.get_name()).replace(' ', "-")
}

/// The page of `command`, one of `pages`, as roff.
fn page(command: &Command, pages: &[&Command]) -> io::Result<String> {
    let source = format!("gridworld {VERSION}");
    // A blank for the date: it has a place, and a page from the same program is the same on any day.
    let man =
        Man::new(command.clone()).title(title(command).to_uppercase()).date(" ").source(source).manual("gridworld");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    begin(command).to_writer(&mut text)?;
    arguments(command, &mut text)?;
    Man::new(without(command, Arg::is_positional)).render_options_section(&mut text)?;
    if command.has_subcommands() {
        commands(command).to_writer(&mut text)?;
    }
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for part in help.split("\n\n") {
        section(part).to_writer(&mut text)?;
    }
    see_also(command, pages).to_writer(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The command with those of its arguments hidden that are `hidden`.
fn without(command: &Command, hidden: fn(&Arg) -> bool) -> Command {
    command.clone().mut_args(|argument| if hidden(&argument) { argument.hide(true) } else { argument })
}

/// Writes the arguments that have no flag, which are needed first, in a section of their own.
fn arguments(command: &Command, text: &mut Vec<u8>) -> io::Result<()> {
    if command.get_positionals().next().is_none() {
        return Ok(());
    }
    let mut section = Vec::new();
    Man::new(without(command, |argument| !argument.is_positional())).render_options_section(&mut section)?;
    text.extend_from_slice(String::from_utf8_lossy(&section).replacen(".SH OPTIONS", ".SH ARGUMENTS", 1).as_bytes());
    Ok(())
}

/// Begins a page with the command's name, which `apropos` finds, and its usage. The options have a section of their
/// own: in the synopsis forty of them would only be in the way.
fn begin(command: &Command) -> Roff {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let mut roff = Roff::new();
    // No word is hyphenated, as most that are long are typed, and lines need not be equally long.
    roff.control("nh", []).control("ad", ["l"]);
    roff.control("SH", ["NAME"]).text([roman(format!("{} - {about}", title(command)))]);
    roff.control("SH", ["SYNOPSIS"]).text([bold(usage.trim_start_matches("Usage: "))]);
    roff
}

/// Writes a line about each command.
fn commands(command: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["COMMANDS"]);
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        roff.control("TP", []).text([bold(format!("{}(1)", title(command)))]).text([roman(about)]);
    }
    roff
}

/// A part of the help's end: `Examples:` and indented lines, which stay as they are, or words that flow. What stands
/// before a colon is a heading.
fn section(part: &str) -> Roff {
    let mut roff = Roff::new();
    let (first, rest) = part.split_once('\n').unwrap_or((part, ""));
    let (heading, begun) = first.split_once(':').filter(|(words, _)| words.len() < 20).unwrap_or(("Notes", first));
    roff.control("SH", [heading.to_uppercase().as_str()]);
    if rest.starts_with(' ') {
        roff.control("nf", []).control("RS", ["4"]);
        for line in rest.lines() {
            roff.text([roman(line.trim_start())]);
        }
        roff.control("RE", []).control("fi", []);
    } else {
        let words: Vec<Inline> = vec![roman(begun.trim_start().to_owned() + "\n" + rest)];
        roff.text(words);
    }
    roff
}

/// Writes the references to the other pages.
fn see_also(command: &Command, pages: &[&Command]) -> Roff {
    let others = pages.iter().filter(|other| title(other) != title(command));
    let list = others.map(|other| format!("{}(1)", title(other))).collect::<Vec<_>>().join(", ");
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]).text([roman(list)]);
    roff
}
