//! Text and sections of the static arithmetic experiments.

use std::fmt::Write;

use super::config::StaticConfig;
use super::entry::StaticEntry;
use crate::published::{Published, Relative};
use crate::results::numbers::{power, rate};
use crate::tasks::Summary;

/// Writes the summary of a run for people.
pub fn text(config: &StaticConfig, summary: &Summary) -> String {
    let rate = &summary.rate;
    let mut text = format!(
        "{} by {}: {} of {} seeds solved, {:.0} % (95 % interval {:.0}–{:.0} %)\n",
        config.operation,
        config.cell,
        rate.solved,
        rate.seeds,
        100.0 * rate.rate,
        100.0 * rate.ci95.0,
        100.0 * rate.ci95.1,
    );
    if let (Some(at), Some(sparsity)) = (&summary.solved_at, &summary.sparsity_error) {
        text += &format!("solved after {:.0} updates, sparsity error {:.1e} (medians)\n", at.median, sparsity.median);
    }
    text
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
        "\n## Sums of subsets: how many seeds find the solution\n\nA hundred inputs, the sums of two overlapping \
         quarters of them, an operation; two layers. Trained on U[1, 2], tested on U[2, 6]. A seed counts if its error \
         there is below that of a solution whose first layer is off by 10⁻⁵. In brackets 95 % intervals (Wilson); \
         *solved at* is the median update, with the sign test's interval. A seed ends before its last update once it would \
         have counted at any of the last hundred checks (a thousand updates apart) and, where a regularizer makes weights \
         whole, they are; so the sparsity error (median) of cells without one is that of an earlier time than the \
         published mean. `quotient` and `root` are ours (a root's exponent is ½, which its sparsity error counts), and so is a \
         regularizer that comes later than published. Published: {}.\n\n{picture}\
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
        "\n## Sums of subsets: the error, as the first paper reports it\n\nThe same trainings: mean squared error in per \
         cent of that of the same network before training, median over seeds. Published: {}. It does not say how many \
         updates, units or seeds, nor which error.\n\n\
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
