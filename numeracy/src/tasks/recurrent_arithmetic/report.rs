//! Table and section of the experiments over sequences, length by length.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::config::RecurrentConfig;
use super::model::RecurrentModel;
use super::outcome::RecurrentSummary;
use crate::results::columns::{columns, head};
use crate::results::numbers::{grouped, interval, or_infinite, rate, short, solved};
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

/// Writes the table of a run.
pub fn text(config: &RecurrentConfig, summary: &RecurrentSummary) -> String {
    let median = |median: &Option<Median>| median.map(|median| median.median);
    let mut rows = vec![head(["length", "solved", "95 % interval", "relative error", "vs untrained"])];
    rows.extend(summary.lengths.iter().map(|at| {
        let of_random =
            median(&at.of_random).map_or("–".to_owned(), |share| or_infinite(share, format!("{share:.2} %")));
        let relative = short(median(&at.relative));
        vec![grouped(at.length as u64), solved(&at.rate), interval(at.rate.ci95), relative, of_random]
    }));
    let RecurrentConfig { operation, model, .. } = config;
    format!(
        "{operation} by {model}, trained on length {}\n\n{}\n\
         solved: mean squared error below that with each sum off by 10⁻⁵\n\
         relative error: root mean squared error / root mean square of the targets, median over seeds\n\
         vs untrained: root mean squared error in % of that of the network before training, median over seeds\n",
        summary.trained(),
        columns(0, &rows)
    )
}

// Writing to a string cannot fail, here and below.

/// Writes the section of the page, with this picture.
pub fn section(entries: &[RecurrentEntry], picture: &str) -> String {
    let Some(first) = entries.first() else { return String::new() };
    let lengths = || first.summary.lengths.iter().map(|at| at.length);
    let mut text = format!(
        "\n## Sums over time\n\nAn operation on the sums of two groups of features over all time steps; a step has ten \
         features from U[1, 2]. Trained on length {}, tested on the lengths of the columns: seeds solved, whose mean squared \
         error is below that with each sum off by 10⁻⁵, with 95 % intervals (Wilson), and the median relative error. \
         `sum-` cells are ours.\n\n\
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
