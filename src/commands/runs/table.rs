//! Table of the runs in a folder.

use std::path::Path;

use console::Style;
use gridworld_terminal::columns::{Cell, Column, Need, Side, Table, paragraph};
use gridworld_terminal::output::numbers::{age, grouped, percent};
use gridworld_terminal::program::message::shown;

use super::experiment::Experiment;
use super::listing::{Listed, RunList};
use super::status::Status;
use crate::run::evaluation::{FEASIBLE, LARGEST_T, SUCCESS};

/// Explanations of the columns of agents' runs.
const OF_RUNS: &[&[(&str, &str)]] = &[
    &[("", SUCCESS)],
    &[("", FEASIBLE)],
    &[("largest T", LARGEST_T)],
    &[("done", "done: share of the steps asked for"), ("age", AGE), ("", UNKNOWN)],
];

/// Explanations of the columns of arithmetic.
const OF_EXPERIMENTS: &[&[(&str, &str)]] = &[
    &[("networks", "networks: one per seed and setting")],
    &[("done", "done: share of the networks that are trained"), ("", "solved: share of these that found the solution")],
    &[("age", AGE), ("", UNKNOWN)],
];

const AGE: &str = "age: time since the last record";
const UNKNOWN: &str = "–: none, or not known yet";

/// The tables for a terminal of `width` columns, what is wrong with runs, and how many there are.
pub fn render(folder: &Path, RunList { runs, experiments }: &RunList, width: Option<usize>) -> String {
    let mut parts = Vec::new();
    if !runs.is_empty() {
        parts.push(of_runs(runs, width));
    }
    if !experiments.is_empty() {
        parts.push(of_experiments(experiments, width));
    }
    if parts.is_empty() { format!("no runs in {}\n", shown(folder)) } else { parts.join("\n") }
}

fn of_runs(runs: &[Listed], width: Option<usize>) -> String {
    let columns = vec![
        Column::new("run", Side::Left),
        Column::needed("agent", Side::Left, Need::Room(2)),
        Column::needed("seed", Side::Right, Need::Room(3)),
        Column::needed("steps", Side::Right, Need::Extra(2)),
        Column::needed("done", Side::Right, Need::Extra(1)),
        Column::new("success", Side::Right),
        Column::needed("largest T", Side::Right, Need::Room(1)),
        Column::needed("age", Side::Right, Need::Extra(3)),
        Column::new("status", Side::Left),
    ];
    let table = Table { columns, rows: runs.iter().map(row).collect() };
    let states = runs.iter().map(|run| (run.status, &run.name, &run.problem));
    let otherwise = runs.iter().filter_map(|run| Some((&run.name, run.otherwise.as_ref()?)));
    let otherwise = otherwise.map(|(name, how)| format!("not the standard evaluation: {name}: {how}"));
    let text = format!("{}\n{}", table.folded(width), table.legend(OF_RUNS, width));
    with_notes(text, otherwise, states, "run", width)
}

fn of_experiments(experiments: &[Experiment], width: Option<usize>) -> String {
    let columns = vec![
        Column::new("run", Side::Left),
        Column::needed("task", Side::Left, Need::Room(3)),
        Column::needed("operation", Side::Left, Need::Room(2)),
        Column::needed("cell", Side::Left, Need::Room(1)),
        Column::needed("networks", Side::Right, Need::Extra(2)),
        Column::needed("done", Side::Right, Need::Extra(1)),
        Column::new("solved", Side::Right),
        Column::needed("age", Side::Right, Need::Extra(3)),
        Column::new("status", Side::Left),
    ];
    let table = Table { columns, rows: experiments.iter().map(row_of_experiment).collect() };
    let states = experiments.iter().map(|run| (run.status, &run.name, &run.problem));
    let text = format!(
        "{}{}\n{}",
        paragraph("Runs of gridworld numeracy", width),
        table.folded(width),
        table.legend(OF_EXPERIMENTS, width)
    );
    with_notes(text, std::iter::empty(), states, "experiment", width)
}

/// A table, notes on some of its rows, what is wrong with others, and how many there are.
fn with_notes<'a>(
    mut text: String,
    notes: impl Iterator<Item = String>,
    states: impl Iterator<Item = (Status, &'a String, &'a Option<String>)> + Clone,
    noun: &str,
    width: Option<usize>,
) -> String {
    let problems = states.clone().filter_map(|(status, name, problem)| {
        problem.as_ref().map(|problem| format!("{}: {name}: {problem}", status.as_str()))
    });
    let all = count(states.map(|(status, ..)| status), noun);
    for words in notes.chain(problems).chain([all]) {
        text += &paragraph(&words, width);
    }
    text
}

/// Makes a cell of a text, or of a dash where nothing is known.
fn known(text: Option<String>) -> Cell {
    Cell::from(text.unwrap_or_else(|| "–".to_owned()))
}

/// Writes the share that is done, in per cent.
fn part(done: Option<u64>, asked: Option<u64>) -> Option<String> {
    let share = done.zip(asked).map(|(done, asked)| 100.0 * done as f64 / asked as f64);
    share.map(|percent| format!("{} %", percent.floor().min(100.0)))
}

fn state(status: Status) -> Cell {
    Cell { text: status.as_str().to_owned(), style: style(status) }
}

fn row(run: &Listed) -> Vec<Cell> {
    vec![
        Cell::from(run.name.clone()),
        known(run.agent.map(|agent| agent.to_string())),
        known(run.seed.map(|seed| seed.to_string())),
        known(run.steps.map(grouped)),
        known(part(run.steps, run.steps_asked)),
        known(run.success_of_feasible.map(percent)),
        known(run.largest_t.map(|largest_t| largest_t.to_string())),
        known(run.age.map(age)),
        state(run.status),
    ]
}

fn row_of_experiment(run: &Experiment) -> Vec<Cell> {
    vec![
        Cell::from(run.name.clone()),
        known(run.task.map(str::to_owned)),
        known(run.operation.clone()),
        known(run.cell.clone()),
        known(run.asked.map(grouped)),
        known(part(run.done, run.asked)),
        known(run.solved.map(percent)),
        known(run.age.map(age)),
        state(run.status),
    ]
}

/// Blue and yellow, which the colour-blind tell apart; the words say it, too.
fn style(status: Status) -> Style {
    match status {
        Status::Running => Style::new().cyan(),
        Status::Finished => Style::new().blue().bright(),
        Status::Stopped => Style::new().yellow(),
        Status::Failed | Status::Damaged => Style::new().red().bold(),
    }
}

fn count(states: impl Iterator<Item = Status> + Clone, noun: &str) -> String {
    let of = |status: Status| states.clone().filter(|other| *other == status).count();
    let counts = Status::ALL.map(|status| (of(status), status.as_str()));
    let parts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}"));
    let all = states.clone().count();
    let plural = if all == 1 { "" } else { "s" };
    format!("{all} {noun}{plural}: {}", parts.collect::<Vec<_>>().join(", "))
}
