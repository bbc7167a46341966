//! Table and section of the program experiments, size by size.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::code::Kind;
use super::config::ProgramConfig;
use super::model::ProgramModel;
use super::outcome::ProgramSummary;
use crate::results::numbers::percent;

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

// Writing to a string cannot fail, here and below.

/// Writes the table of a run.
pub fn text(config: &ProgramConfig, summary: &ProgramSummary) -> String {
    let trained = config.kind.trained();
    let mut text = format!("{} by {}, trained on programs of up to {trained}\n", config.kind, config.model);
    text += "numbers          solved      95 % interval   right   mean absolute error\n";
    for at in &summary.sizes {
        let (low, high) = at.rate.ci95;
        let median = |median: Option<f64>| median.unwrap_or(f64::NAN);
        let _ = writeln!(
            text,
            "{:<14} {:>3} of {:<3}      {:>3.0}–{:<3.0} %     {:>7}   {:>19.2}",
            at.size.to_string(),
            at.rate.solved,
            at.rate.seeds,
            100.0 * low,
            100.0 * high,
            percent(median(at.right.map(|right| right.median))),
            median(at.absolute.map(|absolute| absolute.median)),
        );
    }
    text
}

/// Writes the section of the page, with this picture: a table for each kind.
pub fn section(entries: &[ProgramEntry], picture: &str) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\n## Programs\n\nProgram by program, character by character: `12+345.`, `12-345+6.`, \
         `12-(3if40<5else60)+7.`; trained on numbers of up to two digits and up to three of them, asked with longer numbers \
         and with more of them, 1,024 programs of each size. Seeds with 99 % of the answers right when rounded, and \
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
                let _ = write!(text, " {} of {} | {error} |", at.rate.solved, at.rate.seeds);
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
