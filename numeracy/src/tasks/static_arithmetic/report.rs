//! Text and sections of the static arithmetic experiments.

use std::fmt::Write;

use super::config::StaticConfig;
use super::entry::StaticEntry;
use crate::published::{Published, Relative};
use crate::results::numbers::{grouped, power, rate, seeds_solved, short};
use crate::tasks::Summary;

/// Writes the summary of a run for people.
pub fn text(config: &StaticConfig, summary: &Summary) -> String {
    let Summary { rate, threshold, solved_at, sparsity_error, .. } = summary;
    let mut text = format!("{} by {}: {}\n", config.operation, config.cell, seeds_solved(rate));
    if let (Some(at), Some(sparsity)) = (solved_at, sparsity_error) {
        let (at, sparsity) = (grouped(at.median.round() as u64), short(Some(sparsity.median)));
        text += &format!("median over the solved seeds: solved after {at} updates, sparsity error {sparsity}\n");
    }
    text += &format!(
        "\nsolved: mean squared error on {} below {threshold:.1e}, the error with first-layer weights off by 10⁻⁵\n",
        config.extrapolation
    );
    text + "sparsity error: largest distance of a weight from the nearest of −1, 0 and 1\n"
}

// Writing to a string cannot fail, here and below.

/// Writes the sections of the page, with this picture: the shares of seeds that are solved, and the errors.
pub fn section(entries: &[StaticEntry], published: &Published, picture: &str) -> String {
    let mut text = String::new();
    solved(&mut text, entries, published, picture);
    relative(&mut text, entries, published);
    text
}

fn solved(text: &mut String, entries: &[StaticEntry], published: &Published, picture: &str) {
    let _ = write!(
        text,
        "\n## Sums of subsets: seeds solved\n\nAn operation on the sums of two overlapping quarters of a hundred inputs, \
         learned by two layers. Trained on U[1, 2], tested on U[2, 6]. A seed is *solved* if its mean squared error on the \
         test is below that of a solution whose first-layer weights are off by 10⁻⁵. In brackets: 95 % intervals \
         (Wilson). *solved at* is the median number of updates, with the sign test's interval. Training stops early once \
         the seed was solved at all of the last hundred checks (a thousand updates apart) and, with a regularizer, its \
         weights are whole numbers; so the median sparsity error of cells without a regularizer is measured earlier than \
         the published mean. `quotient` and `root` are ours (the exponent of a root is ½, which counts as a sparsity \
         error), and so is the later regularizer. Published: {}.\n\n{picture}\
         | operation | cell | seeds | updates | success | published | solved at | published | sparsity error | published |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        published.successes_source,
    );
    for entry in entries {
        let summary = &entry.summary;
        let is_published = entry.is_published();
        let late = if is_published { "" } else { ", regularizer later (ours)" };
        let theirs = published.success(entry.operation, entry.cell).filter(|_| is_published);
        let success = theirs.map(|theirs| {
            let (low, high) = theirs.ci95;
            format!("{} % ({low}–{high})", theirs.success)
        });
        let interval = summary.solved_at.and_then(|at| at.ci95);
        let interval = interval.map(|(low, high)| format!(" ({low:.1e}–{high:.1e})")).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | {}{late} | {} | {:.0e} | {} | {} | {}{interval} | {} | {} | {} |",
            entry.operation,
            entry.cell,
            summary.rate.seeds,
            entry.updates as f64,
            rate(&summary.rate),
            success.unwrap_or("–".to_owned()),
            power(summary.solved_at.map(|at| at.median)),
            power(theirs.and_then(|theirs| theirs.solved_at)),
            power(summary.sparsity_error.map(|error| error.median)),
            power(theirs.and_then(|theirs| theirs.sparsity_error)),
        );
    }
}

fn relative(text: &mut String, entries: &[StaticEntry], published: &Published) {
    let _ = write!(
        text,
        "\n## Sums of subsets: error relative to an untrained network\n\nThe same seeds: mean squared error in % of \
         that of the same network before training, median over seeds. Published: {}. The article does not state the number \
         of updates, units or seeds, nor the error measure.\n\n\
         | operation | cell | U[1, 2] | published | U[2, 6] | published |\n|---|---|--:|--:|--:|--:|\n",
        published.relative_source
    );
    for entry in entries.iter().filter(|entry| entry.is_published()) {
        let theirs = published.relative(entry.operation, entry.cell);
        let ours = |error: Option<f64>| error.map_or("–".to_owned(), |error| format!("{error:.1}"));
        let theirs = |error: fn(&Relative) -> f64| ours(theirs.map(error));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            entry.operation,
            entry.cell,
            ours(entry.summary.relative_interpolation),
            theirs(|relative| relative.interpolation),
            ours(entry.summary.relative_extrapolation),
            theirs(|relative| relative.extrapolation),
        );
    }
}
