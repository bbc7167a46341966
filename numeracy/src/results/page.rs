//! The section as text.

use std::fmt::Write;

use crate::cells::CellName;
use crate::published::Published;

use super::markdown::{Picture, picture, rate};
use super::reference::{Reference, SingleEntry};
use super::sequences;

/// The section.
pub fn text(reference: &Reference, drawings: &[Picture]) -> String {
    let published = Published::all();
    let mut text = format!(
        "# Arithmetic\n\nWritten by `{}`; not to be edited by hand. The figures are in \
         `runs/reference/numeracy.json`.\n",
        reference.command
    );
    static_arithmetic(&mut text, reference, &published, drawings);
    relative(&mut text, reference, &published);
    single(&mut text, reference);
    identity(&mut text, reference, drawings);
    sequences::recurrent(&mut text, &reference.recurrent, drawings);
    sequences::language(&mut text, &reference.language, &published, drawings);
    sequences::program(&mut text, &reference.program, drawings);
    text
}

/// A number as 1.8e4; a dash where there is none.
fn power(number: Option<f64>) -> String {
    number.map_or("–".to_owned(), |number| format!("{number:.1e}"))
}

// Writing to a string cannot fail, here and below.

fn static_arithmetic(text: &mut String, reference: &Reference, published: &Published, drawings: &[Picture]) {
    let _ = write!(
        text,
        "\n## Sums of subsets: how many seeds find the solution\n\nA hundred inputs, the sums of two overlapping \
         quarters of them, an operation; two layers. Trained on U[1, 2], tested on U[2, 6]. A seed counts if its error \
         there is below that of a solution whose first layer is off by 10⁻⁵. In brackets 95 % intervals (Wilson); \
         *solved at* is the median update, with the sign test's interval. A seed ends before its last update once it would \
         have counted at any of the last hundred checks (a thousand updates apart) and, where a regularizer makes weights \
         whole, they are; so the sparsity error (median) of cells without one is that of an earlier time than the \
         published mean. `quotient` and `root` are ours (a root's exponent is ½, which its sparsity error counts), and so is a \
         regularizer that comes later than published. Published: {}.\n\n{}\
         | operation | cell | seeds | updates | success | published | solved at | published | sparsity error | published |\n\
         |---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        published.successes_source,
        picture("static", drawings),
    );
    for entry in &reference.static_arithmetic {
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

fn relative(text: &mut String, reference: &Reference, published: &Published) {
    let _ = write!(
        text,
        "\n## Sums of subsets: the error, as the first paper reports it\n\nThe same trainings: mean squared error in per \
         cent of that of the same network before training, median over seeds. Published: {}. It does not say how many \
         updates, units or seeds, nor which error.\n\n\
         | operation | cell | U[1, 2] | published | U[2, 6] | published |\n|---|---|--:|--:|--:|--:|\n",
        published.relative_source
    );
    for entry in reference.static_arithmetic.iter().filter(|entry| entry.is_published()) {
        let theirs = published.relative(entry.operation, entry.cell);
        let ours = |error: Option<f64>| error.map_or("–".to_owned(), |error| format!("{error:.1}"));
        let theirs = |error: fn(&crate::published::Relative) -> f64| ours(theirs.map(error));
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

fn single(text: &mut String, reference: &Reference) {
    let Some(SingleEntry { ranges, .. }) = reference.single.first() else { return };
    text.push_str(
        "\n## One cell, two numbers, nine ranges\n\nThe single-layer task of Mistry et al. 2022 (arXiv:2101.09530): seeds \
         that are solved, of those that were trained, on each range; the error must be below that of a solution that \
         is off by 10⁻⁵. `nmu-all` is ours: an NMU whose weights begin near 1.\n\n| operation | cell |",
    );
    let heads: String = ranges.iter().map(|range| format!(" {} |", range.interpolation)).collect();
    let _ = write!(text, "{heads}\n|---|---|{}", "--:|".repeat(ranges.len()));
    for entry in &reference.single {
        let rates = entry.ranges.iter().map(|range| range.summary.rate);
        let rates: String = rates.map(|rate| format!(" {} of {} |", rate.solved, rate.seeds)).collect();
        let _ = write!(text, "\n| {} | {} |{rates}", entry.operation, entry.cell);
    }
    text.push('\n');
}

fn identity(text: &mut String, reference: &Reference, drawings: &[Picture]) {
    let Some(first) = reference.identity.first() else { return };
    let _ = write!(
        text,
        "\n## Identity\n\nAutoencoders of a number, three hidden layers of eight units, trained on −5..5: the mean \
         absolute error there and beyond, to ±20, mean of {} seeds each (Trask et al. 2018, figure 1).\n\n\
         {}\
         | cell | −5..5 | beyond |\n|---|--:|--:|\n",
        first.seeds,
        picture("identity", drawings),
    );
    for curve in &reference.identity {
        let cell = if curve.cell == CellName::Nac { "nac, all layers" } else { curve.cell.as_str() };
        let [trained, beyond] = [curve.trained, curve.beyond]
            .map(|error| if error.is_finite() { format!("{error:.4}") } else { "∞".to_owned() });
        let _ = writeln!(text, "| {cell} | {trained} | {beyond} |");
    }
}
