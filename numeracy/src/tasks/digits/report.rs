//! Tables and page of the experiments with digits, length by length.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::{DigitsCell, DigitsConfig, DigitsOperation, DigitsSummary, LengthSummary, Source};
use crate::results::columns::{columns, head};
use crate::results::numbers::{grouped, interval, percent, short, solved};
use crate::summary::Median;

/// An experiment with digits and its summary, for the page of results.
#[derive(Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DigitsEntry {
    /// Operation on the digits.
    pub operation: DigitsOperation,
    /// Cell that counts, adds or multiplies.
    pub cell: DigitsCell,
    /// Number of updates of a seed.
    pub steps: u64,
    /// Number of images to train on.
    pub train: usize,
    /// Number of images to test on.
    pub test: usize,
    /// Seconds of work on a seed, mean.
    pub seconds: f64,
    /// Summary of all seeds.
    pub summary: DigitsSummary,
}

// Writing to a string cannot fail, here and below.

/// Writes the table of a run.
pub fn text(config: &DigitsConfig, summary: &DigitsSummary) -> String {
    let of = match config.operation {
        DigitsOperation::Count => "counts",
        DigitsOperation::Sum => "sums",
        DigitsOperation::Product => "products",
    };
    let (measure, error): (&str, fn(&LengthSummary) -> Option<Median>) = match config.operation {
        DigitsOperation::Count | DigitsOperation::Sum => ("absolute error", |row| row.mae),
        DigitsOperation::Product => ("relative error", |row| row.relative),
    };
    let mut heads = head(["length", measure, "squared error", "exact"]);
    if config.reference.is_some() {
        heads.extend(head(["solved", "95 % interval"]));
    }
    let number = |median: Option<Median>| short(median.map(|median| median.median));
    let row = |row: &LengthSummary| {
        let exact = row.exact.map_or("–".to_owned(), |exact| percent(exact.median));
        let mut cells = vec![grouped(row.length as u64), number(error(row)), number(row.mse), exact];
        cells.extend(row.solved.iter().flat_map(|rate| [solved(rate), interval(rate.ci95)]));
        cells
    };
    let rows: Vec<Vec<String>> = std::iter::once(heads).chain(summary.lengths.iter().map(row)).collect();
    let Source { train, test, .. } = &config.digits;
    let mut text = format!(
        "{of} of MNIST digits by {}: {} seeds, {} training images, {} test images\n\n{}\n\
         means over sequences, medians over seeds; trained on length {}\n\
         exact: sequences with every output correct after rounding\n",
        config.cell,
        summary.seeds,
        grouped(*train as u64),
        grouped(*test as u64),
        columns(0, &rows),
        config.length,
    );
    match &config.reference {
        Some(reference) => {
            let (run, seeds) = (reference.run.display(), reference.seeds);
            let _ = writeln!(
                text,
                "solved: squared error below the upper end of the 99 % interval of the mean over {seeds} seeds of {run}"
            );
        }
        None if config.cell == DigitsCell::Perfect => {}
        None => text.push_str("to see which seeds are solved, name a run of --cell perfect with --reference RUN\n"),
    }
    text
}

/// Writes the page, with the command that makes it; nothing where no experiment is finished.
pub fn page(entries: &[DigitsEntry], command: &str) -> Option<String> {
    let first = entries.first()?;
    let (train, test) = (grouped(first.train as u64), grouped(first.test as u64));
    let (seeds, steps) = (first.summary.seeds, grouped(first.steps));
    let mut text = format!(
        "# Counting, adding and multiplying MNIST digits

Written by `{command}`; not to be edited by hand.

A convnet reads each digit, a recurrent cell counts the digits of each class, adds or multiplies them, and
both learn together from the answers alone: to sequences of ten digits (Trask et al. 2018, §4.3), or of two
for products, which have no zeros (Madsen & Johansen 2020, §4.2). {train} training images, {test} test
images, zeros included; test sequences are drawn from these with replacement and are the same for every seed
and cell. Seeds 1 to {seeds}, {steps} updates of eighty digits each.

A seed is *solved* at a length if its squared error is below the upper end of the one-sided 99 % interval of
the mean over seeds of a network with perfect arithmetic and the same convnet (Madsen & Johansen 2020,
appendix D.1). With ten seeds that end is 0.9 standard deviations above the mean, so one or two of ten such
networks are not solved themselves: more than eight or nine of ten are chance. Errors are medians over seeds:
absolute per output, or relative for products. *exact* is the share of sequences with every output correct
after rounding.
"
    );
    use DigitsOperation::{Count, Product, Sum};
    for (operation, title) in [(Sum, "Sums"), (Count, "Counts of ten classes"), (Product, "Products")] {
        let found: Vec<&DigitsEntry> = entries.iter().filter(|entry| entry.operation == operation).collect();
        if !found.is_empty() {
            let _ = write!(text, "\n## {title}\n\n{}", table(operation, &found));
        }
    }
    Some(text)
}

/// Writes the table of an operation.
fn table(operation: DigitsOperation, entries: &[&DigitsEntry]) -> String {
    let lengths: Vec<u64> = operation.tests().iter().map(|(length, _)| *length as u64).collect();
    let ([first, between @ .., last], trained) = (&lengths[..], operation.length()) else { return String::new() };
    let at = |length: &u64| format!("at {}", grouped(*length));
    let mut heads = vec!["cell".to_owned(), format!("solved at {}", grouped(*last)), "95 % interval".to_owned()];
    heads.extend(between.iter().map(at));
    heads.push(format!("error at {first}"));
    heads.extend(lengths[1..].iter().map(at));
    heads.extend([format!("exact at {first}"), format!("at {trained}")]);
    heads.extend(["sparsity error".to_owned(), "seconds per seed".to_owned()]);
    let mut text = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for entry in entries {
        let _ = writeln!(text, "| {} |", row(entry).join(" | "));
    }
    text
}

/// Gives the row of an experiment in the table.
fn row(entry: &DigitsEntry) -> Vec<String> {
    let DigitsEntry { operation, cell, seconds, summary, .. } = entry;
    let [first, between @ .., last] = &summary.lengths[..] else { return vec![cell.to_string()] };
    let solved = |at: &LengthSummary| at.solved.map_or("–".to_owned(), |rate| solved(&rate));
    let interval = last.solved.map_or("–".to_owned(), |rate| interval(rate.ci95));
    let error = |at: &LengthSummary| match operation {
        DigitsOperation::Product => three_digits(at.relative),
        DigitsOperation::Count | DigitsOperation::Sum => three_digits(at.mae),
    };
    let trained = summary.lengths.iter().find(|at| at.length == operation.length()).unwrap_or(first);
    let exact = |at: &LengthSummary| at.exact.map_or("–".to_owned(), |share| percent(share.median));
    let mut cells = vec![title(*cell).to_owned(), solved(last), interval];
    cells.extend(between.iter().map(solved));
    cells.extend(summary.lengths.iter().map(error));
    cells.extend([exact(first), exact(trained), three_digits(summary.sparsity_error), format!("{seconds:.0}")]);
    cells
}

/// Gives the name of a cell on the page.
fn title(cell: DigitsCell) -> &'static str {
    match cell {
        DigitsCell::Perfect => "perfect (the reference)",
        DigitsCell::Counter => "counter (ours)",
        DigitsCell::NauRounded => "NAU, rounded (ours)",
        DigitsCell::Nau => "NAU",
        DigitsCell::Nac => "NAC",
        DigitsCell::Nalu => "NALU",
        DigitsCell::NmuRounded => "NMU, rounded (ours)",
        DigitsCell::Nmu => "NMU",
        DigitsCell::NacMul => "multiplying NAC",
        DigitsCell::Linear => "linear",
        DigitsCell::Lstm => "LSTM",
        DigitsCell::Gru => "GRU",
        DigitsCell::Rnn => "RNN",
    }
}

/// Writes a median with three significant digits, without zeros at the end; a dash where there is none that is finite.
fn three_digits(median: Option<Median>) -> String {
    let Some(value) = median.map(|median| median.median).filter(|value| value.is_finite()) else {
        return "–".to_owned();
    };
    if value >= 1e5 {
        let (digits, power) = split_power(&format!("{value:.1e}"));
        return format!("{digits}e{power:+03}");
    }
    if value >= 100.0 {
        return grouped(value.round_ties_even() as u64);
    }
    let (digits, power) = split_power(&format!("{value:.2e}"));
    if power < -4 {
        return format!("{}e{power:+03}", without_zeros(&digits));
    }
    without_zeros(&format!("{value:.*}", (2 - power).max(0) as usize))
}

/// Splits a number such as `1.5e-7` into its digits and the power of ten.
fn split_power(number: &str) -> (String, i32) {
    let (digits, power) = number.split_once('e').unwrap_or((number, "0"));
    (digits.to_owned(), power.parse().unwrap_or(0))
}

/// Removes the zeros that end a number's fraction.
fn without_zeros(number: &str) -> String {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number.to_owned() }
}
