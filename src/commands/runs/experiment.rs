//! A run of `gridworld numeracy`.

use std::path::PathBuf;
use std::time::SystemTime;

use gridworld_numeracy::metrics;
use gridworld_records::{RunFolder, last_metrics};
use gridworld_terminal::program::CliError;
use serde::Serialize;

use super::status::{Status, age};
use crate::run::experiment::ExperimentConfig;

/// A run of arithmetic, as far as its files tell.
#[derive(Clone, Debug, Serialize)]
pub struct Experiment {
    /// Folder of the run.
    #[serde(serialize_with = "gridworld_terminal::output::json_path::path")]
    pub run: PathBuf,
    /// Name of the folder within the folder that was asked for.
    pub name: String,
    /// Status of the run.
    pub status: Status,
    /// Name of the task, which is the name of its subcommand.
    pub task: Option<&'static str>,
    /// Computed operation, where there is a choice.
    pub operation: Option<String>,
    /// Cell that is trained, if it is one.
    pub cell: Option<String>,
    /// Trainings that are done, one for each seed and range or the like.
    pub done: Option<u64>,
    /// Number of trainings that were asked for.
    pub asked: Option<u64>,
    /// The share of those done that found the solution.
    pub solved: Option<f64>,
    /// Seconds since the last record.
    pub age: Option<f64>,
    /// Description of the problem, if there is one.
    pub problem: Option<String>,
}

impl Experiment {
    /// Reads as much of a run as the list needs, and no more.
    pub fn look(run: PathBuf, name: String, now: SystemTime) -> Experiment {
        let mut experiment = Experiment {
            age: age(&run, now),
            run,
            name,
            status: Status::Damaged,
            task: None,
            operation: None,
            cell: None,
            done: None,
            asked: None,
            solved: None,
            problem: None,
        };
        experiment.problem = experiment.fill().err().map(|problem| problem.to_string());
        experiment
    }

    /// Fills in the fields that can be read.
    fn fill(&mut self) -> Result<(), CliError> {
        let folder = RunFolder::open(&self.run).map_err(CliError::usage)?;
        let ExperimentConfig { task, seeds, .. } = ExperimentConfig::read(&folder)?;
        let (work, last) = (task.work(), last_metrics(&folder.metrics()));
        let (done, asked) = (last.as_ref().map_or(0, |line| line.step / work.steps.max(1)), seeds * work.turns);
        (self.task, self.operation, self.cell) = (Some(task.name()), task.operation(), task.cell());
        (self.done, self.asked) = (Some(done), Some(asked));
        self.solved =
            last.filter(|_| task.is_judged()).and_then(|line| line.scalars.get(metrics::SUCCESS).copied().flatten());
        self.status = match folder.is_in_training().map_err(CliError::usage)? {
            true => Status::Running,
            false if done >= asked => Status::Finished,
            false => Status::Stopped,
        };
        Ok(())
    }
}
