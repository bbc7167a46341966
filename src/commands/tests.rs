//! Tests of the command line: every command and every flag has it, and what it gives as examples can be typed.

use std::ffi::OsString;

use clap::{Command, CommandFactory};
use gridworld_envs::Registry;

use super::{Cli, arguments, parser};

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
    }
    assert!(flags > 100, "only {flags} flags");
}

/// The texts of a command's help, each of which is to be one paragraph; examples are lines of their own.
fn paragraphs(command: &Command) -> Vec<String> {
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (examples, rest) = after.split_once("\n\n").unwrap_or((&after, ""));
    let examples = examples.lines().skip(1).map(|line| line.trim().to_owned());
    let about = command.get_about().map(ToString::to_string);
    let arguments: Vec<_> =
        command.get_arguments().filter(|argument| !argument.is_hide_set() && argument.get_id() != "help").collect();
    let help = arguments.iter().filter_map(|argument| argument.get_help().map(ToString::to_string));
    let values = arguments.iter().filter(|argument| !argument.is_hide_possible_values_set());
    let values = values.flat_map(|argument| argument.get_possible_values());
    let values = values.filter_map(|value| value.get_help().map(ToString::to_string)).collect::<Vec<_>>();
    let below = command.get_subcommands().filter_map(|below| below.get_about().map(ToString::to_string));
    about
        .into_iter()
        .chain(help)
        .chain(values)
        .chain(below)
        .chain(examples)
        .chain(rest.split("\n\n").map(str::to_owned))
        .collect()
}

/// The words of a text, with one blank between them.
fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn help_is_broken_by_the_terminals_width_and_by_nothing_else() {
    let mut seen = 0;
    for (name, command) in all() {
        let paragraphs = paragraphs(&command);
        for paragraph in &paragraphs {
            assert!(!paragraph.contains('\n'), "{name}: broken by hand: {paragraph}");
        }
        for example in examples(&command) {
            // On a terminal of 80 columns it can be copied.
            assert!(example.chars().count() + 2 <= 80, "{name}: {example}");
        }
        for width in [60, 80, 100, 200] {
            let mut command = command.clone().term_width(width);
            let shown = command.render_long_help().to_string();
            for line in shown.lines().filter(|line| !line.starts_with("Usage:")) {
                assert!(
                    line.chars().count() <= width || line.split_whitespace().count() == 1,
                    "{name}, {width}: {line}"
                );
            }
            let shown = normal(&shown);
            for paragraph in &paragraphs {
                assert!(shown.contains(&normal(paragraph)), "{name}, {width}: `{paragraph}` is not in\n{shown}");
                seen += 1;
            }
        }
    }
    assert!(seen > 1000, "only {seen} texts");
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

/// The commands that have none below them, with the words that call them.
fn leaves<'a>(command: &'a Command, words: &[&'a str]) -> Vec<(Vec<&'a str>, &'a Command)> {
    let words = [words, &[command.get_name()]].concat();
    match command.has_subcommands() {
        true => command.get_subcommands().flat_map(|command| leaves(command, &words)).collect(),
        false => vec![(words, command)],
    }
}

#[test]
fn what_is_said_of_a_value_names_its_flag_in_every_command() {
    let program = parser(&Registry::standard());
    let mut checked = 0;
    for (words, command) in leaves(&program, &[]) {
        let options = command.get_arguments().filter(|argument| argument.get_action().takes_values());
        for option in options.filter(|argument| !argument.is_positional()) {
            let flag = format!("--{}", option.get_long().expect("a long flag"));
            // Nothing that a flag takes, but for words, which are wrong where they look like flags.
            let values: &[&str] = match arguments::is_word(option) {
                true => &["-x", "--nonsense", "-1"],
                false => &["-1e400", "-inf", "--nonsense", "no such value", ""],
            };
            for value in values {
                let typed: Vec<OsString> = words.iter().chain([&flag.as_str(), value]).map(OsString::from).collect();
                let said = arguments::parsed(&mut program.clone(), &typed).expect_err("a wrong value").to_string();
                assert!(said.contains(&flag) && said.contains(value) && !said.contains('\n'), "{typed:?}: {said}");
                checked += 1;
            }
        }
    }
    assert!(checked > 400, "{checked}");
}
