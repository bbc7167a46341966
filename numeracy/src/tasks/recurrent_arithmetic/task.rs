//! The task `recurrent`: its flags, defaults and experiments.

use super::config::RecurrentConfig;
use super::model::RecurrentModel;
use super::outcome::RecurrentSummary;
use super::report::{self, RecurrentEntry};
use super::training::RecurrentArithmetic;
use crate::cells::CellName;
use crate::results::Pages;
use crate::tasks::Operation;
use crate::tasks::drawing::{By, Drawing, errors};
use crate::tasks::flag::{Flag, Given, Value, names};
use crate::tasks::task::{Outcomes, Planned, Task, TaskError, within};

/// Number of updates of each seed by default.
const ITERATIONS: u64 = 200_000;
/// Number of units of the state by default, as published: one for each of two sums.
const UNITS: usize = 2;

/// Gives the models for each operation: ours, then the published cells, then the usual ones for sequences.
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

impl Task for RecurrentConfig {
    const ABOUT: &'static str = "An operation on two sums over time: trained on length 10, tested up to length 1,000";
    const EXAMPLES: &'static str = "Examples:
  gridworld numeracy recurrent --op add --cell nac
  gridworld numeracy recurrent --op mul --cell sum-nmu --seeds 10
  gridworld numeracy recurrent --op sub --cell lstm --units 16 --json
  gridworld numeracy recurrent --resume runs/mine";
    const SEEDS: u64 = 10;

    type Criterion = ();
    type Experiment = RecurrentArithmetic;
    type Summary = RecurrentSummary;
    type Entry = RecurrentEntry;

    fn flags() -> Vec<Flag> {
        vec![
            Flag::operation("Operation [default: add]", "OPERATION", || names(&Operation::ALL)),
            Flag::cell(
                "Model: a recurrent arithmetic cell, a cell that reads a running sum (`sum-`), or a standard recurrent \
                 network [default: sum-nau]",
                || names(&RecurrentModel::ALL),
            ),
            Flag::units("Size of the recurrent state [default: 2]"),
            Flag::iterations("Updates per seed [default: 200000]"),
        ]
    }

    fn configure(given: &Given) -> RecurrentConfig {
        let operation = given.choice("op", &Operation::ALL).unwrap_or(Operation::Add);
        let model = given.choice("cell", &RecurrentModel::ALL).unwrap_or(RecurrentModel::DEFAULT);
        let units = given.count("units").unwrap_or(UNITS);
        RecurrentConfig::new(operation, model, units, given.whole("iterations").unwrap_or(ITERATIONS))
    }

    fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("op", Value::name(self.operation)),
            ("cell", Value::name(self.model)),
            ("units", Value::Whole(self.units as u64)),
            ("iterations", Value::Whole(self.iterations)),
        ]
    }

    fn criterion(&self) {}

    fn prepare(&self, (): &(), _given: &Given) -> Result<RecurrentArithmetic, TaskError> {
        Ok(RecurrentArithmetic::new(self.clone()))
    }

    fn summarize(&self, (): &(), outcomes: &Outcomes<Self>) -> RecurrentSummary {
        RecurrentSummary::new(outcomes)
    }

    fn text(&self, summary: &RecurrentSummary) -> String {
        report::text(self, summary)
    }

    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing {
        let measure = "Relative error: root mean squared error, divided by the root mean square of the targets";
        let seeds = outcomes.values().map(|outcome| {
            let errors = outcome.chosen.errors.iter();
            errors.map(|error| (error.length as f64, error.relative))
        });
        errors((self.operation.to_string(), self.model.to_string()), (By::Length, measure), seeds)
    }

    fn plan(most: Option<u64>) -> Vec<Planned<RecurrentConfig>> {
        let planned = |operation, model| Planned {
            name: format!("{operation}-{model}"),
            config: RecurrentConfig::new(operation, model, UNITS, within(most, ITERATIONS)),
        };
        let of = |operation| models(operation).into_iter().map(move |model| planned(operation, model));
        Operation::ALL.into_iter().flat_map(|(operation, _)| of(operation)).collect()
    }

    fn entries(&self, summary: RecurrentSummary, _seconds: f64) -> Vec<RecurrentEntry> {
        vec![RecurrentEntry { operation: self.operation, model: self.model, summary }]
    }

    fn describes(&self, entry: &RecurrentEntry) -> bool {
        (self.operation, self.model) == (entry.operation, entry.model)
    }

    fn pages(entries: &[RecurrentEntry], pages: &mut Pages<'_>) {
        let picture = pages.picture("recurrent");
        pages.section(4, report::section(entries, &picture));
    }
}
