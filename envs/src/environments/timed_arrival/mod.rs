//! `TimedArrival-v1`; [`TimedArrivalTask`] says what the task is.

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

pub use batch::TimedArrivalBatch;
pub use config::{TimedArrivalConfig, TimedArrivalError, TimedArrivalTask};
pub use oracle::TimedArrivalOracle;
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
