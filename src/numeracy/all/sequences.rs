//! What reads sequences: its experiments, and its tables.

use std::fmt::Write;

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::summary::Median;
use gridworld_numeracy::tasks::Operation;
use gridworld_numeracy::tasks::language::{Language, LanguageConfig, LanguageModel, LanguageSummary};
use gridworld_numeracy::tasks::recurrent_arithmetic::{
    RecurrentArithmetic, RecurrentConfig, RecurrentModel, RecurrentSummary,
};
use serde::{Deserialize, Serialize};

use super::experiments::{Experiments, Planned};
use super::page::{picture, rate};
use crate::failure::Failure;
use crate::numeracy::session::Work;
use crate::numeracy::task::TaskConfig;
use crate::numeracy::{language, recurrent};
use crate::plot::Drawing;

/// What reads each operation's sequences: ours, then the published cells, then what is usual for sequences.
fn models(operation: Operation) -> Vec<RecurrentModel> {
    use RecurrentModel::{Cell, Gru, Lstm, RunningSum};
    let ours = match operation {
        Operation::Add | Operation::Sub => CellName::Nau,
        Operation::Mul | Operation::Square => CellName::Nmu,
        Operation::Div => CellName::Quotient,
        Operation::Root => CellName::RealNpu,
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

fn recurrent_name(operation: Operation, model: RecurrentModel) -> String {
    format!("recurrent-{operation}-{model}")
}

fn language_name(model: LanguageModel) -> String {
    format!("language-{model}")
}

/// The names of these experiments, in their order.
pub fn names() -> Vec<String> {
    let of = |operation| models(operation).into_iter().map(move |model| recurrent_name(operation, model));
    let recurrent = Operation::ALL.into_iter().flat_map(|(operation, _)| of(operation));
    recurrent.chain(LanguageModel::ALL.map(|(model, _)| language_name(model))).collect()
}

impl Experiments<'_> {
    /// Arithmetic over sequences.
    pub fn recurrent(&mut self) -> Result<Vec<RecurrentEntry>, Failure> {
        let mut entries = Vec::new();
        for (operation, _) in Operation::ALL {
            for model in models(operation) {
                let iterations = self.within(recurrent::ITERATIONS);
                let config = RecurrentConfig::new(operation, model, recurrent::UNITS, iterations);
                let planned = Planned {
                    name: recurrent_name(operation, model),
                    task: TaskConfig::Recurrent(config.clone()),
                    seeds: recurrent::SEEDS,
                    work: Work { turns: 1, steps: iterations },
                };
                let summary = self.summary(
                    planned,
                    || RecurrentArithmetic::new(config),
                    |_, outcomes| RecurrentSummary::new(outcomes),
                )?;
                entries.extend(summary.map(|summary| RecurrentEntry { operation, model, summary }));
            }
        }
        Ok(entries)
    }

    /// Language to number.
    pub fn language(&mut self) -> Result<Vec<LanguageEntry>, Failure> {
        let mut entries = Vec::new();
        for (model, _) in LanguageModel::ALL {
            let config = LanguageConfig::new(model, language::UNITS, self.within(language::ITERATIONS));
            let planned = Planned {
                name: language_name(model),
                task: TaskConfig::Language(config.clone()),
                seeds: language::SEEDS,
                work: Work { turns: 1, steps: config.iterations },
            };
            let summary =
                self.summary(planned, || Language::new(config), |_, outcomes| LanguageSummary::new(outcomes))?;
            entries.extend(summary.map(|summary| LanguageEntry { model, summary }));
        }
        Ok(entries)
    }
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
            let error = at.relative.map_or("–".to_owned(), |relative| format!("{:.0e}", relative.median));
            let _ = write!(text, " {} | {error} |", rate(&at.rate));
        }
    }
    text.push('\n');
}

/// The table of language.
pub fn language(text: &mut String, entries: &[LanguageEntry], drawings: &[Drawing]) {
    let Some(first) = entries.first() else { return };
    let _ = write!(
        text,
        "\n## Language to number\n\n169 numbers in words to learn from, 200 to choose by, 631 to be judged by. Mean absolute \
         error, median over {} seeds with the sign test\'s interval. `-each` cells are read after each word; `register` is \
         ours.\n\n{}| model | learned from | chosen by | judged by | right when rounded |\n|---|--:|--:|--:|--:|\n",
        first.summary.rate.seeds,
        picture("language", drawings),
    );
    let median = |median: &Option<Median>| median.map_or("–".to_owned(), |median| format!("{median:.2}"));
    for LanguageEntry { model, summary } in entries {
        let errors = [&summary.training, &summary.validation, &summary.test].map(median);
        let right = summary.right.map_or(0.0, |right| 100.0 * right.median);
        let _ = writeln!(text, "| {model} | {} | {right:.1} % |", errors.join(" | "));
    }
}
