//! The task `single`: its flags, defaults and experiments.

use super::config::SingleConfig;
use super::problem::threshold;
use super::ranges::RANGES;
use super::report;
use super::summary::{OfRange, SingleEntry};
use super::training::SingleLayer;
use crate::cells::CellName;
use crate::results::Pages;
use crate::tasks::Operation;
use crate::tasks::drawing::{Drawing, solved};
use crate::tasks::flag::{Flag, Given, Value, cells, names};
use crate::tasks::task::{Outcomes, Planned, Task, TaskError, within};

/// Number of updates of each seed, as published.
const ITERATIONS: u64 = 50_000;

/// The experiments of the table.
const PLAN: [(Operation, CellName); 8] = [
    (Operation::Add, CellName::Nau),
    (Operation::Sub, CellName::Nau),
    (Operation::Mul, CellName::Nmu),
    (Operation::Mul, CellName::NmuAll),
    (Operation::Div, CellName::RealNpu),
    (Operation::Div, CellName::RealNpuWhole),
    (Operation::Div, CellName::Nmru),
    (Operation::Add, CellName::Nalu),
];

impl Task for SingleConfig {
    const ABOUT: &'static str = "One cell learns an operation on two numbers, for each of nine training ranges";
    const EXAMPLES: &'static str = "Examples:
  gridworld numeracy single --op sub --cell nau
  gridworld numeracy single --op div --cell nmru --seeds 5
  gridworld numeracy single --resume runs/mine";
    /// Number of seeds of each range by default, as published.
    const SEEDS: u64 = 25;

    type Criterion = [f64; RANGES.len()];
    type Experiment = SingleLayer;
    type Summary = Vec<OfRange>;
    type Entry = SingleEntry;

    fn flags() -> Vec<Flag> {
        vec![
            Flag::operation("Operation [default: add]", "OPERATION", || names(&Operation::ALL)),
            Flag::cell("Cell [default: nau]", cells),
            Flag::iterations("Updates per seed and range [default: 50000, as published]"),
        ]
    }

    fn configure(given: &Given) -> SingleConfig {
        let operation = given.choice("op", &Operation::ALL).unwrap_or(Operation::Add);
        let cell = given.cell("cell").unwrap_or(CellName::Nau);
        SingleConfig::published(operation, cell, given.whole("iterations").unwrap_or(ITERATIONS))
    }

    fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("op", Value::name(self.operation)),
            ("cell", Value::name(self.cell)),
            ("iterations", Value::Whole(self.iterations)),
        ]
    }

    fn turns(&self) -> u64 {
        RANGES.len() as u64
    }

    fn criterion(&self) -> [f64; RANGES.len()] {
        RANGES.map(|(_, extrapolation)| threshold(self.operation, extrapolation))
    }

    fn prepare(&self, thresholds: &Self::Criterion, _given: &Given) -> Result<SingleLayer, TaskError> {
        Ok(SingleLayer::judged_by(*thresholds, self.clone()))
    }

    /// Summarizes the seeds of each range. Ranges without a seed are left out.
    fn summarize(&self, thresholds: &Self::Criterion, outcomes: &Outcomes<Self>) -> Vec<OfRange> {
        OfRange::all(thresholds, outcomes.values())
    }

    fn text(&self, ranges: &Vec<OfRange>) -> String {
        report::text(self, ranges)
    }

    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing {
        let series = RANGES.iter().enumerate().filter_map(|(range, (trained, _))| {
            let of_range = outcomes.values().filter(|outcome| outcome.range == range).map(|outcome| &outcome.outcome);
            let name = format!("{} by {}", self.operation, self.cell);
            solved(trained.to_string(), name, self.iterations, of_range)
        });
        Drawing::Solved(series.collect())
    }

    fn plan(most: Option<u64>) -> Vec<Planned<SingleConfig>> {
        let planned = |(operation, cell): (Operation, CellName)| Planned {
            name: format!("{operation}-{cell}"),
            config: SingleConfig::published(operation, cell, within(most, ITERATIONS)),
        };
        PLAN.into_iter().map(planned).collect()
    }

    fn entries(&self, ranges: Vec<OfRange>, _seconds: f64) -> Vec<SingleEntry> {
        vec![SingleEntry { operation: self.operation, cell: self.cell, ranges }]
    }

    fn describes(&self, entry: &SingleEntry) -> bool {
        (self.operation, self.cell) == (entry.operation, entry.cell)
    }

    /// Writes the section, without a picture: a table says more than nine panels.
    fn pages(entries: &[SingleEntry], pages: &mut Pages<'_>) {
        pages.section(2, report::section(entries));
    }
}
