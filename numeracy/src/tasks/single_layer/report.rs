//! Table and section of the single-layer experiments, range by range.

use std::fmt::Write;

use super::config::SingleConfig;
use super::summary::{OfRange, SingleEntry};

// Writing to a string cannot fail, here and below.

/// Writes the table of a run.
pub fn text(config: &SingleConfig, ranges: &[OfRange]) -> String {
    let mut text = format!("{} by {}\n", config.operation, config.cell);
    for OfRange { interpolation, extrapolation, summary } in ranges {
        let (rate, trained) = (&summary.rate, interpolation.to_string());
        let at = summary.solved_at.map_or("–".to_owned(), |at| format!("{:.0}", at.median));
        let _ = writeln!(
            text,
            "{trained:<16} → {:<24} {:>3} of {} solved, after {at} updates",
            extrapolation.to_string(),
            rate.solved,
            rate.seeds
        );
    }
    text
}

/// Writes the section of the page.
pub fn section(entries: &[SingleEntry]) -> String {
    let Some(SingleEntry { ranges, .. }) = entries.first() else { return String::new() };
    let mut text = "\n## One cell, two numbers, nine ranges\n\nThe single-layer task of Mistry et al. 2022 \
         (arXiv:2101.09530): seeds that are solved, of those that were trained, on each range; the error must be below \
         that of a solution that is off by 10⁻⁵. `nmu-all` is ours: an NMU whose weights begin near 1.\n\n\
         | operation | cell |"
        .to_owned();
    let heads: String = ranges.iter().map(|range| format!(" {} |", range.interpolation)).collect();
    let _ = write!(text, "{heads}\n|---|---|{}", "--:|".repeat(ranges.len()));
    for entry in entries {
        let rates = entry.ranges.iter().map(|range| range.summary.rate);
        let rates: String = rates.map(|rate| format!(" {} of {} |", rate.solved, rate.seeds)).collect();
        let _ = write!(text, "\n| {} | {} |{rates}", entry.operation, entry.cell);
    }
    text.push('\n');
    text
}
