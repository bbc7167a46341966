//! The screens that the first tutorial shows, held to what the program prints.

use std::path::Path;

use super::root;
use crate::support::{TINY, program, stderr};

/// The tutorial.
const PAGE: &str = "docs/tutorials/first-agent.md";

/// A line as it is compared: numbers are masked, blanks are one, and the program has one name.
fn masked(line: &str) -> String {
    let line =
        line.replace(env!("CARGO_BIN_EXE_gridworld"), "gridworld").replace("target/release/gridworld", "gridworld");
    // A short training's rewards may be negative, and its arrivals none.
    let line = line.replace(" none ", " 0 (0) ").replace(" −", " ");
    let (mut masked, mut in_number) = (String::new(), false);
    for character in line.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        in_number = character.is_ascii_digit() || (in_number && ['.', ','].contains(&character));
        match in_number {
            true if masked.ends_with('#') => {}
            true => masked.push('#'),
            false => masked.push(character),
        }
    }
    // These say how a training went, and not how it is reported.
    let (before, _) = masked.split_once(", evaluation #").unwrap_or((&masked, ""));
    let (before, _) = before.split_once("; best: # %; ").unwrap_or((before, ""));
    before.to_owned()
}

/// The lines of what the page shows as output from the line on that has this `beginning`, up to the end of the block.
fn shown(page: &str, beginning: &str) -> Vec<String> {
    let lines = page.lines().skip_while(|line| !line.starts_with(beginning));
    let block = lines.take_while(|line| *line != "```").filter(|line| !line.is_empty() && !line.starts_with("$ "));
    let block: Vec<String> = block.map(masked).collect();
    assert!(block.len() > 5, "{PAGE} has no block from {beginning:?} on");
    block
}

/// Runs the program in `folder`; gives the lines of both its outputs.
fn printed(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let output = program().args(arguments).current_dir(folder).output().expect("the program starts");
    assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
    let text = stderr(&output) + &String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().filter(|line| !line.is_empty()).map(masked).collect()
}

/// Fails unless each line of `some` is one of `all`; lines for which `is_left_out` holds need not be.
fn check_among(some: &[String], all: &[String], is_left_out: fn(&str) -> bool) {
    for line in some.iter().filter(|line| !is_left_out(line)) {
        assert!(all.contains(line), "{line:?} is not among {all:#?}");
    }
}

#[test]
fn the_first_tutorial_shows_what_the_program_prints() {
    let page = std::fs::read_to_string(root().join(PAGE)).expect("a page");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let flags: Vec<&str> = TINY.iter().copied().filter(|flag| *flag != "--quiet").collect();
    let train = |flags: &[&str]| printed(folder.path(), &[&["train"], flags].concat());

    let trained = train(&[&flags[..], &["--mode", "async", "--name", "nac"]].concat());
    let said = shown(&page, "training lstm-nac on ");
    check_among(&said, &trained, |_| false);
    // Before its speed is known, progress is a shorter line.
    check_among(&trained, &said, |line| line.starts_with("step #"));

    let evaluated = printed(folder.path(), &["evaluate", "runs/nac", "--T", "5,13"]);
    let said = shown(&page, "$ target/release/gridworld evaluate runs/nac --T 5..30,50");
    check_among(&said, &evaluated, |_| false);
    check_among(&evaluated, &said, |_| false);

    train(&[&flags[..], &["--agent", "lstm-nau", "--name", "nau"]].concat());
    let inspected = printed(folder.path(), &["inspect", "runs/nau"]);
    let said = shown(&page, "$ gridworld inspect runs/nau");
    // What a counter holds and what follows from it is this training's.
    let is_found = |line: &str| line.starts_with('#') || line.starts_with("Of #") || line.starts_with("None of #");
    check_among(&said, &inspected, is_found);
    let about_the_loop = inspected.iter().skip_while(|line| !line.starts_with("Feedback loop"));
    let about_the_loop: Vec<String> =
        about_the_loop.take_while(|line| !line.starts_with("parameter ")).cloned().collect();
    assert!(about_the_loop.len() > 8, "{inspected:#?}");
    check_among(&about_the_loop, &said, is_found);
}

#[test]
fn numbers_and_blanks_are_no_difference_and_words_are_one() {
    assert_eq!(masked("step  20,480 of 4,000,000 (0.5 %)"), "step # of # (# %)");
    assert_eq!(masked("* 5  99.6–100.0 %   none  x"), masked("* 12  1.0–2.0 % 5.1 (0.4) x"));
    assert_eq!(masked("0.0 %  −0.026"), masked("0.0 %   0.998"));
    assert_ne!(masked("seconds 33.4"), masked("33.4 s"));
    assert_eq!(masked("success 1.6 %, 2 s left, evaluation 2.8 %"), "success # %, # s left");
}
