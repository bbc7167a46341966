//! Works on the experiments that are asked for, and sums up those that are finished.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use gridworld_numeracy::crew::Experiment;
use gridworld_numeracy::tasks::Summary;
use gridworld_numeracy::tasks::identity::{IdentityConfig, IdentityCurve, curves};
use gridworld_numeracy::tasks::single_layer::{RANGES, SingleConfig, SingleLayer};
use gridworld_numeracy::tasks::static_arithmetic::StaticArithmetic;
use serde::Serialize;

use super::plan::{self, is_called};
use super::{Arguments, SingleEntry, StaticEntry};
use crate::failure::Failure;
use crate::numeracy::session::{Crew, Session, Work, finished};
use crate::numeracy::single_layer::ranges;
use crate::numeracy::task::TaskConfig;
use crate::numeracy::{identity, single_layer, static_arithmetic};
use crate::output::tell;

/// The experiments of the table.
pub struct Experiments<'a> {
    /// What is asked for.
    pub arguments: &'a Arguments,
    /// Who works.
    pub crew: Crew,
    /// The folders of those that were finished when they were asked for.
    pub finished: Vec<PathBuf>,
}

/// An experiment before it begins.
pub struct Planned {
    /// Its name, which is that of its folder.
    pub name: String,
    /// Its settings.
    pub task: TaskConfig,
    /// Its seeds, if no other number is asked for.
    pub seeds: u64,
    /// What each seed has to do.
    pub work: Work,
}

impl Experiments<'_> {
    /// What the seeds of an experiment come to; nothing where it is not finished, for seeds that succeed are done sooner:
    /// a part of them would say too much. `experiment` prepares it, where it is needed.
    pub fn summary<E: Experiment, S: Serialize>(
        &mut self,
        Planned { name, task, seeds, work }: Planned,
        experiment: impl FnOnce() -> E,
        summarize: impl FnOnce(&E, &BTreeMap<u64, E::Outcome>) -> S,
    ) -> Result<Option<S>, Failure> {
        let Arguments { runs, quiet, .. } = self.arguments;
        let seeds = self.arguments.seeds.unwrap_or(seeds);
        if self.crew.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        if !self.is_asked_for(&name) {
            // Without a lock: another process may work on it.
            let outcomes = finished::<E>(runs, &name, &task, seeds * work.turns)?;
            self.finished.extend(outcomes.is_some().then(|| runs.join(&name)));
            return Ok(outcomes.map(|outcomes| summarize(&experiment(), &outcomes)));
        }
        let session = Session::named(runs, &name, task, seeds)?;
        let experiment = experiment();
        let outcomes = match session.finished::<E>(work.turns)? {
            Some(outcomes) => Some(outcomes),
            None => {
                if !quiet {
                    tell(&format!("{name}: {}", runs.join(&name).display()));
                }
                session.work(&self.crew, &experiment, work)?;
                session.finished::<E>(work.turns)?
            }
        };
        let Some(outcomes) = outcomes else { return Ok(None) };
        let summary = summarize(&experiment, &outcomes);
        session.report(&summary)?;
        self.finished.push(runs.join(&name));
        Ok(Some(summary))
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
        let planned = Planned {
            name: plan::IDENTITY.to_owned(),
            task: TaskConfig::Identity(config.clone()),
            seeds: identity::SEEDS,
            work: Work { turns: config.cells.len() as u64, steps: config.iterations },
        };
        Ok(self.summary(planned, || config, |_, outcomes| curves(outcomes.values()))?.unwrap_or_default())
    }

    /// Static arithmetic.
    pub fn static_arithmetic(&mut self) -> Result<Vec<StaticEntry>, Failure> {
        let mut entries = Vec::new();
        for of_plan in plan::STATIC {
            let config = of_plan.config(self.arguments.iterations);
            let (updates, sparsity) = (config.iterations, config.sparsity);
            let planned = Planned {
                name: of_plan.name(),
                task: TaskConfig::Static(config.clone()),
                seeds: static_arithmetic::SEEDS,
                work: Work { turns: 1, steps: updates },
            };
            let summary = self.summary(
                planned,
                || StaticArithmetic::new(config),
                |experiment, outcomes| Summary::new(experiment.threshold(), &outcomes.values().collect::<Vec<_>>()),
            )?;
            let (operation, cell) = (of_plan.operation, of_plan.cell);
            entries.extend(summary.map(|summary| StaticEntry { operation, cell, updates, sparsity, summary }));
        }
        Ok(entries)
    }

    /// The single-layer task.
    pub fn single(&mut self) -> Result<Vec<SingleEntry>, Failure> {
        let mut entries = Vec::new();
        for (operation, cell) in plan::SINGLE {
            let config = SingleConfig::published(operation, cell, self.within(single_layer::ITERATIONS));
            let planned = Planned {
                name: plan::single(operation, cell),
                task: TaskConfig::Single(config.clone()),
                seeds: single_layer::SEEDS,
                work: Work { turns: RANGES.len() as u64, steps: config.iterations },
            };
            let summary = self.summary(
                planned,
                || SingleLayer::new(config),
                |experiment, outcomes| ranges(experiment, &outcomes.values().collect::<Vec<_>>()),
            )?;
            entries.extend(summary.map(|ranges| SingleEntry { operation, cell, ranges }));
        }
        Ok(entries)
    }
}
