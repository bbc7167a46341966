//! The runs as a table.

use std::path::Path;

use console::Style;
use gridworld_agents::records::figures::{grouped, percent};

use super::listing::{Listed, Status};
use crate::columns::{Cell, Column, Need, Side, Table, wrapped};

/// What two of the columns are.
const LEGEND: &str = "success: of the feasible, over the T trained on; furthest T: it and every smaller one has 99 %";

/// The table for a terminal of `width` columns, what is wrong with runs, and how many there are.
pub fn render(folder: &Path, runs: &[Listed], width: Option<usize>) -> String {
    if runs.is_empty() {
        return format!("no runs in {}\n", folder.display());
    }
    let columns = vec![
        Column::new("run", Side::Left),
        Column::needed("agent", Side::Left, Need::Room(2)),
        Column::needed("seed", Side::Right, Need::Room(3)),
        Column::needed("steps", Side::Right, Need::Extra(2)),
        Column::needed("done", Side::Right, Need::Extra(1)),
        Column::new("success", Side::Right),
        Column::needed("furthest T", Side::Right, Need::Room(1)),
        Column::needed("age", Side::Right, Need::Extra(3)),
        Column::new("status", Side::Left),
    ];
    let mut text = Table { columns, rows: runs.iter().map(row).collect() }.folded(width);
    let mut paragraph = |words: &str| {
        for line in wrapped(words, width.unwrap_or(usize::MAX)) {
            text += &format!("{line}\n");
        }
    };
    paragraph("");
    paragraph(LEGEND);
    for run in runs {
        if let Some(problem) = &run.problem {
            paragraph(&format!("{}: {}: {problem}", run.status.as_str(), run.name));
        }
    }
    paragraph(&count(runs));
    text
}

fn row(run: &Listed) -> Vec<Cell> {
    let known = |text: Option<String>| Cell::from(text.unwrap_or_else(|| "–".to_owned()));
    let done = run.steps.zip(run.steps_asked).map(|(steps, asked)| 100.0 * steps as f64 / asked as f64);
    vec![
        Cell::from(run.name.clone()),
        known(run.agent.map(|agent| agent.to_string())),
        known(run.seed.map(|seed| seed.to_string())),
        known(run.steps.map(grouped)),
        known(done.map(|percent| format!("{} %", percent.floor().min(100.0)))),
        known(run.success_of_feasible.map(percent)),
        known(run.furthest.map(|furthest| furthest.to_string())),
        known(run.age.map(age)),
        Cell { text: run.status.as_str().to_owned(), style: style(run.status) },
    ]
}

/// Seconds in the greatest unit of which there is one: `59 s`, `5 min`, `2 h`, `3 d`.
fn age(seconds: f64) -> String {
    match seconds as u64 {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
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

fn count(runs: &[Listed]) -> String {
    let of = |status: Status| runs.iter().filter(|run| run.status == status).count();
    let counts = Status::ALL.map(|status| (of(status), status.as_str()));
    let parts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}"));
    let noun = if runs.len() == 1 { "run" } else { "runs" };
    format!("{} {noun}: {}", runs.len(), parts.collect::<Vec<_>>().join(", "))
}
