//! A task: its settings, its training, what its seeds come to, and all that is said of them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::drawing::Drawing;
use super::flag::{Flag, Given, Value};
use crate::crew::Experiment;
use crate::results::Pages;

/// The work of each seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Trainings: one for each range, cell or the like, which take turns.
    pub turns: u64,
    /// Updates of each training at most.
    pub steps: u64,
}

/// Why a task cannot begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// The settings contradict something.
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
    /// Its name behind that of the task.
    pub name: String,
    /// Its settings.
    pub config: T,
}

/// The surroundings in which settings are completed.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a, T> {
    /// The flags that were given.
    pub given: &'a Given,
    /// The cache folder, which holds what the scripts prepare.
    pub cache: Option<&'a Path>,
    /// The folder with the other experiments of the table, where this is one of them.
    pub table: Option<&'a Path>,
    /// The settings of the run that goes on, where one does.
    pub recorded: Option<&'a T>,
}

/// Outcomes by seed.
pub type Outcomes<T> = BTreeMap<u64, <<T as Task>::Experiment as Experiment>::Outcome>;

/// The settings of a task, and what there is to say of its seeds.
pub trait Task: Clone + PartialEq {
    /// The task in a sentence, for the list of commands.
    const ABOUT: &'static str;
    /// Commands that show what can be asked.
    const EXAMPLES: &'static str;
    /// Seeds by default, of each range, cell or the like.
    const SEEDS: u64;
    /// The file of a page of its own, if it has one.
    const PAGE: Option<&'static str> = None;

    /// By what seeds are judged, where that takes long to find.
    type Criterion;
    /// What trains a seed.
    type Experiment: Experiment;
    /// What the seeds come to.
    type Summary: Serialize;
    /// An experiment and what it came to, in the document behind the table.
    type Entry: Serialize + DeserializeOwned;

    /// The settings that a user chooses.
    fn flags() -> Vec<Flag>;
    /// The settings that these flags make, as far as they depend on nothing else.
    fn configure(given: &Given) -> Self;
    /// The settings with all that depends on files.
    ///
    /// # Errors
    /// If a file is not there, or contradicts the settings.
    fn complete(self, _surroundings: &Surroundings<'_, Self>) -> Result<Self, TaskError> {
        Ok(self)
    }
    /// The values of the flags that these settings have: those that a run which goes on must agree with.
    fn values(&self) -> Vec<(&'static str, Value)>;

    /// What is computed, where there is a choice.
    fn operation(&self) -> Option<String>;
    /// What it is to be learned by; nothing where that is more than one thing.
    fn cell(&self) -> Option<String>;
    /// The work of each seed.
    fn work(&self) -> Work;
    /// Whether it is known which seeds are solved.
    fn is_judged(&self) -> bool {
        true
    }

    /// Finds by what seeds are judged.
    fn criterion(&self) -> Self::Criterion;
    /// Prepares the training.
    ///
    /// # Errors
    /// If what is trained on is not there, or is not what the run began with.
    fn prepare(&self, criterion: &Self::Criterion, given: &Given) -> Result<Self::Experiment, TaskError>;

    /// What these outcomes come to.
    fn summarize(&self, criterion: &Self::Criterion, outcomes: &Outcomes<Self>) -> Self::Summary;
    /// The summary for people.
    fn text(&self, summary: &Self::Summary) -> String;
    /// What is drawn of these outcomes.
    fn drawing(&self, outcomes: &Outcomes<Self>) -> Drawing;

    /// The experiments of the table of results, within so many updates.
    fn plan(most: Option<u64>) -> Vec<Planned<Self>>;
    /// What stands of this experiment in the document behind the table; a seed took so many seconds.
    fn entries(&self, summary: Self::Summary, seconds: f64) -> Vec<Self::Entry>;
    /// Writes what stands of all of them on the pages.
    fn pages(entries: &[Self::Entry], pages: &mut Pages<'_>);
}

/// The updates of a seed where so many are published, within `most`.
pub(super) fn within(most: Option<u64>, published: u64) -> u64 {
    most.map_or(published, |most| most.min(published))
}
