//! Help in which every command can be typed as this program was started.

use clap::{Arg, Command};

use super::name::NAME;
use super::shell::program;

/// The command line with help in which every command can be typed here.
#[must_use]
pub fn spell_as_started(command: Command) -> Command {
    if program() == NAME { command } else { spelled_below(command).bin_name(program()) }
}

fn spelled_below(mut command: Command) -> Command {
    if let Some(help) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(spelled_as(&help, program()));
    }
    let argument = |argument: Arg| match argument.get_help().map(ToString::to_string) {
        Some(help) => argument.help(spelled_as(&help, program())),
        None => argument,
    };
    command.mut_args(argument).mut_subcommands(spelled_below)
}

/// Columns of the narrowest terminal on which examples can be copied.
const NARROWEST: usize = 80;

/// A text in which [`NAME`] at the beginning of an example, and behind a backtick where a command follows, is `name`. An
/// example that is then too long goes on in a second line, as a shell has it.
fn spelled_as(text: &str, name: &str) -> String {
    let (named, new) = (format!("{NAME} "), format!("{name} "));
    let line = |line: &str| match line.strip_prefix("  ").and_then(|example| example.strip_prefix(&named)) {
        Some(rest) => broken(&format!("  {new}{rest}")),
        None => line.replace(&format!("`{named}"), &format!("`{new}")),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// An example, in two lines where one is too long for the narrowest terminal, if that has room for them.
fn broken(example: &str) -> String {
    const END: &str = " \\";
    let fits = |text: &str| text.trim_end().chars().count() <= NARROWEST;
    let mut cuts = example.rmatch_indices(' ').map(|(at, _)| (&example[..at], &example[at + 1..]));
    let last = cuts.find(|(first, _)| first.chars().count() + END.len() <= NARROWEST && !first.trim().is_empty());
    match last {
        Some((first, second)) if !fits(example) => format!("{first}{END}\n      {second}"),
        _ => example.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_begin_with_it() {
        let text = "Examples:\n  gridworld runs\n  gridworld plot gridworld x\n\nRuns of gridworld numeracy (`gridworld list`)";
        let expected = "Examples:\n  ./g runs\n  ./g plot gridworld x\n\nRuns of gridworld numeracy (`./g list`)";
        assert_eq!((spelled_as(text, "./g"), spelled_as(text, NAME)), (expected.to_owned(), text.to_owned()));
        // What is too long by that goes on as a shell reads it.
        let long = format!("  gridworld evaluate {} --T 5..30 --json\n", "r".repeat(40));
        let expected = format!("  a/folder/gridworld evaluate {} --T \\\n      5..30 --json\n", "r".repeat(40));
        assert_eq!((spelled_as(&long, "a/folder/gridworld"), spelled_as(&long, NAME)), (expected, long.clone()));
    }
}
