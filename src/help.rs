//! Tests of the help: every command and every flag has it, and what it gives as examples can be typed.

use clap::{Command, CommandFactory};

use crate::Cli;

/// Every command below the program, with the words that lead to it.
fn commands(command: &Command, words: &str, found: &mut Vec<(String, Command)>) {
    let words = format!("{words} {}", command.get_name()).trim_start().to_owned();
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        commands(below, &words, found);
    }
    found.push((words, command.clone()));
}

fn all() -> Vec<(String, Command)> {
    let mut program = Cli::command();
    program.build();
    let mut found = Vec::new();
    commands(&program, "", &mut found);
    assert!(found.len() > 12, "only {} commands", found.len());
    found
}

/// The lines below `Examples:`, as they are typed.
fn examples(command: &Command) -> Vec<String> {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let below = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    below.take_while(|line| line.starts_with("  ")).map(|line| line.trim().to_owned()).collect()
}

/// The program's own words in a line of a shell: before the first pipe, redirection or `;`, and without quotes.
fn words(line: &str) -> Vec<String> {
    let ends = ["|", ">", ";", "&&"];
    line.split_whitespace().take_while(|word| !ends.contains(word)).map(|word| word.replace(['\'', '"'], "")).collect()
}

#[test]
fn every_command_has_examples_that_parse_and_that_are_of_it() {
    for (name, command) in all() {
        let examples = examples(&command);
        assert!(!examples.is_empty(), "{name}: no line `Examples:` with indented lines below it");
        for example in examples {
            assert!(example.starts_with(&name), "{name}: {example}");
            if let Err(error) = Cli::command().try_get_matches_from(words(&example)) {
                panic!("{name}: `{example}` does not parse: {error}");
            }
        }
    }
}

#[test]
fn every_command_and_every_flag_has_help_and_flags_are_long() {
    let mut flags = 0;
    for (name, command) in all() {
        assert!(command.get_about().is_some(), "{name} has no line about it");
        for argument in command.get_arguments() {
            let id = argument.get_id();
            assert!(argument.get_help().is_some_and(|help| !help.to_string().is_empty()), "{name}: {id} has no help");
            assert!(argument.is_positional() || argument.get_long().is_some(), "{name}: {id} has no long name");
            flags += 1;
        }
        // As a terminal of 80 columns shows it: the parser breaks help, but not what stands after it.
        let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let longest = after.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(longest <= 105, "{name}: a line of {longest} characters after the help");
    }
    assert!(flags > 100, "only {flags} flags");
}

#[test]
fn every_folder_of_runs_is_completed_as_a_folder() {
    let mut folders = 0;
    for (name, command) in all() {
        for argument in command.get_arguments() {
            let names = argument.get_value_names().unwrap_or_default();
            if names.iter().any(|name| matches!(name.as_str(), "RUN" | "RUNS" | "DIR")) {
                assert_eq!(argument.get_value_hint(), clap::ValueHint::DirPath, "{name}: {}", argument.get_id());
                folders += 1;
            }
        }
    }
    assert!(folders > 8, "only {folders}");
}
