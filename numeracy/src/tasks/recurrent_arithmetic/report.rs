//! Table and section of the experiments over sequences, length by length.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::config::RecurrentConfig;
use super::model::RecurrentModel;
use super::outcome::RecurrentSummary;
use crate::results::numbers::{or_infinite, rate};
use crate::summary::Median;
use crate::tasks::Operation;

/// An experiment over sequences and its summary, for the page of results.
#[derive(Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecurrentEntry {
    /// Operation that is learned.
    pub operation: Operation,
    /// Model that learns it.
    pub model: RecurrentModel,
    /// Summary of all seeds.
    pub summary: RecurrentSummary,
}

// Writing to a string cannot fail, here and below.

/// Writes the table of a run.
pub fn text(config: &RecurrentConfig, summary: &RecurrentSummary) -> String {
    let median = |median: &Option<Median>| median.map_or(f64::NAN, |median| median.median);
    let mut text = format!("{} by {}, trained on sequences of {}\n", config.operation, config.model, summary.trained());
    text += "length   solved           95 % interval   relative error   of a random network\n";
    for at in &summary.lengths {
        let (low, high) = at.rate.ci95;
        let (relative, of_random) = (median(&at.relative), median(&at.of_random));
        let _ = writeln!(
            text,
            "{:>6}   {:>3} of {:<3} {:>4.0} %   {:>3.0}–{:<3.0} %   {:>14}   {:>18} %",
            at.length,
            at.rate.solved,
            at.rate.seeds,
            100.0 * at.rate.rate,
            100.0 * low,
            100.0 * high,
            or_infinite(relative, format!("{relative:.1e}")),
            or_infinite(of_random, format!("{of_random:.2}")),
        );
    }
    text
}

/// Writes the section of the page, with this picture.
pub fn section(entries: &[RecurrentEntry], picture: &str) -> String {
    let Some(first) = entries.first() else { return String::new() };
    let lengths = || first.summary.lengths.iter().map(|at| at.length);
    let mut text = format!(
        "\n## Sums over time\n\nTen features a time step, U[1, 2]; the sums of two groups of them over all time steps, and \
         an operation. Trained on sequences of {}, asked at the lengths of the columns: seeds whose error is below that of \
         sums that are off by 10⁻⁵, with 95 % intervals (Wilson), and the median relative error. `sum-` cells are ours.\n\n\
         {picture}| operation | cell | seeds |",
        first.summary.trained(),
    );
    lengths().for_each(|length| _ = write!(text, " {length} steps | error |"));
    let _ = write!(text, "\n|---|---|--:|{}", "--:|".repeat(2 * lengths().count()));
    for entry in entries {
        let seeds = entry.summary.lengths.first().map_or(0, |at| at.rate.seeds);
        let _ = write!(text, "\n| {} | {} | {seeds} |", entry.operation, entry.model);
        for at in &entry.summary.lengths {
            let error = at.relative.map_or("–".to_owned(), |relative| match relative.median {
                median if median.is_finite() => format!("{median:.0e}"),
                _ => "∞".to_owned(),
            });
            let _ = write!(text, " {} | {error} |", rate(&at.rate));
        }
    }
    text.push('\n');
    text
}
