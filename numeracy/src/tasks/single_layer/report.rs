//! Table and section of the single-layer experiments, range by range.

use std::fmt::Write;

use super::config::SingleConfig;
use super::summary::{OfRange, SingleEntry};
use crate::results::columns::{columns, head};
use crate::results::numbers::{grouped, solved};

/// Writes the table of a run.
pub fn text(config: &SingleConfig, ranges: &[OfRange]) -> String {
    let mut rows = vec![head(["trained on", "tested on", "solved", "after updates"])];
    rows.extend(ranges.iter().map(|OfRange { interpolation, extrapolation, summary }| {
        let at = summary.solved_at.map_or("–".to_owned(), |at| grouped(at.median.round() as u64));
        vec![interpolation.to_string(), extrapolation.to_string(), solved(&summary.rate), at]
    }));
    let SingleConfig { operation, cell, .. } = config;
    format!(
        "{operation} by {cell}: seeds solved on each range\n\n{}\nsolved: mean squared error on the test range below \
         that of a solution that is off by 10⁻⁵\nafter updates: median over the solved seeds\n",
        columns(2, &rows)
    )
}

// Writing to a string cannot fail, here and below.

/// Writes the section of the page.
pub fn section(entries: &[SingleEntry]) -> String {
    let Some(SingleEntry { ranges, .. }) = entries.first() else { return String::new() };
    let mut text = "\n## One cell, two numbers, nine ranges\n\nThe single-layer task of Mistry et al. 2022 \
         (arXiv:2101.09530): seeds solved for each training range. A seed is *solved* if its mean squared error on the \
         test range is below that of a solution that is off by 10⁻⁵. `nmu-all` is ours: an NMU whose weights start near 1.\n\n\
         | operation | cell |"
        .to_owned();
    let heads: String = ranges.iter().map(|range| format!(" {} |", range.interpolation)).collect();
    let _ = write!(text, "{heads}\n|---|---|{}", "--:|".repeat(ranges.len()));
    for entry in entries {
        let rates = entry.ranges.iter().map(|range| range.summary.rate);
        let rates: String = rates.map(|rate| format!(" {} |", solved(&rate))).collect();
        let _ = write!(text, "\n| {} | {} |{rates}", entry.operation, entry.cell);
    }
    text.push('\n');
    text
}
