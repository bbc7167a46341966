//! Works on the experiments that are asked for, and sums up those that are finished.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use gridworld_numeracy::results::plan::{self, is_called};
use gridworld_numeracy::results::{self, LanguageEntry, ProgramEntry, RecurrentEntry, SingleEntry, StaticEntry};
use gridworld_numeracy::tasks::identity::{IdentityConfig, IdentityCurve};
use gridworld_numeracy::tasks::language::{Language, LanguageConfig, LanguageModel};
use gridworld_numeracy::tasks::program::{Evaluation, ProgramConfig};
use gridworld_numeracy::tasks::recurrent_arithmetic::{RecurrentArithmetic, RecurrentConfig};
use gridworld_numeracy::tasks::single_layer::{SingleConfig, SingleLayer};
use gridworld_numeracy::tasks::static_arithmetic::{StaticArithmetic, StaticConfig};

use super::arguments::Arguments;
use crate::commands::numeracy::session::{Crew, Session, finished};
use crate::commands::numeracy::task::Task;
use crate::commands::numeracy::{identity, language, program, recurrent, single_layer, static_arithmetic};
use crate::program::failure::Failure;

/// The experiments of the table.
pub struct Experiments<'a> {
    /// What is asked for.
    pub arguments: &'a Arguments,
    /// Who works.
    pub crew: Crew,
    /// The folders of those that were finished when they were asked for.
    pub finished: Vec<PathBuf>,
}

impl Experiments<'_> {
    /// What the seeds of the experiment `name` come to, `seeds` of them if no other number is asked for; nothing where it is
    /// not finished, for seeds that succeed are done sooner: a part of them would say too much. `prepare` makes what trains
    /// them, where it is needed.
    pub fn summary<T: Task>(
        &mut self,
        name: &str,
        task: T,
        seeds: u64,
        prepare: impl FnOnce(T) -> T::Experiment,
    ) -> Result<Option<T::Summary>, Failure> {
        let runs = &self.arguments.runs;
        let seeds = self.arguments.seeds.unwrap_or(seeds);
        if self.crew.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let summary = if self.is_asked_for(name) {
            Session::named(runs, name, task.clone(), seeds)?.complete(&self.crew, &prepare(task))?
        } else {
            // Without a lock: another process may work on it.
            let outcomes = finished(runs, name, &task, seeds)?;
            outcomes.map(|outcomes| task.summarize(&prepare(task.clone()), &outcomes))
        };
        self.finished.extend(summary.is_some().then(|| runs.join(name)));
        Ok(summary)
    }

    /// Whether the experiment `name` may be worked on.
    fn is_asked_for(&self, name: &str) -> bool {
        let only = &self.arguments.only;
        !self.arguments.finished && (only.is_empty() || only.iter().any(|only| is_called(name, only)))
    }

    /// The updates of a seed where so many are published.
    pub fn within(&self, published: u64) -> u64 {
        self.arguments.iterations.map_or(published, |iterations| iterations.min(published))
    }

    /// Identity, cell by cell.
    pub fn identity(&mut self) -> Result<Vec<IdentityCurve>, Failure> {
        let default = IdentityConfig::default();
        let config = IdentityConfig { iterations: self.within(default.iterations), ..default };
        Ok(self.summary(plan::IDENTITY, config, identity::SEEDS, |config| config)?.unwrap_or_default())
    }

    /// Static arithmetic.
    pub fn static_arithmetic(&mut self) -> Result<Vec<StaticEntry>, Failure> {
        let mut entries = Vec::new();
        for planned in plan::STATIC {
            let config = planned.config(self.arguments.iterations);
            let StaticConfig { operation, cell, iterations: updates, sparsity, .. } = config;
            let summary = self.summary(&planned.name(), config, static_arithmetic::SEEDS, StaticArithmetic::new)?;
            entries.extend(summary.map(|summary| StaticEntry { operation, cell, updates, sparsity, summary }));
        }
        Ok(entries)
    }

    /// The single-layer task.
    pub fn single(&mut self) -> Result<Vec<SingleEntry>, Failure> {
        let mut entries = Vec::new();
        for (operation, cell) in plan::SINGLE {
            let config = SingleConfig::published(operation, cell, self.within(single_layer::ITERATIONS));
            let name = plan::single(operation, cell);
            let summary = self.summary(&name, config, single_layer::SEEDS, SingleLayer::new)?;
            entries.extend(summary.map(|ranges| SingleEntry { operation, cell, ranges }));
        }
        Ok(entries)
    }

    /// Arithmetic over sequences.
    pub fn recurrent(&mut self) -> Result<Vec<RecurrentEntry>, Failure> {
        let mut entries = Vec::new();
        for (operation, model) in results::recurrent_plan() {
            let config = RecurrentConfig::new(operation, model, recurrent::UNITS, self.within(recurrent::ITERATIONS));
            let name = results::recurrent_name(operation, model);
            let summary = self.summary(&name, config, recurrent::SEEDS, RecurrentArithmetic::new)?;
            entries.extend(summary.map(|summary| RecurrentEntry { operation, model, summary }));
        }
        Ok(entries)
    }

    /// Language to number.
    pub fn language(&mut self) -> Result<Vec<LanguageEntry>, Failure> {
        let mut entries = Vec::new();
        for (model, _) in LanguageModel::ALL {
            let config = LanguageConfig::new(model, language::UNITS, self.within(language::ITERATIONS));
            let summary = self.summary(&results::language_name(model), config, language::SEEDS, Language::new)?;
            entries.extend(summary.map(|summary| LanguageEntry { model, summary }));
        }
        Ok(entries)
    }

    /// Program evaluation.
    pub fn program(&mut self) -> Result<Vec<ProgramEntry>, Failure> {
        let mut entries = Vec::new();
        for (kind, model) in results::program_plan() {
            let config = ProgramConfig::new(kind, model, program::UNITS, self.within(program::ITERATIONS));
            let name = results::program_name(kind, model);
            let summary = self.summary(&name, config, program::SEEDS, Evaluation::new)?;
            entries.extend(summary.map(|summary| ProgramEntry { kind, model, summary }));
        }
        Ok(entries)
    }
}
