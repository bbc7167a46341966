//! Text and section of the language experiments.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::config::LanguageConfig;
use super::data::SPLIT;
use super::model::LanguageModel;
use super::outcome::LanguageSummary;
use crate::published::Published;
use crate::results::columns::{columns, head};
use crate::results::numbers::{percent, seeds_solved};
use crate::summary::Median;

/// A language experiment and its summary, for the page of results.
#[derive(Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LanguageEntry {
    /// Model that reads the words.
    pub model: LanguageModel,
    /// Summary of all seeds.
    pub summary: LanguageSummary,
}

/// Writes the summary of a run for people.
pub fn text(config: &LanguageConfig, summary: &LanguageSummary) -> String {
    let error = |part: &str, numbers: usize, median: &Option<Median>| {
        let error = median.map_or("–".to_owned(), |median| format!("{median:.3}"));
        vec![part.to_owned(), numbers.to_string(), error]
    };
    let [training, validation, test] = SPLIT;
    let rows = [
        head(["part", "numbers", "mean absolute error"]),
        error("training", training, &summary.training),
        error("validation", validation, &summary.validation),
        error("test", test, &summary.test),
    ];
    let right = summary.right.map_or("–".to_owned(), |right| percent(right.median));
    format!(
        "language by {}: {}\n\n{}\n\
         {right} of the test answers correct after rounding (median over seeds)\n\
         error: median over seeds, with its 95 % interval; the checkpoint with the smallest validation error is kept\n\
         solved: mean absolute error on the test below 0.5\n",
        config.model,
        seeds_solved(&summary.rate),
        columns(1, &rows)
    )
}

/// Writes the section of the page, with this picture.
pub fn section(entries: &[LanguageEntry], published: &Published, picture: &str) -> String {
    let Some(first) = entries.first() else { return String::new() };
    let mut text = format!(
        "\n## Language to number\n\nNumber words to numbers: 169 for training, 200 for validation, 631 for the test. Mean \
         absolute error, median over {} seeds with the sign test's interval. `-each` cells are read after each word; \
         `-pairs` cells read each word and the next one, and their outputs are summed; `register` is ours. *Article*: {}. *Reproduction*: {}.\n\n\
         {picture}| model | training | validation | test | article | reproduction | correct after rounding |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
        first.summary.rate.seeds, published.language_article, published.language_reproduction,
    );
    let median = |median: &Option<Median>| median.map_or("–".to_owned(), |median| format!("{median:.2}"));
    for LanguageEntry { model, summary } in entries {
        let errors = [&summary.training, &summary.validation, &summary.test].map(median);
        let right = summary.right.map_or(0.0, |right| 100.0 * right.median);
        let theirs = published.words(*model);
        let judged = |errors: Option<[f64; 3]>| errors.map_or("–".to_owned(), |[.., test]| format!("{test:.2}"));
        let (article, reproduction) =
            (judged(theirs.and_then(|words| words.article)), judged(theirs.and_then(|words| words.reproduction)));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {model} | {} | {article} | {reproduction} | {right:.1} % |", errors.join(" | "));
    }
    text
}
