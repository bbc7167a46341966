//! The task `language`: its flags, defaults and experiments.

use super::config::LanguageConfig;
use super::model::LanguageModel;
use super::outcome::LanguageSummary;
use super::report::{self, LanguageEntry};
use super::training::Language;
use crate::results::Pages;
use crate::tasks::drawing::{By, Drawing, errors};
use crate::tasks::flag::{Flag, Given, Value, names};
use crate::tasks::task::{Outcomes, Planned, Task, TaskError, within};

/// Number of updates of each seed by default: after these, the errors no longer fall.
const ITERATIONS: u64 = 20_000;
/// Number of units by default: as many as public reproductions have.
const UNITS: usize = 32;

impl Task for LanguageConfig {
    const ABOUT: &'static str = "Number words in English, such as `seven hundred and two`, to the number";
    const EXAMPLES: &'static str = "Examples:
  gridworld numeracy language
  gridworld numeracy language --cell lstm --seeds 10
  gridworld numeracy language --cell lstm-nalu-each --units 16 --json
  gridworld numeracy language --resume runs/mine";
    const SEEDS: u64 = 10;

    type Criterion = ();
    type Experiment = Language;
    type Summary = LanguageSummary;
    type Entry = LanguageEntry;

    fn flags() -> Vec<Flag> {
        vec![
            Flag::cell(
                "Model: an LSTM whose last state is read by a linear layer or an arithmetic cell (`lstm-`), or whose states \
                 are read after each word (`-each`); a cell without an LSTM, which reads word after word (`nalu`) or \
                 pairs of neighbouring words (`-pairs`); or this project's register [default: register]",
                || names(&LanguageModel::ALL),
            ),
            Flag::units("Size of embedding and LSTM [default: 32]"),
            Flag::iterations("Updates per seed [default: 20000]"),
        ]
    }

    fn configure(given: &Given) -> LanguageConfig {
        let model = given.choice("cell", &LanguageModel::ALL).unwrap_or(LanguageModel::Register);
        let units = given.count("units").unwrap_or(UNITS);
        LanguageConfig::new(model, units, given.whole("iterations").unwrap_or(ITERATIONS))
    }

    fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("cell", Value::name(self.model)),
            ("units", Value::Whole(self.units as u64)),
            ("iterations", Value::Whole(self.iterations)),
        ]
    }

    fn criterion(&self) {}

    fn prepare(&self, (): &(), _given: &Given) -> Result<Language, TaskError> {
        Ok(Language::new(self.clone()))
    }

    fn summarize(&self, (): &(), outcomes: &Outcomes<Self>) -> LanguageSummary {
        LanguageSummary::new(outcomes)
    }

    fn text(&self, summary: &LanguageSummary) -> String {
        report::text(self, summary)
    }

    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing {
        let seeds = outcomes.values().map(|outcome| {
            let curve = outcome.curve.iter();
            curve.map(|check| (check.iteration as f64, Some(check.test)))
        });
        let names = ("held-out numbers".to_owned(), self.model.to_string());
        errors(names, (By::Updates, "Mean absolute error"), seeds)
    }

    fn plan(most: Option<u64>) -> Vec<Planned<LanguageConfig>> {
        let planned = |(model, name): (LanguageModel, &str)| Planned {
            name: name.to_owned(),
            config: LanguageConfig::new(model, UNITS, within(most, ITERATIONS)),
        };
        LanguageModel::ALL.into_iter().map(planned).collect()
    }

    fn entries(&self, summary: LanguageSummary, _seconds: f64) -> Vec<LanguageEntry> {
        vec![LanguageEntry { model: self.model, summary }]
    }

    fn describes(&self, entry: &LanguageEntry) -> bool {
        self.model == entry.model
    }

    fn pages(entries: &[LanguageEntry], pages: &mut Pages<'_>) {
        let picture = pages.picture("language");
        pages.section(5, report::section(entries, pages.published, &picture));
    }
}
