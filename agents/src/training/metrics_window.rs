//! Measurements since the last record.

use std::sync::mpsc::Receiver;

use serde::{Deserialize, Serialize};

use super::hub::Applied;
use super::observer::Observer;
use super::{Record, Tag, TrainError, UpdateStatistics};
use gridworld_checkpoint::{Checkpoint, CheckpointError};

/// Name of the field in a checkpoint's metadata.
const FIELD: &str = "pending";

/// Sums over the updates since the last record. They are part of a checkpoint, so that a training that goes on makes
/// the records that it would have made without a stop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricsWindow {
    statistics: UpdateStatistics,
    updates: u64,
    /// Sum of the gradients' norms.
    norm: f64,
    learning_rate: f64,
    /// Sum of the gradients' staleness, in updates.
    #[serde(default)]
    staleness: u64,
    /// Environment steps at the last record, if there was one.
    since: Option<u64>,
    /// Environment steps and seconds from which the rate is measured. What a clock has said is not in a checkpoint.
    #[serde(skip)]
    clock: (u64, f64),
}

/// Turns the workers' reports into records, until all workers are gone.
pub fn collect(
    reports: &Receiver<Applied>,
    pending: &mut MetricsWindow,
    interval: u64,
    observer: &mut dyn Observer,
) -> Result<(), TrainError> {
    let mut reached = pending.since();
    for applied in reports {
        // Two workers may report in another order than their gradients were applied in.
        reached = reached.max(applied.steps);
        pending.add(&applied);
        observer.advance(reached);
        if reached - pending.since() >= interval {
            let record = pending.take(reached, observer.seconds());
            observer.record(&record).map_err(TrainError::Observer)?;
        }
    }
    Ok(())
}

impl MetricsWindow {
    /// Reads the sums that a checkpoint holds.
    ///
    /// Checkpoints of earlier versions hold nothing, and a sum that is not finite has no form in JSON. Neither is a
    /// reason not to go on: one record will then tell of fewer updates.
    ///
    /// # Errors
    /// If it counts more than the `steps` environment steps that the checkpoint has.
    pub fn restore(checkpoint: &Checkpoint, steps: u64) -> Result<MetricsWindow, CheckpointError> {
        let pending: MetricsWindow = checkpoint.field(FIELD).unwrap_or_default();
        let UpdateStatistics { steps: taken, episodes, successes, .. } = pending.statistics;
        let number = |name: &str| CheckpointError::Number { name: format!("{FIELD}.{name}") };
        // Every update has at least one step, and so has every episode.
        let counts = [
            ("since", pending.since.unwrap_or_default()),
            ("updates", pending.updates),
            ("statistics.steps", taken),
            ("statistics.episodes", episodes),
            ("statistics.successes", successes),
        ];
        match counts.into_iter().find(|&(_, count)| count > steps) {
            Some((name, _)) => Err(number(name)),
            None => Ok(pending),
        }
    }

    /// Adds the sums to a checkpoint.
    pub fn save(&self, checkpoint: &mut Checkpoint) {
        let value = serde_json::to_value(self).expect("plain data has a JSON form");
        checkpoint.metadata.insert(FIELD.to_owned(), value);
    }

    /// Goes on at `steps`, in the second `seconds` of the training.
    pub fn start(&mut self, steps: u64, seconds: f64) {
        self.since.get_or_insert(steps);
        self.clock = (steps, seconds);
    }

    /// Environment steps at the last record.
    pub fn since(&self) -> u64 {
        self.since.unwrap_or_default()
    }

    /// Adds an applied gradient to the sums.
    fn add(&mut self, applied: &Applied) {
        self.statistics = match self.updates {
            0 => applied.statistics,
            _ => self.statistics.joined(&applied.statistics),
        };
        self.updates += 1;
        self.norm += applied.norm;
        self.learning_rate = applied.learning_rate;
        self.staleness += applied.staleness;
    }

    /// Makes a record of the sums, and begins anew.
    fn take(&mut self, step: u64, seconds: f64) -> Record {
        let statistics = self.statistics;
        let mut scalars = vec![
            (Tag::StepsPerSecond, (step - self.clock.0) as f64 / (seconds - self.clock.1).max(1e-9)),
            (Tag::PolicyLoss, statistics.losses.policy),
            (Tag::ValueLoss, statistics.losses.value),
            (Tag::Entropy, statistics.losses.entropy),
            (Tag::GradientNorm, self.norm / self.updates as f64),
            (Tag::LearningRate, self.learning_rate),
            (Tag::Staleness, self.staleness as f64 / self.updates as f64),
        ];
        if statistics.episodes > 0 {
            let episodes = statistics.episodes as f64;
            scalars.push((Tag::EpisodicReturn, statistics.returns / episodes));
            // Of the episodes at the ends of this stretch parts are missing or too many, which is evened out in the next.
            scalars.push((Tag::EpisodicLength, statistics.steps as f64 / episodes));
            scalars.push((Tag::Success, statistics.successes as f64 / episodes));
        }
        *self = MetricsWindow { since: Some(step), clock: (step, seconds), ..MetricsWindow::default() };
        Record { step, seconds, scalars }
    }
}
