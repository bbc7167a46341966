//! `IntervalReproduction-v1`: see an interval pass, then let as much time pass again.
//!
//! The task of Deverett et al. 2019, *Interval timing in deep reinforcement learning agents*
//! (arXiv:1905.13469), on the board of [`timed_arrival`](crate::timed_arrival): an agent and a target
//! on two different cells, the same five actions and images. The agent is told nothing (its
//! instruction is zero, always). Two flashes show it an interval of T steps, and it must step onto
//! the target T steps after the second one.
//!
//! # Counting
//!
//! Observation 0 is the first; observation k is the one after step k. With a wait of w steps, drawn
//! from 1 to [`MAX_WAIT`]:
//!
//! ```text
//! observation   0 … w−1   w       …   w+T     w+T+1   …   w+2T
//!               dark      flash       flash   dark        the agent on the target
//! response                −T          0       1           T: on time
//! ```
//!
//! The *response* of an arrival at step k is k − (w + T): from the observation with the second flash
//! on, exactly T actions, the last of which enters the target's cell, are a response of T. Arriving
//! ends the episode whenever it happens. Before the second flash the response counts from when that
//! flash would have come, and is negative; at the very step that would have shown it, it is 0.
//!
//! # Reward, success, end
//!
//! Arriving with response r pays max(0, 1 − 0.1·|r − T|) (graded) or 1 if r = T and else 0 (exact).
//! It is a success if |r − T| is at most the tolerance, 1 unless set otherwise. Entering the target's
//! cell terminates the episode; at the time limit it is truncated, and pays nothing.
//!
//! An episode is feasible if the target is at most w + 2T + tolerance steps away, and not beyond the
//! time limit. The agent need not know w or T for that: it can go and stand beside the target at
//! once, which is what the [`Oracle`] does.

mod config;
mod frames;
mod oracle;
mod plain;
mod rules;
mod spec;
mod task;

use crate::board;
use crate::settings::{Description, Drawing, Settings};

use spec::ID;

pub use crate::board::{AGENT, Action, BACKGROUND, GRID_LINE, TARGET, always_pass};
pub use crate::reward::Reward;
pub use config::{
    IntervalReproductionConfig, IntervalReproductionError, IntervalReproductionTask, MAX_INTERVAL, MAX_TOLERANCE,
};
pub use frames::FLASH;
pub use oracle::Oracle;
pub use plain::IntervalReproduction;
pub use rules::MAX_WAIT;

impl Settings for IntervalReproductionConfig {
    type Task = IntervalReproductionTask;

    const DESCRIPTION: Description = Description {
        id: ID,
        summary: "two flashes lie T steps apart: reach the target T steps after the second; T is not stated",
        timing: "response",
        definitions: "response: steps from the second flash to the arrival, negative before it; on time: at most 1 step from T, \
                      or as many as --tolerance says",
        tells_instruction: false,
        drawing: Some(Drawing { side: board::SIDE as usize, symbols: board::SYMBOLS, flash: Some(FLASH) }),
    };

    fn task(&self) -> Result<IntervalReproductionTask, String> {
        IntervalReproductionTask::new(self.clone()).map_err(|error| error.to_string())
    }

    fn resolved(self, task: &IntervalReproductionTask) -> IntervalReproductionConfig {
        IntervalReproductionConfig { time_limit: Some(task.time_limit()), ..self }
    }
}
