//! `TimedArrival-v1`: step onto the target for the first time exactly at step T.
//!
//! Trask et al. 2018, *Neural Arithmetic Logic Units*, §4.5 (arXiv:1808.00508). An agent and a
//! target stand on different cells of a board of 5×5. The agent is told T and takes one of five
//! actions a step: up, down, left, right, pass; a move off the board stays. The first step is
//! number 1. On arrival at step t the episode terminates, with success if t = T; it is truncated at
//! the time limit, with reward 0. An episode is feasible if the target is at most T steps away.
//!
//! The paper gives neither the size of the reward nor the time limit: both are settings.

mod batch;
mod config;
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
pub use batch::TimedArrivalBatch;
pub use config::{MAX_INSTRUCTION, TimedArrivalConfig, TimedArrivalError, TimedArrivalTask};
pub use oracle::Oracle;
pub use plain::TimedArrival;

impl Settings for TimedArrivalConfig {
    type Task = TimedArrivalTask;

    const DESCRIPTION: Description = Description {
        id: ID,
        summary: "reach the target for the first time exactly at step T (5×5 cells, 56×56 pixels)",
        timing: "arrival",
        definitions: "arrival: step of the first entry into the target's cell; on time: at step T",
        tells_instruction: true,
        drawing: Some(Drawing { side: board::SIDE as usize, symbols: board::SYMBOLS, flash: None }),
    };

    fn task(&self) -> Result<TimedArrivalTask, String> {
        TimedArrivalTask::new(self.clone()).map_err(|error| error.to_string())
    }

    fn resolved(self, task: &TimedArrivalTask) -> TimedArrivalConfig {
        TimedArrivalConfig { time_limit: Some(task.time_limit()), ..self }
    }
}
