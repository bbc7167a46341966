//! The comparison as text: a column for each run.

use console::style;
use gridworld_terminal::columns::{Cell, Column, Side, Table, paragraph};
use gridworld_terminal::output::numbers::{duration, grouped, interval, per_cent, percent};
use gridworld_terminal::program::shell;
use serde_json::Value;

use super::compared::Compared;
use super::differences::Difference;
use super::results::{At, by_instruction, reached};
use crate::options::training::setting_of;
use crate::run::evaluation::{FEASIBLE, LARGEST_T, Row, SUCCESS};
use crate::run::evaluations::Shown;

/// Everything, for a terminal of `width` columns.
pub fn render(runs: &[Compared], differences: &[Difference], width: Option<usize>) -> String {
    let mut text = String::new();
    for (run, letter) in runs.iter().zip('A'..) {
        text += &paragraph(&format!("{letter}  {}", run.folder.path().display()), width);
    }
    text += &heading("Settings that differ");
    if differences.is_empty() {
        text += "no differences\n";
    } else {
        let rows = differences.iter().map(|difference| {
            let is_seed = difference.field == "training.seed";
            let shown = |value: &Value| value.as_u64().filter(|_| !is_seed).map_or_else(|| plain(value), grouped);
            let values = difference.values.iter().map(|value| Cell::from(value.as_ref().map_or("–".to_owned(), shown)));
            std::iter::once(Cell::from(setting_of(&difference.field))).chain(values).collect()
        });
        text += &table("", Side::Left, runs.len(), rows.collect()).in_blocks(width);
        if differences.iter().any(|difference| difference.values.contains(&None)) {
            text += &("\n".to_owned() + &paragraph("–: no such setting", width));
        }
    }
    text += &heading("Training");
    text += &table("", Side::Left, runs.len(), training(runs)).in_blocks(width);
    text += &("\n".to_owned() + &lines(&[MASTERED, SUCCESS, FEASIBLE, LARGEST_T, "–: none, or not known yet"], width));
    text += &heading("Success on feasible episodes at each T, in % (95 % interval)");
    let evaluated = by_instruction(runs);
    if !evaluated.is_empty() {
        let table = table("T", Side::Right, runs.len(), evaluated.iter().map(success).collect());
        text += &(table.in_blocks(width) + "\n" + &paragraph("* T was trained on", width));
        if evaluated.iter().flat_map(|at| &at.rows).any(|row| row.is_none_or(|row| row.feasible == 0.0)) {
            text += &paragraph("–: not evaluated at this T, or no feasible episode", width);
        }
    }
    text += &notes(runs, width);
    text
}

/// Several paragraphs, each on lines of its own.
fn lines(paragraphs: &[&str], width: Option<usize>) -> String {
    paragraphs.iter().map(|line| paragraph(line, width)).collect()
}

/// Explanation of the rows about mastery.
const MASTERED: &str = "to 99 %: until the first of two evaluations in a row with at least 99 % at every T trained on";

fn heading(words: &str) -> String {
    format!("\n{}\n", style(words).bold())
}

/// A table with a column for each run, by its letter.
fn table(first: &str, side: Side, runs: usize, rows: Vec<Vec<Cell>>) -> Table {
    let letters = ('A'..).take(runs).map(|letter| Column::new(letter, Side::Right));
    Table { columns: std::iter::once(Column::new(first, side)).chain(letters).collect(), rows }
}

/// Writes a value as it would be typed.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Steps, seconds, mastery, and how far each run counts.
fn training(runs: &[Compared]) -> Vec<Vec<Cell>> {
    let unknown = || "–".to_owned();
    let row = |name: &str, cell: &dyn Fn(&Compared) -> Option<String>| -> Vec<Cell> {
        let cells = runs.iter().map(|run| Cell::from(cell(run).unwrap_or_else(unknown)));
        std::iter::once(Cell::from(name)).chain(cells).collect()
    };
    let known = |run: &Compared| run.training.as_ref().ok().copied();
    let mastery = |run: &Compared| known(run).and_then(|training| training.mastery);
    vec![
        row("steps", &|run| known(run).map(|training| grouped(training.steps))),
        row("time", &|run| known(run).map(|training| duration(training.seconds))),
        row("steps to 99 %", &|run| mastery(run).map(|(steps, _)| grouped(steps))),
        row("time to 99 %", &|run| mastery(run).map(|(_, seconds)| duration(seconds))),
        row("success", &|run| reached(run).success.or(known(run)?.best).map(percent)),
        row("largest T", &|run| reached(run).largest_t.map(|largest_t| largest_t.to_string())),
    ]
}

/// A line for one T: whoever was trained on it has a star.
fn success(at: &At<'_>) -> Vec<Cell> {
    let cell = |row: &Option<&Row>| {
        Cell::from(row.filter(|row| row.feasible > 0.0).map_or("–".to_owned(), |row| {
            let star = if row.trained { "*" } else { " " };
            let interval =
                row.success_of_feasible_ci95.map_or("(exact)".to_owned(), |ci| format!("({})", interval(ci)));
            format!("{star}{:>6} {interval:>13}", per_cent(row.success_of_feasible))
        }))
    };
    std::iter::once(Cell::from(at.instruction.to_string())).chain(at.rows.iter().map(cell)).collect()
}

/// Writes the notes below the table: the evaluation of each run, and missing values.
fn notes(runs: &[Compared], width: Option<usize>) -> String {
    let mut text = String::new();
    let mut told: Vec<(String, String)> = Vec::new();
    for (run, letter) in runs.iter().zip('A'..) {
        let note = match &run.evaluation {
            Some(Shown { document, otherwise: None }) => document.how(),
            Some(Shown { otherwise: Some(how), .. }) => format!("not the standard evaluation: {how}"),
            None => format!("not evaluated yet: {}", shell::command_on("evaluate", run.folder.path(), "")),
        };
        match told.iter_mut().find(|(_, other)| *other == note) {
            Some((letters, _)) => *letters += &format!(", {letter}"),
            None => told.push((letter.to_string(), note)),
        }
        if let Err(problem) = &run.training {
            told.push((letter.to_string(), problem.clone()));
        }
    }
    for (letters, note) in told {
        text += &paragraph(&format!("{letters}: {note}"), width);
    }
    text
}
