//! Settings of the task, checked once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::board::DIAMETER;
use crate::instructions::Instructions;
use crate::instructions::grouped;
use crate::reward::Reward;

use super::rules::MAX_WAIT;

/// The greatest interval, so that no count of steps comes near its type's end.
pub const MAX_INTERVAL: u32 = 1 << 24;
/// The greatest tolerance, for the same reason.
pub const MAX_TOLERANCE: u32 = 1 << 24;

/// The settings of interval reproduction, as a user gives them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IntervalReproductionConfig {
    /// The values of T, in steps; each episode draws one, every entry as likely as the others.
    #[serde(rename = "T", with = "crate::instructions::list")]
    pub intervals: Vec<u32>,
    /// Steps after which an episode is truncated; none stands for the greatest wait + 2·(the greatest
    /// T) + 8: whoever stands still until the response should come can still walk to the target.
    pub time_limit: Option<u32>,
    /// Reward of an arrival.
    pub reward: Reward,
    /// Steps by which a response may differ from T and succeed. It does not change the reward.
    pub tolerance: u32,
}

impl Default for IntervalReproductionConfig {
    /// The values that timed arrival is trained on, and one step either way.
    fn default() -> IntervalReproductionConfig {
        let intervals = Instructions::paper();
        IntervalReproductionConfig { intervals, time_limit: None, reward: Reward::default(), tolerance: 1 }
    }
}

/// Settings that make no task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntervalReproductionError {
    /// The list of intervals is empty.
    #[error("no T to draw from: give at least one")]
    NoIntervals,
    /// An interval of 0: the flashes would be one.
    #[error("T = 0 is no interval: the second flash comes at least a step after the first")]
    ZeroInterval,
    /// An interval that is too great to count.
    #[error("T = {interval} is too large: at most {most}", most = grouped(MAX_INTERVAL))]
    IntervalTooGreat {
        /// The value of T, in steps.
        interval: u32,
    },
    /// A tolerance that is too great to count.
    #[error("a tolerance of {tolerance} steps is too large: at most {most}", most = grouped(MAX_TOLERANCE))]
    ToleranceTooGreat {
        /// The tolerance, in steps.
        tolerance: u32,
    },
    /// An interval that cannot be reproduced before the end of every episode.
    #[error(
        "T = {interval} cannot always be reproduced: its end can be at step {on_time}, and the time limit ends every \
         episode at step {time_limit}"
    )]
    BeyondTimeLimit {
        /// The value of T, in steps.
        interval: u32,
        /// The latest step whose response is T: after the greatest wait.
        on_time: u32,
        /// The time limit, in steps.
        time_limit: u32,
    },
}

/// Interval reproduction with settings that were checked. Cloning it is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntervalReproductionTask {
    intervals: Arc<[u32]>,
    time_limit: u32,
    reward: Reward,
    tolerance: u32,
}

impl IntervalReproductionTask {
    /// Checks the settings.
    ///
    /// # Errors
    /// If there is no interval, or one that can never be seen, counted or reproduced.
    pub fn new(config: IntervalReproductionConfig) -> Result<IntervalReproductionTask, IntervalReproductionError> {
        let IntervalReproductionConfig { intervals, time_limit, reward, tolerance } = config;
        let interval = intervals.iter().copied().max().ok_or(IntervalReproductionError::NoIntervals)?;
        if intervals.contains(&0) {
            return Err(IntervalReproductionError::ZeroInterval);
        }
        if interval > MAX_INTERVAL {
            return Err(IntervalReproductionError::IntervalTooGreat { interval });
        }
        if tolerance > MAX_TOLERANCE {
            return Err(IntervalReproductionError::ToleranceTooGreat { tolerance });
        }
        let on_time = MAX_WAIT + 2 * interval;
        let time_limit = time_limit.unwrap_or(on_time + DIAMETER);
        if on_time > time_limit {
            return Err(IntervalReproductionError::BeyondTimeLimit { interval, on_time, time_limit });
        }
        Ok(IntervalReproductionTask { intervals: intervals.into(), time_limit, reward, tolerance })
    }

    /// Steps after which an episode is truncated.
    pub fn time_limit(&self) -> u32 {
        self.time_limit
    }

    /// Gives the reward of an arrival.
    pub fn reward(&self) -> Reward {
        self.reward
    }

    /// Steps by which a response may differ from T and succeed.
    pub fn tolerance(&self) -> u32 {
        self.tolerance
    }

    /// The values of T, in steps.
    pub fn intervals(&self) -> &[u32] {
        &self.intervals
    }

    /// Makes a copy of the task with the one value `interval`, and at least 8 steps after its latest end.
    ///
    /// # Errors
    /// If the value can never be seen or counted.
    pub fn with_interval(&self, interval: u32) -> Result<IntervalReproductionTask, IntervalReproductionError> {
        let least = interval.saturating_mul(2).saturating_add(MAX_WAIT + DIAMETER);
        IntervalReproductionTask::new(IntervalReproductionConfig {
            intervals: vec![interval],
            time_limit: Some(self.time_limit.max(least)),
            reward: self.reward,
            tolerance: self.tolerance,
        })
    }
}
