//! Every command of the README, of the other pages at the root and of docs/, run as it is written; every piece of Rust in
//! them, held to a file that is compiled ([`snippets`]); numbers of tables, computed anew from the committed results
//! ([`tables`]), as those of sentences ([`numbers`]); the page of all flags, held to the program ([`flags`]), that of metrics, held to a training's ([`metrics`]);
//! and screens that a tutorial shows, held to the program's ([`screens`]).
//!
//! What is found: each line after `$ ` in a block marked `console`, each line of a block marked `sh`, and each piece of
//! code within a sentence that begins with `gridworld`, `make` or `cargo`.
//!
//! What happens to it ([`sandbox`]): the commands of a page's blocks run in their order, by the shell, in a folder of their
//! own, where
//!
//! - `gridworld` is a small script that adds the flags of [`SCALED`] behind the page's own, where the last one counts, so
//!   that a training takes a second and not a minute;
//! - each `runs/NAME` is a copy of a short training; but not in the pages of [`CLEAN_CLONE`], the commands of which are copied
//!   in their order into a clean clone: they must make the runs that they name, and install the program before they call it
//!   by its name;
//! - a script that the page shows as a whole is a file, and `python3` is the Python of the tests.
//!
//! A new command of the program needs a line in [`SCALED`] only if it takes long as it is documented. What cannot run is
//! in [`NOT_RUN`], with the reason; it is parsed nevertheless, as the commands within sentences are: `gridworld` by the
//! program itself (`--help` behind the flags), `make` by `make -n`, an example by its file. A line that is neither fails.

mod extract;
mod flags;
mod metrics;
mod numbers;
mod reference;
mod sandbox;
mod screens;
mod snippets;
mod tables;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use extract::{Place, Written, commands, python_name};
use sandbox::{Sandbox, parse};

/// Flags that are added to a command of the program, before its `--` and behind it.
struct Scaled {
    command: &'static str,
    flags: &'static str,
    /// Flags for the trainings of a suite.
    behind: &'static str,
}

/// The sizes of a training that takes about a second.
const TINY: &str = "--envs 16 --hidden 16 --eval-interval 10000 --eval-episodes 5";

/// Commands that are made smaller, and the flags that do it.
const SCALED: &[Scaled] = &[
    // The short training has 20,480 steps already: one that goes on needs more.
    Scaled {
        command: "train",
        flags: "--steps 21000 --envs 16 --hidden 16 --eval-interval 10000 --eval-episodes 5",
        behind: "",
    },
    Scaled { command: "evaluate", flags: "--episodes 4", behind: "" },
    Scaled { command: "numeracy", flags: "--seeds 1 --iterations 20", behind: "" },
    // T of the training alone: a page without anything beyond it is a page, too.
    Scaled { command: "suite", flags: "--steps 3000 --seeds 1 --eval-T 5,12 --episodes 4", behind: TINY },
];

/// Beginnings of commands that are not run, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("make ", "builds, fetches or measures for minutes; that the target is there is checked"),
    ("gridworld play", "needs a terminal and somebody at it"),
    ("pip install ", "needs the network"),
    ("tensorboard ", "a server that does not end; tests/cli/tensorboard.rs reads what it would show"),
];

/// Beginnings of commands within sentences that nothing can be asked about.
const NOT_PARSED: &[(&str, &str)] =
    &[("cargo build", "of cargo"), ("cargo test", "of cargo"), ("cargo doc", "of cargo")];

/// The scripts of the shell that pages show as a whole, and the names under which the same page runs them.
const SCRIPTS: &[(&str, &str)] = &[("docs/cluster.md", "suite.sbatch")];

/// Pages whose commands begin in a clean clone.
const CLEAN_CLONE: &[&str] = &["README.md", "docs/tutorials/first-agent.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages at the root and those of docs/ and its folders, relative to the repository.
fn pages() -> Vec<PathBuf> {
    let in_folder = |folder: &'static str| {
        let entries = std::fs::read_dir(root().join(folder)).expect("a folder of pages");
        entries.map(move |entry| Path::new(folder).join(entry.expect("an entry").file_name()))
    };
    let mut pages: Vec<PathBuf> = ["docs", "docs/tutorials"].into_iter().flat_map(in_folder).collect();
    pages.retain(|page| page.extension().is_some_and(|end| end == "md"));
    pages.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "benches/peers/README.md"].map(PathBuf::from));
    pages.sort();
    pages
}

fn written() -> Vec<Written> {
    let read = |page: PathBuf| {
        let text = std::fs::read_to_string(root().join(&page)).expect("a page");
        commands(&page, &text)
    };
    pages().into_iter().flat_map(read).collect()
}

/// The reason why a command is in a list, if it is.
fn listed(list: &'static [(&'static str, &'static str)], line: &str) -> Option<&'static str> {
    list.iter().find(|(beginning, _)| line.starts_with(beginning)).map(|(_, reason)| *reason)
}

#[test]
fn the_commands_of_the_pages_are_found() {
    let written = written();
    let count = |page: &str, place: Place| {
        written.iter().filter(|command| command.page == Path::new(page) && command.place == place).count()
    };
    let in_docs = |place: Place| {
        written.iter().filter(|command| command.page.starts_with("docs") && command.place == place).count()
    };
    assert!(count("README.md", Place::Block) >= 7, "{}", count("README.md", Place::Block));
    assert!(count("docs/tutorials/first-agent.md", Place::Block) >= 10);
    assert!(in_docs(Place::Block) >= 65, "{}", in_docs(Place::Block));
    assert!(in_docs(Place::Sentence) >= 80, "{}", in_docs(Place::Sentence));
    assert_eq!((count("docs/cluster.md", Place::Script), count("docs/tutorials/python.md", Place::Script)), (1, 3));
    for (beginning, reason) in NOT_RUN {
        let found = written.iter().any(|command| command.line.starts_with(beginning));
        assert!(found, "no page has `{beginning}` ({reason}): take it from the list");
    }
}

/// Runs the commands of a page's blocks in their order, in a folder of the page's own; gives their number.
fn run_page(page: &Path, written: &[Written]) -> usize {
    let of_page = || written.iter().filter(|command| command.page == page && command.place != Place::Sentence);
    if of_page().next().is_none() {
        return 0;
    }
    let mut ran = 0;
    let in_order = CLEAN_CLONE.iter().any(|clean| page == Path::new(clean));
    let sandbox = if in_order { Sandbox::of_clean_clone(SCALED) } else { Sandbox::new(SCALED) };
    for command in of_page() {
        match (command.place, listed(NOT_RUN, &command.line)) {
            (Place::Script, _) => {
                let of_shell = SCRIPTS.iter().find(|(of, _)| page == Path::new(of)).map(|(_, name)| *name);
                let of_python = command.line.lines().next().and_then(python_name);
                if of_python.is_some() {
                    sandbox.keep_python();
                }
                sandbox.keep(of_python.or(of_shell).expect("a script needs a name in SCRIPTS"), &command.line);
            }
            (_, Some(_)) => {
                parse(command);
                if in_order && command.line.starts_with("make ") {
                    sandbox.run(command);
                }
            }
            (_, None) => {
                sandbox.run(command);
                ran += 1;
            }
        }
    }
    ran
}

#[test]
fn what_stands_in_blocks_runs() {
    let (written, pages) = (written(), pages());
    // Pages do not know of each other: three at a time, as much of a command is waiting.
    let next = AtomicUsize::new(0);
    let some = || -> usize {
        let taken = std::iter::from_fn(|| pages.get(next.fetch_add(1, Ordering::Relaxed)));
        taken.map(|page| run_page(page, &written)).sum()
    };
    let ran: usize = std::thread::scope(|scope| {
        let threads = [(); 3].map(|()| scope.spawn(some));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).sum()
    });
    assert!(ran >= 55, "only {ran} commands ran");
}

#[test]
fn what_stands_in_sentences_parses() {
    let written = written();
    let in_sentences = written.iter().filter(|command| command.place == Place::Sentence);
    let asked: Vec<&Written> = in_sentences.filter(|command| listed(NOT_PARSED, &command.line).is_none()).collect();
    assert!(asked.len() >= 60, "only {}", asked.len());
    asked.into_iter().for_each(parse);
}

#[test]
fn in_a_clean_clone_nothing_is_there_before_it_is_made() {
    let sandbox = Sandbox::of_clean_clone(SCALED);
    let run = |line: &str| {
        let command = Written { page: "page.md".into(), number: 1, place: Place::Block, line: line.to_owned() };
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sandbox.run(&command)))
    };
    for early in ["gridworld list", "target/release/gridworld list", "make install"] {
        assert!(run(early).is_err(), "{early}");
    }
    // What a finished training says comes next can be typed as it is, though nothing is installed.
    let said = run("make train ARGS='--name mine'").expect("it trains");
    let next = said.lines().find_map(|line| line.strip_prefix("next: ")).expect("what comes next");
    assert!(next.contains(" evaluate runs/mine --T 5..30"), "{next}");
    run(next).expect("it evaluates");
    assert!(run("gridworld list").is_err() && run("target/release/gridworld runs runs/other").is_err());
    run("make install").expect("it installs");
    run("gridworld evaluate runs/mine --T 5").expect("it is found");
}

#[test]
fn a_command_that_cannot_be_is_found() {
    let wrong = [
        "gridworld tain",
        "gridworld train --agent nobody",
        "gridworld suite --seeds 2 -- --hiden 8",
        "cargo run --release -- train --nonsense",
        "cargo run --release -p gridworld-envs --example nothing",
        "make nothing",
        "make train ARGS=--nonsense",
    ];
    for line in wrong {
        let command = Written { page: "page.md".into(), number: 1, place: Place::Sentence, line: line.to_owned() };
        assert!(std::panic::catch_unwind(|| parse(&command)).is_err(), "{line}");
    }
    let command =
        Written { page: "page.md".into(), number: 1, place: Place::Block, line: "gridworld inspect nowhere".into() };
    assert!(std::panic::catch_unwind(|| Sandbox::new(SCALED).run(&command)).is_err());
    parse(&Written { line: "make train ARGS=\"--T 5..9\"".into(), ..command });
}
