//! The task `mnist`: its flags, defaults and experiments.

use super::completion::complete;
use super::report::{self, DigitsEntry};
use super::{Digits, DigitsCell, DigitsConfig, DigitsOperation, DigitsSummary, Source};
use crate::results::Pages;
use crate::tasks::drawing::{By, Drawing, errors};
use crate::tasks::flag::{Flag, Given, Takes, Value, names};
use crate::tasks::task::{Outcomes, Planned, Surroundings, Task, TaskError, within};

/// Number of updates of each seed by default.
const STEPS: u64 = 3000;

/// Cells of the page, for sums and counts, then for products: the reference first, by which the others are judged.
const ADDING: [DigitsCell; 10] = [
    DigitsCell::Perfect,
    DigitsCell::Counter,
    DigitsCell::NauRounded,
    DigitsCell::Nau,
    DigitsCell::Nac,
    DigitsCell::Nalu,
    DigitsCell::Linear,
    DigitsCell::Lstm,
    DigitsCell::Gru,
    DigitsCell::Rnn,
];
const MULTIPLYING: [DigitsCell; 10] = [
    DigitsCell::Perfect,
    DigitsCell::Counter,
    DigitsCell::NmuRounded,
    DigitsCell::Nmu,
    DigitsCell::NacMul,
    DigitsCell::Nalu,
    DigitsCell::Linear,
    DigitsCell::Lstm,
    DigitsCell::Gru,
    DigitsCell::Rnn,
];

impl DigitsConfig {
    /// Makes an experiment of so many updates, without digits yet.
    #[must_use]
    pub fn new(operation: DigitsOperation, cell: DigitsCell, steps: u64) -> DigitsConfig {
        DigitsConfig {
            operation,
            cell,
            steps,
            batch: operation.batch(),
            length: operation.length(),
            learning_rate: 3e-3,
            sparsity: 0.1,
            digits: Source::default(),
            reference: None,
        }
    }
}

impl Task for DigitsConfig {
    const ABOUT: &'static str = "Counts, sums or products of sequences of handwritten digits (MNIST)";
    const EXAMPLES: &'static str = "Examples:
  gridworld numeracy mnist --op sum --cell perfect --name sum-perfect
  gridworld numeracy mnist --op sum --cell nau --reference runs/sum-perfect
  gridworld numeracy mnist --op product --cell nmu-rounded
  gridworld numeracy mnist --op count --cell lstm --mnist MNIST/raw --seeds 3
  gridworld numeracy mnist --resume runs/mine

Run `make mnist` once to download the digits.";
    /// Number of seeds by default, as published.
    const SEEDS: u64 = 10;

    type Criterion = ();
    type Experiment = Digits;
    type Summary = DigitsSummary;
    type Entry = DigitsEntry;

    fn flags() -> Vec<Flag> {
        let folder = "Folder with the four files of MNIST, plain or compressed [default: the digits of `make mnist`]";
        let reference = "Run of `--cell perfect` with the same settings, to judge by: a seed is solved if its squared error at \
                         the greatest length is below the upper end of the 99 % interval of that run's mean";
        vec![
            Flag::operation("Operation on the digits of a sequence [default: sum]", "OPERATION", || {
                names(&DigitsOperation::ALL)
            }),
            Flag::cell("Cell that computes the operation from what the convnet reads [default: counter]", || {
                names(&DigitsCell::ALL)
            }),
            Flag { name: "steps", help: "Updates per seed [default: 3000]", takes: Takes::Updates },
            Flag::learning_rate("Initial learning rate (Adam) [default: 3e-3]"),
            Flag { name: "mnist", help: folder, takes: Takes::Folder },
            Flag { name: "reference", help: reference, takes: Takes::Run },
        ]
    }

    fn configure(given: &Given) -> DigitsConfig {
        let operation = given.choice("op", &DigitsOperation::ALL).unwrap_or(DigitsOperation::Sum);
        let cell = given.choice("cell", &DigitsCell::ALL).unwrap_or(DigitsCell::Counter);
        let config = DigitsConfig::new(operation, cell, given.whole("steps").unwrap_or(STEPS));
        DigitsConfig { learning_rate: given.number("learning-rate").unwrap_or(config.learning_rate), ..config }
    }

    fn complete(self, surroundings: &Surroundings<'_, DigitsConfig>) -> Result<DigitsConfig, TaskError> {
        complete(self, surroundings)
    }

    fn values(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("op", Value::name(self.operation)),
            ("cell", Value::name(self.cell)),
            ("steps", Value::Whole(self.steps)),
            ("learning-rate", Value::Number(self.learning_rate)),
        ]
    }

    /// Tells if there is a reference: without networks of perfect arithmetic, nothing says which seeds are solved.
    fn is_judged(&self) -> bool {
        self.reference.is_some()
    }

    fn criterion(&self) {}

    /// Prepares the training. The digits may have moved since the run began, to a folder that is given.
    fn prepare(&self, (): &(), given: &Given) -> Result<Digits, TaskError> {
        let folder = given.path("mnist").unwrap_or(&self.digits.folder);
        let same = Some(&self.digits).filter(|digits| digits.folder == folder && digits.dataset().is_some());
        let digits = same.cloned().map_or_else(|| Source::read(folder, self.operation), Ok)?;
        if digits.digest != self.digits.digest {
            let folder = folder.display();
            return Err(TaskError::Refused(format!(
                "the digits in {folder} differ from those the run was started with"
            )));
        }
        let dataset = digits.dataset().expect("they were read");
        Ok(Digits::new(self.clone(), dataset))
    }

    fn summarize(&self, (): &(), outcomes: &Outcomes<Self>) -> DigitsSummary {
        DigitsSummary::new(self.operation, self.reference.as_ref(), outcomes)
    }

    fn text(&self, summary: &DigitsSummary) -> String {
        report::text(self, summary)
    }

    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing {
        let measure = "Mean absolute error; for products, relative to the target";
        let seeds = outcomes.values().map(|outcome| {
            let errors = outcome.errors.iter();
            errors.map(|error| (error.length as f64, error.relative.or(error.mae)))
        });
        errors((self.operation.to_string(), self.cell.to_string()), (By::Length, measure), seeds)
    }

    /// Plans the experiments of the table: the reference of each operation comes before those that are judged by it.
    fn plan(most: Option<u64>) -> Vec<Planned<DigitsConfig>> {
        let planned = |operation, cell| Planned {
            name: format!("{operation}-{cell}"),
            config: DigitsConfig::new(operation, cell, within(most, STEPS)),
        };
        let of = |(adding, multiplying)| {
            use DigitsOperation::{Count, Product, Sum};
            [(Sum, adding), (Count, adding), (Product, multiplying)].map(|(operation, cell)| planned(operation, cell))
        };
        ADDING.into_iter().zip(MULTIPLYING).flat_map(of).collect()
    }

    fn entries(&self, summary: DigitsSummary, seconds: f64) -> Vec<DigitsEntry> {
        let DigitsConfig { operation, cell, steps, .. } = *self;
        let (train, test) = (self.digits.train, self.digits.test);
        vec![DigitsEntry { operation, cell, steps, train, test, seconds, summary }]
    }

    fn describes(&self, entry: &DigitsEntry) -> bool {
        (self.operation, self.cell) == (entry.operation, entry.cell)
    }

    fn pages(entries: &[DigitsEntry], pages: &mut Pages<'_>) {
        if let Some(page) = report::page(entries, pages.command) {
            pages.own("mnist.md", page);
        }
    }
}
