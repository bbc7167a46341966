//! What reads sequences: its experiments, and its tables.

use std::fmt::Write;

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::published::Published;
use gridworld_numeracy::summary::Median;
use gridworld_numeracy::tasks::Operation;
use gridworld_numeracy::tasks::language::{LanguageModel, LanguageSummary};
use gridworld_numeracy::tasks::program::{Kind, ProgramModel, ProgramSummary};
use gridworld_numeracy::tasks::recurrent_arithmetic::{RecurrentModel, RecurrentSummary};
use serde::{Deserialize, Serialize};

use super::markdown::{picture, rate};
use crate::charts::Drawing;
use crate::output::numbers::percent;

/// What reads each operation's sequences: ours, then the published cells, then what is usual for sequences.
fn models(operation: Operation) -> Vec<RecurrentModel> {
    use RecurrentModel::{Cell, Gru, Lstm, RunningSum};
    let ours = match operation {
        Operation::Add | Operation::Sub => CellName::Nau,
        Operation::Mul | Operation::Square => CellName::Nmu,
        Operation::Div => CellName::Quotient,
        Operation::Root => CellName::Root,
    };
    let mut models = vec![RunningSum(ours), Cell(CellName::Nac), Cell(CellName::Nalu)];
    if ours.below() == ours {
        models.push(Cell(ours));
    }
    models.extend([Gru, Lstm]);
    models
}

/// One experiment over sequences.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecurrentEntry {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub model: RecurrentModel,
    /// What it came to.
    pub summary: RecurrentSummary,
}

/// One experiment with language.
#[derive(Debug, Serialize, Deserialize)]
pub struct LanguageEntry {
    /// What reads the words.
    pub model: LanguageModel,
    /// What it came to.
    pub summary: LanguageSummary,
}

/// One experiment with programs.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProgramEntry {
    /// What the programs do.
    pub kind: Kind,
    /// What reads them.
    pub model: ProgramModel,
    /// What it came to.
    pub summary: ProgramSummary,
}

/// Operations and what reads their sequences.
pub fn recurrent_plan() -> impl Iterator<Item = (Operation, RecurrentModel)> {
    let of = |operation| models(operation).into_iter().map(move |model| (operation, model));
    Operation::ALL.into_iter().flat_map(move |(operation, _)| of(operation))
}

/// Programs and what reads them.
pub fn program_plan() -> impl Iterator<Item = (Kind, ProgramModel)> {
    let of = |kind| ProgramModel::ALL.into_iter().map(move |(model, _)| (kind, model));
    Kind::ALL.into_iter().flat_map(move |(kind, _)| of(kind))
}

/// The name of an experiment over sequences.
pub fn recurrent_name(operation: Operation, model: RecurrentModel) -> String {
    format!("recurrent-{operation}-{model}")
}

/// The name of an experiment with language.
pub fn language_name(model: LanguageModel) -> String {
    format!("language-{model}")
}

/// The name of an experiment with programs.
pub fn program_name(kind: Kind, model: ProgramModel) -> String {
    format!("program-{kind}-{model}")
}

/// The names of these experiments, in their order.
pub fn names() -> impl Iterator<Item = String> {
    let recurrent = recurrent_plan().map(|(operation, model)| recurrent_name(operation, model));
    let language = LanguageModel::ALL.into_iter().map(|(model, _)| language_name(model));
    recurrent.chain(language).chain(program_plan().map(|(kind, model)| program_name(kind, model)))
}

// Writing to a string cannot fail, here and below.

/// The table of arithmetic over sequences.
pub fn recurrent(text: &mut String, entries: &[RecurrentEntry], drawings: &[Drawing]) {
    let Some(first) = entries.first() else { return };
    let lengths = || first.summary.lengths.iter().map(|at| at.length);
    let _ = write!(
        text,
        "\n## Sums over time\n\nTen features a time step, U[1, 2]; the sums of two groups of them over all time steps, and \
         an operation. Trained on sequences of {}, asked at the lengths of the columns: seeds whose error is below that of \
         sums that are off by 10⁻⁵, with 95 % intervals (Wilson), and the median relative error. `sum-` cells are ours.\n\n\
         {}| operation | cell | seeds |",
        first.summary.trained(),
        picture("recurrent", drawings),
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
}

/// The tables of programs, one for each kind.
pub fn program(text: &mut String, entries: &[ProgramEntry], drawings: &[Drawing]) {
    if entries.is_empty() {
        return;
    }
    let _ = write!(
        text,
        "\n## Programs\n\nProgram by program, character by character: `12+345.`, `12-345+6.`, \
         `12-(3if40<5else60)+7.`; trained on numbers of up to two digits and up to three of them, asked with longer numbers \
         and with more of them, 1,024 programs of each size. Seeds with 99 % of the answers right when rounded, and \
         the mean absolute error, median over seeds. `calculator` is ours.\n\n{}",
        picture("program", drawings)
    );
    for (kind, _) in Kind::ALL {
        let of_kind: Vec<&ProgramEntry> = entries.iter().filter(|entry| entry.kind == kind).collect();
        let Some(first) = of_kind.first() else { continue };
        let sizes = || first.summary.sizes.iter().map(|at| at.size);
        let _ = write!(text, "| {kind} |");
        sizes().for_each(|size| _ = write!(text, " {size} | error |"));
        let _ = write!(text, "\n|---|{}", "--:|".repeat(2 * sizes().count()));
        for entry in of_kind {
            let _ = write!(text, "\n| {} |", entry.model);
            for at in &entry.summary.sizes {
                let error = at.absolute.map_or("–".to_owned(), |absolute| short(absolute.median));
                let _ = write!(text, " {} of {} | {error} |", at.rate.solved, at.rate.seeds);
            }
        }
        text.push_str("\n\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
}

/// An error with what digits it needs.
fn short(error: f64) -> String {
    match error {
        error if error >= 1e5 => format!("{error:.0e}"),
        error if error >= 100.0 => format!("{error:.0}"),
        error if error >= 0.01 => format!("{error:.2}"),
        _ => "0".to_owned(),
    }
}

/// The table of language.
pub fn language(text: &mut String, entries: &[LanguageEntry], published: &Published, drawings: &[Drawing]) {
    let Some(first) = entries.first() else { return };
    let _ = write!(
        text,
        "\n## Language to number\n\n169 numbers in words to learn from, 200 to choose by, 631 to be judged by. Mean absolute \
         error, median over {} seeds with the sign test's interval. `-each` cells are read after each word, `-pairs` sum \
         what they make of each word and the one after it; `register` is ours. *Article*: {}. *Reproduction*: {}.\n\n\
         {}| model | learned from | chosen by | judged by | article | reproduction | right when rounded |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
        first.summary.rate.seeds,
        published.language_article,
        published.language_reproduction,
        picture("language", drawings),
    );
    let median = |median: &Option<Median>| median.map_or("–".to_owned(), |median| format!("{median:.2}"));
    for LanguageEntry { model, summary } in entries {
        let errors = [&summary.training, &summary.validation, &summary.test].map(median);
        let right = summary.right.map_or(0.0, |right| right.median);
        let theirs = published.words(*model);
        let judged = |errors: Option<[f64; 3]>| errors.map_or("–".to_owned(), |[.., test]| format!("{test:.2}"));
        let (article, reproduction) =
            (judged(theirs.and_then(|words| words.article)), judged(theirs.and_then(|words| words.reproduction)));
        let _ =
            writeln!(text, "| {model} | {} | {article} | {reproduction} | {} |", errors.join(" | "), percent(right));
    }
}
