//! Text and section of the language experiments.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::config::LanguageConfig;
use super::model::LanguageModel;
use super::outcome::LanguageSummary;
use crate::published::Published;
use crate::results::numbers::percent;
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
    let error = |what: &str, median: &Option<Median>| {
        let median = median.map_or("none".to_owned(), |median| format!("{median:.3}"));
        format!("{what} {median}")
    };
    let right = summary.right.as_ref().map_or(0.0, |right| right.median);
    format!(
        "language by {}: mean absolute error {}, {}, {} (medians of {} seeds, 95 % intervals)\n\
         {} of the test's answers are right when rounded; {} seeds have an error below a half\n",
        config.model,
        error("training", &summary.training),
        error("validation", &summary.validation),
        error("test", &summary.test),
        summary.rate.seeds,
        percent(right),
        summary.rate.solved,
    )
}

/// Writes the section of the page, with this picture.
pub fn section(entries: &[LanguageEntry], published: &Published, picture: &str) -> String {
    let Some(first) = entries.first() else { return String::new() };
    let mut text = format!(
        "\n## Language to number\n\n169 numbers in words to learn from, 200 to choose by, 631 to be judged by. Mean absolute \
         error, median over {} seeds with the sign test's interval. `-each` cells are read after each word, `-pairs` sum \
         what they make of each word and the one after it; `register` is ours. *Article*: {}. *Reproduction*: {}.\n\n\
         {picture}| model | learned from | chosen by | judged by | article | reproduction | right when rounded |\n\
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
