//! The task `program`: its flags, defaults and experiments.

use super::code::Kind;
use super::config::ProgramConfig;
use super::model::ProgramModel;
use super::outcome::ProgramSummary;
use super::report::{self, ProgramEntry};
use super::training::Evaluation;
use crate::results::Pages;
use crate::tasks::drawing::{By, Drawing, errors};
use crate::tasks::flag::{Flag, Given, Value, names};
use crate::tasks::task::{Outcomes, Planned, Task, TaskError, within};

/// Number of updates of each seed by default.
const ITERATIONS: u64 = 20_000;
/// Number of units by default.
const UNITS: usize = 32;

impl Task for ProgramConfig {
    const ABOUT: &'static str = "Arithmetic programs, read character by character: sums, differences, comparisons";
    const EXAMPLES: &'static str = "Examples:
  gridworld numeracy program
  gridworld numeracy program --op chain --cell lstm --seeds 10
  gridworld numeracy program --op branch --cell lstm-nalu --json
  gridworld numeracy program --resume runs/mine";
    const SEEDS: u64 = 10;

    type Criterion = ();
    type Experiment = Evaluation;
    type Summary = ProgramSummary;
    type Entry = ProgramEntry;

    fn flags() -> Vec<Flag> {
        vec![
            Flag::operation(
                "Kind of program: add two numbers (`12+345.`), add and subtract several (`12-345+6.`), or also choose \
                 numbers by comparison (`12-(3if40<5else60)+7.`) [default: add]",
                "KIND",
                || names(&Kind::ALL),
            ),
            Flag::cell(
                "Model: an LSTM whose last state is read by a linear layer or an arithmetic cell (`lstm-`), or whose states \
                 are read after each character (`-each`); a GRU; or this project's calculator [default: calculator]",
                || names(&ProgramModel::ALL),
            ),
            Flag::units("Size of embedding and recurrent state [default: 32]"),
            Flag::iterations("Updates per seed [default: 20000]"),
        ]
    }

    fn configure(given: &Given) -> ProgramConfig {
        let kind = given.choice("op", &Kind::ALL).unwrap_or(Kind::Add);
        let model = given.choice("cell", &ProgramModel::ALL).unwrap_or(ProgramModel::Calculator);
        let units = given.count("units").unwrap_or(UNITS);
        ProgramConfig::new(kind, model, units, given.whole("iterations").unwrap_or(ITERATIONS))
    }

    fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("op", Value::name(self.kind)),
            ("cell", Value::name(self.model)),
            ("units", Value::Whole(self.units as u64)),
            ("iterations", Value::Whole(self.iterations)),
        ]
    }

    fn criterion(&self) {}

    fn prepare(&self, (): &(), _given: &Given) -> Result<Evaluation, TaskError> {
        Ok(Evaluation::new(self.clone()))
    }

    fn summarize(&self, (): &(), outcomes: &Outcomes<Self>) -> ProgramSummary {
        ProgramSummary::new(outcomes)
    }

    fn text(&self, summary: &ProgramSummary) -> String {
        report::text(self, summary)
    }

    /// Draws the errors on longer numbers: with more of them there are other sizes.
    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing {
        let terms = self.kind.trained().terms;
        let seeds = outcomes.values().map(|outcome| {
            let longer = outcome.errors.iter().filter(move |error| error.size.terms == terms);
            longer.map(|error| (error.size.digits as f64, Some(error.absolute)))
        });
        errors((self.kind.to_string(), self.model.to_string()), (By::Digits, "Mean absolute error"), seeds)
    }

    fn plan(most: Option<u64>) -> Vec<Planned<ProgramConfig>> {
        let planned = |kind, model| Planned {
            name: format!("{kind}-{model}"),
            config: ProgramConfig::new(kind, model, UNITS, within(most, ITERATIONS)),
        };
        let of = |kind| ProgramModel::ALL.into_iter().map(move |(model, _)| planned(kind, model));
        Kind::ALL.into_iter().flat_map(|(kind, _)| of(kind)).collect()
    }

    fn entries(&self, summary: ProgramSummary, _seconds: f64) -> Vec<ProgramEntry> {
        vec![ProgramEntry { kind: self.kind, model: self.model, summary }]
    }

    fn describes(&self, entry: &ProgramEntry) -> bool {
        (self.kind, self.model) == (entry.kind, entry.model)
    }

    fn pages(entries: &[ProgramEntry], pages: &mut Pages<'_>) {
        let picture = pages.picture("program");
        pages.section(6, report::section(entries, &picture));
    }
}
