//! The task `identity`: its flags, defaults and experiments.

use super::config::IdentityConfig;
use super::outcome::{IdentityCurve, curves};
use super::report;
use crate::results::Pages;
use crate::tasks::drawing::Drawing;
use crate::tasks::flag::{Flag, Given, Names, Takes, Value, cells};
use crate::tasks::task::{Outcomes, Planned, Task, TaskError, within};

impl Task for IdentityConfig {
    const ABOUT: &'static str = "Autoencoders of a number: error on numbers outside the training range";
    const EXAMPLES: &'static str = "Examples:
  gridworld numeracy identity
  gridworld numeracy identity --cell relu,tanh,nac --seeds 10
  gridworld numeracy identity --resume runs/mine";
    /// Number of seeds by default, as published.
    const SEEDS: u64 = 100;

    type Criterion = ();
    type Experiment = IdentityConfig;
    type Summary = Vec<IdentityCurve>;
    type Entry = IdentityCurve;

    fn flags() -> Vec<Flag> {
        vec![
            Flag {
                name: "cell",
                help: "Cells to compare, separated by commas [default: every non-linearity, and nac]",
                takes: Takes::Several(Names { value: "CELL", all: cells }),
            },
            Flag::iterations("Updates per seed [default: 20000]"),
            Flag::learning_rate("Learning rate (Adam) [default: 1e-3]"),
        ]
    }

    fn configure(given: &Given) -> IdentityConfig {
        let default = IdentityConfig::default();
        IdentityConfig {
            cells: given.cells("cell").unwrap_or(default.cells),
            iterations: given.whole("iterations").unwrap_or(default.iterations),
            learning_rate: given.number("learning-rate").unwrap_or(default.learning_rate),
        }
    }

    fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("cell", Value::Names(self.cells.iter().map(ToString::to_string).collect())),
            ("iterations", Value::Whole(self.iterations)),
            ("learning-rate", Value::Number(self.learning_rate)),
        ]
    }

    fn turns(&self) -> u64 {
        self.cells.len() as u64
    }

    fn criterion(&self) {}

    fn prepare(&self, (): &(), _given: &Given) -> Result<IdentityConfig, TaskError> {
        Ok(self.clone())
    }

    fn summarize(&self, (): &(), outcomes: &Outcomes<Self>) -> Vec<IdentityCurve> {
        curves(outcomes.values())
    }

    fn text(&self, curves: &Vec<IdentityCurve>) -> String {
        report::text(curves)
    }

    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing {
        Drawing::Identity(curves(outcomes.values()))
    }

    fn plan(most: Option<u64>) -> Vec<Planned<IdentityConfig>> {
        let default = IdentityConfig::default();
        let config = IdentityConfig { iterations: within(most, default.iterations), ..default };
        vec![Planned { name: String::new(), config }]
    }

    fn entries(&self, curves: Vec<IdentityCurve>, _seconds: f64) -> Vec<IdentityCurve> {
        curves
    }

    fn describes(&self, entry: &IdentityCurve) -> bool {
        self.cells.contains(&entry.cell)
    }

    fn pages(curves: &[IdentityCurve], pages: &mut Pages<'_>) {
        let picture = pages.picture("identity");
        pages.section(3, report::section(curves, &picture));
    }
}
