//! From the workers' reports to records.

use std::sync::mpsc::Receiver;

use super::hub::Applied;
use super::trainer::Observer;
use super::{TrainError, UpdateStatistics};
use crate::records::{Record, Tag};

/// What was measured since the last record.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    statistics: UpdateStatistics,
    updates: u64,
    norm: f64,
    learning_rate: f64,
    /// Step and second of that record.
    pub since: (u64, f64),
}

/// Turns the workers' reports into records, until all workers are gone.
pub fn collect(
    reports: &Receiver<Applied>,
    pending: &mut Pending,
    interval: u64,
    observer: &mut dyn Observer,
) -> Result<(), TrainError> {
    let mut reached = pending.since.0;
    for applied in reports {
        // Two workers may report in another order than their gradients were applied in.
        reached = reached.max(applied.steps);
        pending.add(&applied);
        observer.advance(reached);
        if reached - pending.since.0 >= interval {
            let record = pending.take(reached, observer.seconds());
            observer.record(&record).map_err(TrainError::Observer)?;
        }
    }
    Ok(())
}

impl Pending {
    fn add(&mut self, applied: &Applied) {
        self.statistics = match self.updates {
            0 => applied.statistics,
            _ => self.statistics.joined(&applied.statistics),
        };
        self.updates += 1;
        self.norm += applied.norm;
        self.learning_rate = applied.learning_rate;
    }

    fn take(&mut self, step: u64, seconds: f64) -> Record {
        let statistics = self.statistics;
        let mut scalars = vec![
            (Tag::StepsPerSecond, (step - self.since.0) as f64 / (seconds - self.since.1).max(1e-9)),
            (Tag::PolicyLoss, statistics.losses.policy),
            (Tag::ValueLoss, statistics.losses.value),
            (Tag::Entropy, statistics.losses.entropy),
            (Tag::GradientNorm, self.norm / self.updates as f64),
            (Tag::LearningRate, self.learning_rate),
        ];
        if statistics.episodes > 0 {
            let episodes = statistics.episodes as f64;
            scalars.push((Tag::EpisodicReturn, statistics.returns / episodes));
            scalars.push((Tag::Success, statistics.successes as f64 / episodes));
        }
        *self = Pending { since: (step, seconds), ..Pending::default() };
        Record { step, seconds, scalars }
    }
}
