//! Table and section of the program experiments, size by size.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::code::Kind;
use super::config::ProgramConfig;
use super::model::ProgramModel;
use super::outcome::ProgramSummary;
use crate::results::columns::{columns, head};
use crate::results::numbers::{self, interval, percent, solved};

/// A program experiment and its summary, for the page of results.
#[derive(Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProgramEntry {
    /// Kind of the programs.
    pub kind: Kind,
    /// Model that reads the programs.
    pub model: ProgramModel,
    /// Summary of all seeds.
    pub summary: ProgramSummary,
}

/// Writes the table of a run.
pub fn text(config: &ProgramConfig, summary: &ProgramSummary) -> String {
    let ProgramConfig { kind, model, .. } = config;
    let mut rows = vec![head(["numbers", "solved", "95 % interval", "correct", "mean absolute error"])];
    rows.extend(summary.sizes.iter().map(|at| {
        let correct = at.right.map_or("–".to_owned(), |right| percent(right.median));
        let error = numbers::short(at.absolute.map(|absolute| absolute.median));
        vec![at.size.to_string(), solved(&at.rate), interval(at.rate.ci95), correct, error]
    }));
    format!(
        "{kind} by {model}, trained on programs of up to {}\n\n{}\n\
         numbers: how many a program has, and the digits of each\n\
         solved: at least 99 % of the answers correct after rounding\n\
         correct, mean absolute error: medians over seeds, on 1,024 programs\n",
        kind.trained(),
        columns(1, &rows)
    )
}

// Writing to a string cannot fail, here and below.

/// Writes the section of the page, with this picture: a table for each kind.
pub fn section(entries: &[ProgramEntry], picture: &str) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n## Programs\n\nPrograms read character by character: `12+345.`, `12-345+6.`, \
         `12-(3if40<5else60)+7.`. Trained on up to three numbers of up to two digits, tested on longer numbers and on more \
         of them, 1,024 programs of each size. Seeds solved, with at least 99 % of the answers correct after rounding, and \
         the mean absolute error, median over seeds. `calculator` is ours.\n\n{picture}",
    );
    for (kind, _) in Kind::ALL {
        let of_kind: Vec<&ProgramEntry> = entries.iter().filter(|entry| entry.kind == kind).collect();
        let Some(first) = of_kind.first() else { continue };
        let sizes = || first.summary.sizes.iter().map(|at| at.size);
        let _ = write!(text, "| {kind} |");
        sizes().for_each(|size| _ = write!(text, " {size} | error |"));
        let _ = write!(text, "\n|---|{}", "--:|".repeat(2 * sizes().count()));
        for entry in of_kind {
            let _ = write!(text, "\n| {} |", entry.model);
            for at in &entry.summary.sizes {
                let error = at.absolute.map_or("–".to_owned(), |absolute| short(absolute.median));
                let _ = write!(text, " {} | {error} |", solved(&at.rate));
            }
        }
        text.push_str("\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Writes an error with as many digits as it needs.
fn short(error: f64) -> String {
    match error {
        error if error >= 1e5 => format!("{error:.0e}"),
        error if error >= 100.0 => format!("{error:.0}"),
        error if error >= 0.01 => format!("{error:.2}"),
        _ => "0".to_owned(),
    }
}
