//! Settings of the task, checked once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::board::{DIAMETER, Holdout};
use crate::instructions::Instructions;
use crate::instructions::grouped;
use crate::reward::Reward;

/// The settings of interval reproduction, as a user gives them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Share of the 600 placements that no episode begins with, unless all starts are played: for generalization to
    /// placements that were never trained on.
    pub holdout: f64,
}

impl Default for IntervalReproductionConfig {
    /// The values that timed arrival is trained on, and one step either way.
    fn default() -> IntervalReproductionConfig {
        let intervals = Instructions::paper();
        let reward = Reward::default();
        IntervalReproductionConfig { intervals, time_limit: None, reward, tolerance: 1, holdout: 0.0 }
    }
}

/// Reasons why settings of interval reproduction are invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntervalReproductionError {
    /// The list of intervals is empty.
    #[error("no T to draw from: give at least one")]
    NoIntervals,
    /// An interval of 0: the flashes would be one.
    #[error("T = 0 is no interval: the second flash comes at least a step after the first")]
    ZeroInterval,
    /// An interval that is too great to count.
    #[error("T = {interval} is too large: at most {most}", most = grouped(IntervalReproductionTask::MAX_INTERVAL))]
    IntervalTooGreat {
        /// The value of T, in steps.
        interval: u32,
    },
    /// A tolerance that is too great to count.
    #[error("a tolerance of {tolerance} steps is too large: at most {most}", most = grouped(IntervalReproductionTask::MAX_TOLERANCE))]
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
    /// A holdout that is no share, or leaves no placement.
    #[error("{0}")]
    Holdout(String),
}

/// `IntervalReproduction-v1`: see an interval pass, then let as much time pass again.
///
/// The task of Deverett et al. 2019, *Interval timing in deep reinforcement learning agents*
/// (arXiv:1905.13469), on the board of [timed arrival](crate::TimedArrivalTask): an agent and a target
/// on two different cells, the same five actions and images. The agent is told nothing (its
/// instruction is zero, always). Two flashes show it an interval of T steps, and it must step onto
/// the target T steps after the second one.
///
/// # Counting
///
/// Observation 0 is the first; observation k is the one after step k. With a wait of w steps, drawn
/// from 1 to [`MAX_WAIT`](IntervalReproductionTask::MAX_WAIT):
///
/// ```text
/// observation   0 … w−1   w       …   w+T     w+T+1   …   w+2T
///               dark      flash       flash   dark        the agent on the target
/// response                −T          0       1           T: on time
/// ```
///
/// The *response* of an arrival at step k is k − (w + T): from the observation with the second flash
/// on, exactly T actions, the last of which enters the target's cell, are a response of T. Arriving
/// ends the episode whenever it happens. Before the second flash the response counts from when that
/// flash would have come, and is negative; at the very step that would have shown it, it is 0.
///
/// # Reward, success, end
///
/// Arriving with response r pays max(0, 1 − 0.1·|r − T|) (graded) or 1 if r = T and else 0 (exact).
/// It is a success if |r − T| is at most the tolerance, 1 unless set otherwise. Entering the target's
/// cell terminates the episode; at the time limit it is truncated, and pays nothing.
///
/// An episode is feasible if the target is at most w + 2T + tolerance steps away, and not beyond the
/// time limit. The agent need not know w or T for that: it can go and stand beside the target at
/// once, which is what the [`IntervalReproductionOracle`](crate::IntervalReproductionOracle) does.
///
/// A task has checked settings, and cloning it is cheap.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalReproductionTask {
    intervals: Arc<[u32]>,
    time_limit: u32,
    reward: Reward,
    tolerance: u32,
    pub(super) holdout: Holdout,
}

impl IntervalReproductionTask {
    /// The greatest interval, in steps, so that no count of steps comes near its type's end.
    pub const MAX_INTERVAL: u32 = 1 << 24;
    /// The greatest tolerance, in steps, so that no count of steps comes near its type's end.
    pub const MAX_TOLERANCE: u32 = 1 << 24;
    /// The most steps before the first flash; the fewest are 1.
    pub const MAX_WAIT: u32 = 4;

    /// Checks the settings.
    ///
    /// # Errors
    /// If the list of intervals is empty, or one of them is 0, greater than [`MAX_INTERVAL`](Self::MAX_INTERVAL) or too
    /// long for the time limit; if the tolerance is greater than [`MAX_TOLERANCE`](Self::MAX_TOLERANCE); or if the
    /// holdout is not a share or leaves no placement.
    pub fn new(config: IntervalReproductionConfig) -> Result<IntervalReproductionTask, IntervalReproductionError> {
        let IntervalReproductionConfig { intervals, time_limit, reward, tolerance, holdout } = config;
        let interval = intervals.iter().copied().max().ok_or(IntervalReproductionError::NoIntervals)?;
        if intervals.contains(&0) {
            return Err(IntervalReproductionError::ZeroInterval);
        }
        if interval > IntervalReproductionTask::MAX_INTERVAL {
            return Err(IntervalReproductionError::IntervalTooGreat { interval });
        }
        if tolerance > IntervalReproductionTask::MAX_TOLERANCE {
            return Err(IntervalReproductionError::ToleranceTooGreat { tolerance });
        }
        let on_time = IntervalReproductionTask::MAX_WAIT + 2 * interval;
        let time_limit = time_limit.unwrap_or(on_time + DIAMETER);
        if on_time > time_limit {
            return Err(IntervalReproductionError::BeyondTimeLimit { interval, on_time, time_limit });
        }
        let holdout = Holdout::new(holdout).map_err(IntervalReproductionError::Holdout)?;
        Ok(IntervalReproductionTask { intervals: intervals.into(), time_limit, reward, tolerance, holdout })
    }

    /// Steps after which an episode is truncated.
    #[must_use]
    pub fn time_limit(&self) -> u32 {
        self.time_limit
    }

    /// Gives the reward of an arrival.
    #[must_use]
    pub fn reward(&self) -> Reward {
        self.reward
    }

    /// Steps by which a response may differ from T and succeed.
    #[must_use]
    pub fn tolerance(&self) -> u32 {
        self.tolerance
    }

    /// The values of T, in steps.
    #[must_use]
    pub fn intervals(&self) -> &[u32] {
        &self.intervals
    }

    /// Makes a copy of the task with the one value `interval`, and at least 8 steps after its latest end.
    ///
    /// # Errors
    /// If the value is 0, or greater than [`MAX_INTERVAL`](Self::MAX_INTERVAL).
    pub fn with_interval(&self, interval: u32) -> Result<IntervalReproductionTask, IntervalReproductionError> {
        let least = interval.saturating_mul(2).saturating_add(IntervalReproductionTask::MAX_WAIT + DIAMETER);
        IntervalReproductionTask::new(IntervalReproductionConfig {
            intervals: vec![interval],
            time_limit: Some(self.time_limit.max(least)),
            reward: self.reward,
            tolerance: self.tolerance,
            holdout: self.holdout.share(),
        })
    }
}
