//! The task `static`: its flags, defaults and experiments.

use super::config::StaticConfig;
use super::entry::StaticEntry;
use super::plan::plan;
use super::report;
use super::threshold::threshold;
use super::training::StaticArithmetic;
use crate::cells::CellName;
use crate::results::Pages;
use crate::schedule::{LearningRate, Sparsity};
use crate::tasks::drawing::{Drawing, solved};
use crate::tasks::flag::{Flag, Given, Names, Takes, Value, cells, names};
use crate::tasks::task::{Outcomes, Planned, Task, TaskError};
use crate::tasks::{Operation, Summary};

/// Number of updates of each seed by default: enough for every cell that learns at all, and short.
const ITERATIONS: u64 = 500_000;

impl Task for StaticConfig {
    const ABOUT: &'static str = "An operation on two sums of overlapping subsets of 100 inputs";
    const EXAMPLES: &'static str = "Examples:
  gridworld numeracy static --op add --cell nau
  gridworld numeracy static --op mul --cell nmu --iterations 5e6 --seeds 100
  gridworld numeracy static --op mul --cell nmu --iterations 5e6 --ramp 2e6..3e6
  gridworld numeracy static --resume runs/mine";
    /// Number of seeds by default, as published.
    const SEEDS: u64 = 100;

    type Criterion = f64;
    type Experiment = StaticArithmetic;
    type Summary = Summary;
    type Entry = StaticEntry;

    fn flags() -> Vec<Flag> {
        vec![
            Flag::operation("Operation [default: add]", "OPERATION", || names(&Operation::ALL)),
            Flag::cell("Cell of the second layer, which computes the operation [default: nau]", cells),
            Flag {
                name: "first",
                help: "Cell of the first layer, which computes the two sums; takes the names of --cell [default: as published for --cell]",
                takes: Takes::Name(Names { value: "FIRST", all: cells }),
            },
            Flag::iterations("Updates per seed; the published experiment has 5e6 [default: 500000]"),
            Flag::learning_rate("Learning rate (Adam) [default: as published]"),
            Flag {
                name: "ramp",
                help: "Updates over which the weight of the sparsity regularizer ramps up, such as 2e6..3e6 [default: as published]",
                takes: Takes::Ramp,
            },
        ]
    }

    fn configure(given: &Given) -> StaticConfig {
        let operation = given.choice("op", &Operation::ALL).unwrap_or(Operation::Add);
        let cell = given.cell("cell").unwrap_or(CellName::Nau);
        let published = StaticConfig::published(operation, cell, given.whole("iterations").unwrap_or(ITERATIONS));
        let learning_rate = given.number("learning-rate").map_or(published.learning_rate, LearningRate::constant);
        let sparsity = Sparsity { ramp: given.ramp("ramp").unwrap_or(published.sparsity.ramp), ..published.sparsity };
        StaticConfig { first: given.cell("first").unwrap_or(published.first), learning_rate, sparsity, ..published }
    }

    fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("op", Value::name(self.operation)),
            ("cell", Value::name(self.cell)),
            ("first", Value::name(self.first)),
            ("iterations", Value::Whole(self.iterations)),
            ("learning-rate", Value::Number(self.learning_rate.at(0))),
            ("ramp", Value::Ramp(self.sparsity.ramp)),
        ]
    }

    fn criterion(&self) -> f64 {
        threshold(self.operation, self.extrapolation)
    }

    fn prepare(&self, threshold: &f64, _given: &Given) -> Result<StaticArithmetic, TaskError> {
        Ok(StaticArithmetic::judged_by(*threshold, self.clone()))
    }

    fn summarize(&self, threshold: &f64, outcomes: &Outcomes<Self>) -> Summary {
        Summary::new(*threshold, &outcomes.values().collect::<Vec<_>>())
    }

    fn text(&self, summary: &Summary) -> String {
        report::text(self, summary)
    }

    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing {
        let published = StaticConfig::published(self.operation, self.cell, self.iterations);
        let late = if self.sparsity.ramp > published.sparsity.ramp { ", later" } else { "" };
        let name = format!("{}{late}", self.cell);
        let series = solved(self.operation.to_string(), name, self.iterations, outcomes.values());
        Drawing::Solved(series.into_iter().collect())
    }

    fn plan(most: Option<u64>) -> Vec<Planned<StaticConfig>> {
        plan(most)
    }

    fn entries(&self, summary: Summary, _seconds: f64) -> Vec<StaticEntry> {
        let StaticConfig { operation, cell, iterations: updates, sparsity, .. } = *self;
        vec![StaticEntry { operation, cell, updates, sparsity, summary }]
    }

    /// Tells if operation and cell are those of the entry, and the regularizer is the published one in both or in neither.
    fn describes(&self, entry: &StaticEntry) -> bool {
        (self.operation, self.cell, self.has_published_sparsity())
            == (entry.operation, entry.cell, entry.is_published())
    }

    fn pages(entries: &[StaticEntry], pages: &mut Pages<'_>) {
        let picture = pages.picture("static");
        pages.section(1, report::section(entries, pages.published, &picture));
    }
}
