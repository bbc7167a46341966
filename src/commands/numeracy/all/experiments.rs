//! Work on the experiments that are asked for, and the entries of those that are finished.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use gridworld_numeracy::results::plan::is_called;
use gridworld_numeracy::seed_log::read_outcomes;
use gridworld_numeracy::tasks::flag::Given;
use gridworld_numeracy::tasks::{Entries, Listed, Outcomes, Surroundings, TaskError, Visitor};
use gridworld_records::{RunFolder, last_metrics};
use gridworld_terminal::program::message::tell;
use gridworld_terminal::program::{CliError, cache_folder};

use super::arguments::Arguments;
use crate::commands::numeracy::session::{Runner, Session, failure};
use crate::run::experiment::ExperimentConfig;

/// Experiments of the table, while they are worked on.
pub struct Experiments<'a> {
    /// Arguments of the command.
    pub arguments: &'a Arguments,
    /// Workers, and the display of their progress.
    pub runner: Runner,
    /// Entries of the finished experiments.
    pub entries: Entries,
    /// Folders of the finished experiments.
    pub finished: Vec<PathBuf>,
    /// Entries of the document that was there before, as far as none has taken their place.
    pub before: Entries,
    /// Names of the tasks of which entries were kept.
    pub kept: Vec<&'static str>,
    /// Names of the experiments that were asked for and could not be worked on, with the reason for the first of a
    /// task.
    pub skipped: Vec<String>,
}

impl Visitor for Experiments<'_> {
    type Output = Result<(), CliError>;

    fn visit<T: Listed>(&mut self) -> Result<(), CliError> {
        let (before, mut why) = (self.skipped.len(), None);
        for planned in T::plan(self.arguments.iterations) {
            let name = T::experiment(&planned.name);
            match self.work::<T>(&name, planned.config.clone()) {
                Ok(Work::Finished) => continue,
                Ok(Work::Left) => {}
                Err(Obstacle::Missing(reason)) => {
                    self.skipped.push(name);
                    why.get_or_insert(reason);
                }
                Err(Obstacle::CliError(failure)) => return Err(failure),
            }
            self.keep(&planned.config);
        }
        if let (Some(why), [first, others @ ..]) = (why, &self.skipped[before..]) {
            let others = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
            tell(&format!("skipped: {first}{others}: {why}"));
        }
        Ok(())
    }
}

/// State of an experiment after the work on it.
enum Work {
    /// Every seed is done, and its entry is kept.
    Finished,
    /// It was not asked for, or some of its seeds are not done.
    Left,
}

/// Reason for which an experiment came to nothing.
enum Obstacle {
    /// Something that the experiment needs is not there.
    Missing(String),
    /// A failure that ends the whole command.
    CliError(CliError),
}

impl From<TaskError> for Obstacle {
    fn from(error: TaskError) -> Obstacle {
        match error {
            TaskError::Missing(reason) => Obstacle::Missing(reason),
            error => Obstacle::CliError(failure(error)),
        }
    }
}

impl From<CliError> for Obstacle {
    fn from(failure: CliError) -> Obstacle {
        Obstacle::CliError(failure)
    }
}

impl Experiments<'_> {
    /// Works on the experiment `name` if it is asked for, and keeps its entry if it is finished, for seeds that succeed
    /// are done sooner: a part of them would say too much.
    fn work<T: Listed>(&mut self, name: &str, task: T) -> Result<Work, Obstacle> {
        let (path, is_asked_for) = (self.arguments.runs.join(name), self.is_asked_for(name));
        let recorded = path.join("config.json").exists();
        if self.runner.stop.load(Ordering::Relaxed) || !(recorded || is_asked_for) {
            return Ok(Work::Left);
        }
        let seeds = self.arguments.seeds.unwrap_or(T::SEEDS);
        let folder = recorded.then(|| RunFolder::open(&path).map_err(CliError::usage)).transpose()?;
        let recorded = folder.as_ref().map(ExperimentConfig::read).transpose()?;
        let given = Given::default();
        let task = task.complete(&Surroundings {
            given: &given,
            cache: cache_folder().as_deref(),
            table: Some(&self.arguments.runs),
            recorded: recorded.as_ref().and_then(|recorded| T::of(&recorded.task)),
        })?;
        let criterion = task.criterion();
        let outcomes = if is_asked_for {
            let session = Session::named(&self.arguments.runs, name, task.clone(), seeds)?;
            let outcomes = match session.finished()? {
                None => session.complete(&self.runner, &task.prepare(&criterion, &given)?)?,
                finished => finished,
            };
            if let Some(outcomes) = &outcomes {
                session.report(&task.summarize(&criterion, outcomes))?;
            }
            outcomes
        } else if let Some(folder) = folder {
            // Without a lock: another process may work on it.
            ExperimentConfig::of(&folder, &task.clone().into())?;
            let outcomes: Outcomes<T> = read_outcomes(&folder).map_err(CliError::failed)?;
            Some(outcomes).filter(|outcomes| outcomes.len() as u64 >= seeds * task.work().turns)
        } else {
            None
        };
        let Some(outcomes) = outcomes else { return Ok(Work::Left) };
        let seconds = last_metrics(&path.join("metrics.jsonl")).map_or(0.0, |line| line.seconds);
        let summary = task.summarize(&criterion, &outcomes);
        T::entries_of(&mut self.entries).extend(task.entries(summary, seconds / outcomes.len() as f64));
        self.finished.push(path);
        Ok(Work::Finished)
    }

    /// Keeps the entries that the document had of an experiment which is not finished here.
    fn keep<T: Listed>(&mut self, task: &T) {
        let before = T::entries_of(&mut self.before);
        let (kept, others): (Vec<_>, Vec<_>) = before.drain(..).partition(|entry| task.describes(entry));
        before.extend(others);
        if !kept.is_empty() {
            if self.kept.last() != Some(&T::NAME) {
                self.kept.push(T::NAME);
            }
            T::entries_of(&mut self.entries).extend(kept);
        }
    }

    /// Tells if the experiment `name` may be worked on.
    fn is_asked_for(&self, name: &str) -> bool {
        let only = &self.arguments.only;
        !self.arguments.finished && (only.is_empty() || only.iter().any(|only| is_called(name, only)))
    }
}
