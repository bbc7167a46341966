//! Numbers of tables, computed anew from the committed results in runs/reference.

use gridworld_statistics::{Estimate, Scores, iqm, ordered};
use serde_json::Value;

use super::reference::Reference;
use super::root;

/// Writes an estimate in per cent, with its interval.
pub fn shown(estimate: &Estimate) -> String {
    let [point, low, high] = [estimate.point, estimate.interval.0, estimate.interval.1].map(|share| 100.0 * share);
    format!("{point:.1} ({low:.1}–{high:.1})")
}

/// The least success of the seeds, in per cent.
fn least(shares: impl Iterator<Item = f64>) -> String {
    format!("{:.1}", 100.0 * ordered::least(shares))
}

/// The rows of the table below a line, without the line of dashes: first the heads, then the rows.
fn table(page: &str, head: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join(page)).expect("a page");
    let lines = text.lines().skip_while(|line| *line != head).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let mut rows: Vec<Vec<String>> = lines.map(cells).collect();
    assert!(rows.len() > 3, "{page} has no table {head}");
    rows.remove(1);
    rows
}

/// The estimate of a line at T.
fn at<'a>(
    estimates: &'a [(String, Vec<Estimate>)],
    instructions: &[u64],
    name: &str,
    instruction: u64,
) -> &'a Estimate {
    let (_, row) = estimates.iter().find(|(found, _)| found == name).expect("a line of the suite");
    &row[instructions.iter().position(|found| *found == instruction).expect("an evaluated T")]
}

#[test]
fn the_table_of_the_readme_is_that_of_the_committed_results() {
    let reference = Reference::read("paper");
    let (instructions, estimates, entries) = (reference.instructions(), reference.estimates(), reference.entries());
    let rows = table("README.md", "| T | lstm | lstm-nac | lstm-nau |");
    for row in &rows[1..] {
        let first = row[0].split(' ').next().expect("a T").parse().expect("a number");
        let values = if row[0].contains("5 to 12") { 5..=12 } else { first..=first };
        let lowest = |name: &String| {
            let found = values.clone().map(|instruction| at(&estimates, &instructions, name, instruction));
            let lowest = shown(found.min_by(|a, b| a.point.total_cmp(&b.point)).expect("a T"));
            let (_, runs) = entries.iter().find(|(found, _)| found == name).expect("a line of the suite");
            let in_range = |(_, instruction): &(&f64, &u64)| values.contains(instruction);
            let shares =
                runs.iter().flat_map(|run| run.iter().zip(&instructions).filter(in_range).map(|(share, _)| *share));
            format!("{lowest}; {}", least(shares))
        };
        assert_eq!(row[1..], rows[0][1..].iter().map(lowest).collect::<Vec<_>>(), "{}", row[0]);
    }
    assert_eq!(
        rows.iter().map(|row| row[0].split(' ').next().expect("a T")).collect::<Vec<_>>(),
        ["T", "5", "13", "19", "100"]
    );
}

#[test]
fn the_tables_of_success_in_the_pages_of_results_are_those_of_the_committed_results() {
    for (name, page, head) in [
        ("paper", "docs/results.md", "| T | lstm | lstm-nac | lstm-nalu | lstm-nau | oracle | random |"),
        (
            "intervals",
            "docs/intervals.md",
            "| T | lstm | nac-state | nau-state | phases-ternary | phases-nau | phases-random | oracle | random |",
        ),
    ] {
        let reference = Reference::read(name);
        let (instructions, entries) = (reference.instructions(), reference.entries());
        let estimates = reference.estimates();
        let rows = table(page, head);
        assert_eq!(rows.len(), instructions.len() + 1, "{page}");
        for (row, instruction) in rows[1..].iter().zip(&instructions) {
            assert_eq!(row[0].trim_end_matches("\\*"), instruction.to_string(), "{page}");
            for (cell, name) in row[1..].iter().zip(&rows[0][1..]) {
                let (_, runs) = entries.iter().find(|(found, _)| found == name).expect("a line of the suite");
                let index = instructions.iter().position(|found| found == instruction).expect("an evaluated T");
                let least = least(runs.iter().map(|run| run[index]));
                let several = format!("{}; {least}", shown(at(&estimates, &instructions, name, *instruction)));
                assert_eq!(*cell, if runs.len() == 1 { least } else { several }, "{page}: {name} at T = {instruction}");
            }
        }
    }
}

#[test]
fn the_table_of_what_is_given_is_that_of_the_ablations() {
    let reference = Reference::read("ablations");
    let (instructions, entries) = (reference.instructions(), reference.entries());
    let rows = table("docs/given.md", "| line there | what is different | T = 12 | T = 19 | T = 100 |");
    assert!(rows.len() > 10);
    for row in &rows[1..] {
        let (_, runs) = entries.iter().find(|(name, _)| *name == row[0]).expect("a line of the ablations");
        let found = [12, 19, 100].map(|instruction| {
            let index = instructions.iter().position(|found| *found == instruction).expect("an evaluated T");
            let shares: Vec<f64> = runs.iter().map(|run| run[index]).collect();
            format!("{:.1}", 100.0 * iqm(&Scores::of_runs(&shares).expect("seeds")))
        });
        assert_eq!(row[2..], found, "{}", row[0]);
    }
}

#[test]
fn the_number_of_a_likely_counter_is_the_one_of_both_pages() {
    // Divided by its greatest weight and rounded, a random unit has two weights of opposite sign in one case of four.
    let likely = |units| format!("{:.2}", 1.0 - 0.75_f64.powi(units));
    for (page, likely) in [("README.md", likely(16)), ("docs/given.md", likely(16)), ("docs/given.md", likely(8))] {
        let text = std::fs::read_to_string(root().join(page)).expect("a page");
        assert!(text.contains(&likely), "{page} lacks {likely}");
    }
}

#[test]
fn the_counts_of_the_search_are_those_of_the_committed_results() {
    let reference = Reference::read("search");
    let agents = reference.0["agents"].as_array().expect("agents");
    let mastered = |line: &str| {
        let of_line = agents.iter().filter(|agent| {
            let name = agent["name"].as_str().expect("a name");
            name.rsplit_once('-').is_some_and(|(found, trial)| found == line && trial.parse::<u64>().is_ok())
        });
        let found: Vec<bool> = of_line.map(|agent| !agent["runs"][0]["training"]["mastery"].is_null()).collect();
        (found.iter().filter(|&&mastered| mastered).count(), found.len())
    };
    let text = std::fs::read_to_string(root().join("docs/given.md")).expect("a page").replace('\n', " ");
    let [additive, recurrent, instruction, state, lstm] =
        ["additive", "recurrent", "instruction", "state", "lstm"].map(mastered);
    assert!([additive, recurrent, instruction, state, lstm].iter().all(|(_, trials)| *trials == 48));
    assert_eq!((state.0, lstm.0), (0, 0));
    let said = format!(
        "{} settings of `additive`, {} of `recurrent`, {} of `instruction`, and none of `state` and `lstm`",
        additive.0, recurrent.0, instruction.0
    );
    assert!(text.contains(&said), "docs/given.md does not say: {said}");
}

#[test]
fn the_table_of_both_precisions_is_that_of_the_committed_results() {
    let Reference(results) = Reference::read("precision");
    let agents = results["agents"].as_array().expect("agents");
    let row = |agent: &Value, at: &Value| {
        let episodes = |name: &str| at[name].as_u64().expect("a number").to_string();
        let on_time = |index: usize| at["on_time"][index].as_u64().expect("a number").to_string();
        let logits = format!("{:.0e}", at["logits"].as_f64().expect("a difference"));
        let name = agent["agent"].as_str().expect("a name").to_owned();
        vec![name, episodes("T"), episodes("same_actions"), on_time(0), on_time(1), logits]
    };
    let rows =
        agents.iter().flat_map(|agent| agent["results"].as_array().expect("results").iter().map(|at| row(agent, at)));
    let expected: Vec<Vec<String>> = rows.collect();
    let written =
        table("docs/checkpoint.md", "| agent | T | same actions | on time, 32 bits | on time, 64 bits | logits |");
    assert_eq!(written[1..], expected);
}
