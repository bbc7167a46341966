//! Scores of several runs on several tasks.

use super::StatisticsError;

/// A matrix `[run, task]` of finite scores, with at least one of each.
///
/// A run is one training with a seed of its own, a task what it was evaluated on. Scores of
/// different tasks should be comparable, 0 for nothing learned and 1 for all there is to learn:
/// shares of success are.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    tasks: usize,
    values: Vec<f64>,
}

impl Scores {
    /// The matrix of these rows: a row a run, a column a task.
    ///
    /// # Errors
    ///
    /// If there is no run or no task, if the rows' lengths differ, or if a score is not finite.
    pub fn new<R: AsRef<[f64]>>(rows: &[R]) -> Result<Scores, StatisticsError> {
        let tasks = rows.first().ok_or(StatisticsError::NoRuns)?.as_ref().len();
        if tasks == 0 {
            return Err(StatisticsError::NoTasks);
        }
        let mut values = Vec::new();
        for (run, row) in rows.iter().map(AsRef::as_ref).enumerate() {
            if row.len() != tasks {
                return Err(StatisticsError::Ragged { run, found: row.len(), expected: tasks });
            }
            if let Some((task, &value)) = row.iter().enumerate().find(|(_, value)| !value.is_finite()) {
                return Err(StatisticsError::NotFinite { run, task, value });
            }
            values.extend_from_slice(row);
        }
        Ok(Scores { tasks, values })
    }

    /// The matrix of one task, of which each run has one score.
    ///
    /// # Errors
    ///
    /// If there is no run, or if a score is not finite.
    pub fn of_runs(values: &[f64]) -> Result<Scores, StatisticsError> {
        Scores::new(&values.iter().map(|&value| [value]).collect::<Vec<_>>())
    }

    /// Number of runs.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.values.len() / self.tasks
    }

    /// Number of tasks.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    /// All scores, run after run.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The scores on one of the tasks, `[run]`.
    pub(super) fn task(&self, task: usize) -> impl ExactSizeIterator<Item = f64> + '_ {
        self.values[task..].iter().step_by(self.tasks).copied()
    }

    /// Replaces every score by that of the run that `choose` names for it, on the same task.
    pub(super) fn redraw(&mut self, from: &Scores, mut choose: impl FnMut() -> usize) {
        for (at, value) in self.values.iter_mut().enumerate() {
            *value = from.values[choose() * from.tasks + at % from.tasks];
        }
    }
}
