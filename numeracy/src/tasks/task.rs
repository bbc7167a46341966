//! Contract of a task: its settings, its training, and the summary of its seeds.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::drawing::Drawing;
use super::flag::{Flag, Given, Takes, Value};
use crate::results::Pages;
use crate::runner::Experiment;

/// Amount of work of each seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Number of trainings: one for each range, cell or the like, which take turns.
    pub turns: u64,
    /// Greatest number of updates of each training.
    pub steps: u64,
}

/// Reason for which a task cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// The settings contradict each other, or a run that they name.
    #[error("{0}")]
    Refused(String),
    /// Something that the task needs is not there.
    #[error("{0}")]
    Missing(String),
    /// A file that the task needs cannot be used.
    #[error("{0}")]
    Failed(String),
}

/// An experiment of the table of results.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned<T> {
    /// Name of the experiment, without that of its task, which comes first in the folder's name.
    pub name: String,
    /// Settings of the experiment.
    pub config: T,
}

/// The surroundings in which settings are completed.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a, T> {
    /// Flags that were given.
    pub given: &'a Given,
    /// Cache folder, which holds what the scripts prepare.
    pub cache: Option<&'a Path>,
    /// Folder with the other experiments of the table, where this is one of them.
    pub table: Option<&'a Path>,
    /// Settings of the run that goes on, where one does.
    pub recorded: Option<&'a T>,
}

/// Outcomes by seed.
pub type Outcomes<T> = BTreeMap<u64, <<T as Task>::Experiment as Experiment>::Outcome>;

/// A task: the settings of an experiment, its training, and the summary of its seeds.
pub trait Task: Clone + PartialEq {
    /// The task in a sentence, for the list of commands.
    const ABOUT: &'static str;
    /// Examples of commands, for the help.
    const EXAMPLES: &'static str;
    /// Number of seeds by default, of each range, cell or the like.
    const SEEDS: u64;

    /// Criterion by which seeds are judged, where it takes long to find.
    type Criterion;
    /// Experiment that trains each seed.
    type Experiment: Experiment;
    /// Summary of all seeds.
    type Summary: Serialize;
    /// Entry of an experiment, with its summary, in the document behind the table.
    type Entry: Serialize + DeserializeOwned;

    /// Gives the flags of the settings that a user chooses.
    fn flags() -> Vec<Flag>;
    /// Makes the settings from these flags, as far as they depend on nothing else.
    fn configure(given: &Given) -> Self;
    /// Completes the settings with all that depends on files.
    ///
    /// # Errors
    /// If a file is not there, or contradicts the settings.
    fn complete(self, _surroundings: &Surroundings<'_, Self>) -> Result<Self, TaskError> {
        Ok(self)
    }
    /// Gives the values of the flags that these settings have: those that a run which goes on must agree with.
    fn values(&self) -> Vec<(&'static str, Value)>;

    /// Gives the operation, where there is a choice.
    fn operation(&self) -> Option<String> {
        one_name(&self.values(), "op")
    }
    /// Gives the cell or model that learns; nothing where there are several.
    fn cell(&self) -> Option<String> {
        one_name(&self.values(), "cell")
    }
    /// Gives the number of trainings of each seed: one for each range, cell or the like.
    fn turns(&self) -> u64 {
        1
    }
    /// Gives the amount of work of each seed.
    fn work(&self) -> Work {
        Work { turns: self.turns(), steps: updates::<Self>(&self.values()) }
    }
    /// Tells if it is known which seeds are solved.
    fn is_judged(&self) -> bool {
        true
    }

    /// Finds the criterion by which seeds are judged.
    fn criterion(&self) -> Self::Criterion;
    /// Prepares the training.
    ///
    /// # Errors
    /// If what is trained on is not there, or is not what the run began with.
    fn prepare(&self, criterion: &Self::Criterion, given: &Given) -> Result<Self::Experiment, TaskError>;

    /// Summarizes these outcomes.
    fn summarize(&self, criterion: &Self::Criterion, outcomes: &Outcomes<Self>) -> Self::Summary;
    /// Writes the summary for people.
    fn text(&self, summary: &Self::Summary) -> String;
    /// Gives the contents of the figure of these outcomes.
    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing;

    /// Plans the experiments of the table of results, within so many updates.
    fn plan(most: Option<u64>) -> Vec<Planned<Self>>;
    /// Gives the entries of this experiment in the document behind the table; a seed took so many seconds.
    fn entries(&self, summary: Self::Summary, seconds: f64) -> Vec<Self::Entry>;
    /// Tells if an entry is of this experiment.
    fn describes(&self, entry: &Self::Entry) -> bool;
    /// Writes the sections of all these experiments on the pages.
    fn pages(entries: &[Self::Entry], pages: &mut Pages<'_>);
}

/// Gives the updates of a seed where so many are published, within `most`.
pub(super) fn within(most: Option<u64>, published: u64) -> u64 {
    most.map_or(published, |most| most.min(published))
}

/// Gives the number of updates among these values: that of the flag which takes one.
fn updates<T: Task>(values: &[(&'static str, Value)]) -> u64 {
    let flag = T::flags().into_iter().find(|flag| matches!(flag.takes, Takes::Updates));
    let value = flag.and_then(|flag| values.iter().find(|(name, _)| *name == flag.name));
    if let Some((_, Value::Whole(updates))) = value { *updates } else { 0 }
}

/// Gives the name that a flag has among these values; nothing where it has none, or several.
fn one_name(values: &[(&'static str, Value)], flag: &str) -> Option<String> {
    values.iter().find_map(|(name, value)| match value {
        Value::Names(names) if *name == flag && names.len() == 1 => names.first().cloned(),
        _ => None,
    })
}
