//! A task, and what there is to say of its seeds.

use std::collections::BTreeMap;

use gridworld_numeracy::crew::Experiment;
use gridworld_numeracy::tasks::TaskConfig;
use serde::Serialize;

/// The settings of a task, and what there is to say of its seeds.
pub trait Task: Clone {
    /// What trains a seed.
    type Experiment: Experiment;
    /// What the seeds come to.
    type Summary: Serialize;

    /// Those among all tasks.
    fn into_config(self) -> TaskConfig;
    /// Those of this task, if these are.
    fn of(config: &TaskConfig) -> Option<&Self>;
    /// What these outcomes by seed come to.
    fn summarize(&self, experiment: &Self::Experiment, outcomes: &Outcomes<Self>) -> Self::Summary;
    /// The summary for people.
    fn text(&self, summary: &Self::Summary) -> String;
}

/// Outcomes by seed.
pub type Outcomes<T> = BTreeMap<u64, <<T as Task>::Experiment as Experiment>::Outcome>;

/// The two functions of [`Task`] between a task's settings and those among all tasks, whose variant of [`TaskConfig`] is
/// named.
macro_rules! among_all {
    ($variant:ident) => {
        fn into_config(self) -> gridworld_numeracy::tasks::TaskConfig {
            gridworld_numeracy::tasks::TaskConfig::$variant(self)
        }

        fn of(config: &gridworld_numeracy::tasks::TaskConfig) -> Option<&Self> {
            if let gridworld_numeracy::tasks::TaskConfig::$variant(config) = config { Some(config) } else { None }
        }
    };
}
pub(super) use among_all;
