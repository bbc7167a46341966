//! Settings of the task, checked once.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::board::{DIAMETER, Holdout};
use crate::instructions::Instructions;
use crate::instructions::grouped;
use crate::reward::Reward;

/// The settings of timed arrival, as a user gives them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimedArrivalConfig {
    /// The values of T, in steps; each episode draws one, every entry as likely as the others.
    #[serde(rename = "T", with = "crate::instructions::list")]
    pub instructions: Vec<u32>,
    /// Steps after which an episode is truncated; none stands for the greatest T + 8, because the
    /// target is at most 8 steps away.
    pub time_limit: Option<u32>,
    /// Reward of an arrival.
    pub reward: Reward,
    /// Share of the 600 placements that no episode begins with, unless all starts are played: for generalization to
    /// placements that were never trained on.
    pub holdout: f64,
}

impl Default for TimedArrivalConfig {
    /// The paper's training range, T from 5 to 12.
    fn default() -> TimedArrivalConfig {
        let instructions = Instructions::paper();
        TimedArrivalConfig { instructions, time_limit: None, reward: Reward::default(), holdout: 0.0 }
    }
}

/// Reasons why settings of timed arrival are invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimedArrivalError {
    /// The list of instructions is empty.
    #[error("no T to draw from: give at least one")]
    NoInstructions,
    /// An instruction of 0.
    #[error("T = 0 can never be met: steps are counted from 1")]
    ZeroInstruction,
    /// An instruction that an observation cannot hold.
    #[error("T = {instruction} is too large: observations are exact up to {most}", most = grouped(TimedArrivalTask::MAX_INSTRUCTION))]
    InstructionTooGreat {
        /// The value of T, in steps.
        instruction: u32,
    },
    /// An instruction that lies after the end of every episode.
    #[error("T = {instruction} can never be met: the time limit ends every episode at step {time_limit}")]
    BeyondTimeLimit {
        /// The value of T, in steps.
        instruction: u32,
        /// The time limit, in steps.
        time_limit: u32,
    },
    /// A holdout that is no share, or leaves no placement.
    #[error("{0}")]
    Holdout(String),
}

/// `TimedArrival-v1`: step onto the target for the first time exactly at step T.
///
/// Trask et al. 2018, *Neural Arithmetic Logic Units*, §4.5 (arXiv:1808.00508). An agent and a target stand on
/// different cells of a board of 5×5. The agent is told T and takes one of five actions a step: up, down, left, right,
/// pass; a move off the board stays. The first step is number 1. On arrival at step t the episode terminates, with
/// success if t = T; it is truncated at the time limit. The reward of an arrival is 1 − 0.1·|t − T|
/// ([`Reward::Graded`]) or 1 if t = T and else 0 ([`Reward::Exact`]); all other steps pay 0. An episode is feasible if
/// the target is at most T steps away.
///
/// The paper gives neither the size of the reward nor the time limit: both are settings.
///
/// A task has checked settings, and cloning it is cheap.
#[derive(Clone, Debug, PartialEq)]
pub struct TimedArrivalTask {
    instructions: Arc<[u32]>,
    time_limit: u32,
    reward: Reward,
    pub(super) holdout: Holdout,
}

impl TimedArrivalTask {
    /// The greatest instruction: from here on, an observation's `f32` would skip some numbers of steps.
    pub const MAX_INSTRUCTION: u32 = 1 << f32::MANTISSA_DIGITS;

    /// Checks the settings.
    ///
    /// # Errors
    /// If the list of instructions is empty, or one of them is 0, greater than
    /// [`MAX_INSTRUCTION`](Self::MAX_INSTRUCTION) or beyond the time limit; or if the holdout is not a share or leaves
    /// no placement.
    pub fn new(config: TimedArrivalConfig) -> Result<TimedArrivalTask, TimedArrivalError> {
        let greatest = config.instructions.iter().copied().max().ok_or(TimedArrivalError::NoInstructions)?;
        if config.instructions.contains(&0) {
            return Err(TimedArrivalError::ZeroInstruction);
        }
        if greatest > TimedArrivalTask::MAX_INSTRUCTION {
            return Err(TimedArrivalError::InstructionTooGreat { instruction: greatest });
        }
        let time_limit = config.time_limit.unwrap_or(greatest + DIAMETER);
        if greatest > time_limit {
            return Err(TimedArrivalError::BeyondTimeLimit { instruction: greatest, time_limit });
        }
        let holdout = Holdout::new(config.holdout).map_err(TimedArrivalError::Holdout)?;
        Ok(TimedArrivalTask { instructions: config.instructions.into(), time_limit, reward: config.reward, holdout })
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

    /// The values of T, in steps.
    #[must_use]
    pub fn instructions(&self) -> &[u32] {
        &self.instructions
    }

    /// Makes a copy of the task with the one value `instruction`, and at least 8 steps after it.
    ///
    /// # Errors
    /// If the value is 0, or greater than [`MAX_INSTRUCTION`](Self::MAX_INSTRUCTION).
    pub fn try_with_instruction(&self, instruction: u32) -> Result<TimedArrivalTask, TimedArrivalError> {
        TimedArrivalTask::new(TimedArrivalConfig {
            instructions: vec![instruction],
            time_limit: Some(self.time_limit.max(instruction.saturating_add(DIAMETER))),
            reward: self.reward,
            holdout: self.holdout.share(),
        })
    }
}
