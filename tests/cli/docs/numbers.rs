//! Numbers of sentences, computed anew from the committed results in runs/reference.
//!
//! Behind such a number stands a comment, which nobody sees who reads the page in a browser, such as
//! `99.4<!-- exact lstm-nau 5..12 least -->`: the suite, its line (or several, by commas), values of T, and the kind of the
//! number; `step-least` and the like are of the arrivals on the very step. `GRIDWORLD_BLESS=1` writes the numbers.

use std::collections::BTreeMap;

use gridworld_envs::Instructions;
use gridworld_statistics::ordered::least;
use gridworld_statistics::{Scores, iqm};

use super::reference::Reference;
use super::tables::shown;
use super::{pages, root};

const BEGIN: &str = "<!-- ";
const END: &str = " -->";

/// Computes the number that a comment asks for; nothing if the comment is another one.
fn number(comment: &str, suites: &mut BTreeMap<String, Option<Reference>>) -> Option<String> {
    let [suite, lines, instructions, kind] = comment.split(' ').collect::<Vec<_>>()[..] else { return None };
    let exists = || root().join(format!("runs/reference/{suite}.json")).exists();
    let reference = suites.entry(suite.to_owned()).or_insert_with(|| exists().then(|| Reference::read(suite)));
    let (reference, wanted) = (reference.as_ref()?, instructions.parse::<Instructions>().ok()?);
    let (field, kind) = kind.strip_prefix("step-").map_or(("success_of_feasible", kind), |kind| ("on_the_step", kind));
    let (all, entries) = (reference.instructions(), reference.entries_of(field));
    let is_line = |name: &str| entries.iter().any(|(found, _)| found == name);
    let index = |value: &u32| all.iter().position(|found| *found == u64::from(*value)).expect("an evaluated T");
    let columns: Vec<usize> = wanted.values().iter().map(index).collect();
    // A line's own name may have commas.
    let names = if is_line(lines) { vec![lines] } else { lines.split(',').collect() };
    let runs: Vec<&Vec<f64>> = names
        .into_iter()
        .flat_map(|line| &entries.iter().find(|(name, _)| *name == line).unwrap_or_else(|| panic!("no line {line}")).1)
        .collect();
    // Lowest success of each seed over these T.
    let lowest: Vec<f64> = runs.iter().map(|run| least(columns.iter().map(|&at| run[at]))).collect();
    let per_cent = |share: f64| format!("{:.1}", 100.0 * share);
    Some(match kind {
        "least" => per_cent(least(lowest.iter().copied())),
        "greatest" => per_cent(lowest.iter().copied().fold(0.0, f64::max)),
        "iqm" => {
            let of = |at: usize| {
                let shares: Vec<f64> = runs.iter().map(|run| run[at]).collect();
                iqm(&Scores::of_runs(&shares).expect("seeds"))
            };
            per_cent(least(columns.into_iter().map(of)))
        }
        "interval" => {
            shown(&reference.estimates().iter().find(|(name, _)| name == lines).expect("a line").1[columns[0]])
        }
        "reach" => lowest.iter().filter(|share| **share >= gridworld_statistics::MASTERY).count().to_string(),
        "seeds" => lowest.len().to_string(),
        _ => panic!("a number has no kind {kind}: least, greatest, iqm, interval, reach or seeds"),
    })
}

/// Gives the text without the number at its end, and the interval in parentheses behind that.
fn without_number(text: &str) -> &str {
    let number = text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")).map_or(text, |(number, _)| number);
    number.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
}

/// Gives the text with the numbers before its comments, and how many these are.
fn renewed(text: &str) -> (String, usize) {
    let (mut suites, mut renewed, mut rest, mut count) = (BTreeMap::new(), String::new(), text, 0);
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let Some((comment, after)) = after.split_once(END) else { break };
        let computed = number(comment, &mut suites);
        let kept = if computed.is_some() { without_number(before) } else { before };
        count += usize::from(computed.is_some());
        renewed += &format!("{kept}{}{BEGIN}{comment}{END}", computed.unwrap_or_default());
        rest = after;
    }
    (renewed + rest, count)
}

#[test]
fn numbers_of_sentences_are_those_of_the_committed_results() {
    let mut all = 0;
    for page in pages() {
        let path = root().join(&page);
        let text = std::fs::read_to_string(&path).expect("a page");
        let (computed, count) = renewed(&text);
        all += count;
        if std::env::var_os("GRIDWORLD_BLESS").is_some() {
            std::fs::write(&path, &computed).expect("a page");
            continue;
        }
        for (written, computed) in text.lines().zip(computed.lines()) {
            assert!(written == computed, "{}: GRIDWORLD_BLESS=1 writes it\n{written}\n{computed}", page.display());
        }
    }
    assert!(all > 15, "{all} numbers");
}

#[test]
fn a_planted_number_is_mended_and_other_comments_stay() {
    let text = "Least <!-- note --> is 12.3<!-- exact lstm-nau 10000 least -->, of 7<!-- exact lstm-nau 5..12 seeds --> seeds.";
    let expected = "Least <!-- note --> is 100.0<!-- exact lstm-nau 10000 least -->, of 10<!-- exact lstm-nau 5..12 seeds --> seeds.";
    assert_eq!(renewed(text), (expected.to_owned(), 2));
}
