//! `IntervalReproduction-v1`; [`IntervalReproductionTask`] says what the task is.

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

pub use config::{IntervalReproductionConfig, IntervalReproductionError, IntervalReproductionTask};
pub use oracle::IntervalReproductionOracle;
pub use plain::IntervalReproduction;

impl Settings for IntervalReproductionConfig {
    type Task = IntervalReproductionTask;

    const DESCRIPTION: Description = Description {
        id: ID,
        summary: "two flashes lie T steps apart: reach the target T steps after the second; T is not stated",
        timing: "response",
        definitions: "response: steps from the second flash to the arrival, negative before it; on time: at most 1 step from T, \
                      or as many as --tolerance says",
        tells_instruction: false,
        drawing: Some(Drawing { side: board::SIDE as usize, symbols: board::SYMBOLS, flash: Some(board::FLASH) }),
    };

    fn task(&self) -> Result<IntervalReproductionTask, String> {
        IntervalReproductionTask::new(self.clone()).map_err(|error| error.to_string())
    }

    fn resolved(self, task: &IntervalReproductionTask) -> IntervalReproductionConfig {
        IntervalReproductionConfig { time_limit: Some(task.time_limit()), ..self }
    }
}
