//! Environments of timed arrival in both forms, and the best policy.

use crate::environment::{Batch, Policy, Spec, Task};
use crate::stream::StreamId;

use super::batch::TimedArrivalBatch;
use super::config::TimedArrivalTask;
use super::oracle::TimedArrivalOracle;
use super::plain::TimedArrival;
use super::spec::spec;

impl TimedArrivalTask {
    /// Makes one environment in its plain form, not yet reset.
    #[must_use]
    pub fn environment(&self) -> TimedArrival {
        TimedArrival::new(self.clone())
    }

    /// Makes `lanes` environments in their fast form.
    #[must_use]
    pub fn environments(&self, lanes: usize, stream: StreamId) -> TimedArrivalBatch {
        TimedArrivalBatch::new(self.clone(), lanes, stream)
    }
}

impl Task for TimedArrivalTask {
    fn spec(&self) -> Spec {
        spec()
    }

    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        Box::new(self.environments(lanes, stream))
    }

    fn instructions(&self) -> &[u32] {
        self.instructions()
    }

    fn time_limit(&self) -> Option<u32> {
        Some(self.time_limit())
    }

    fn with_instruction(&self, instruction: u32) -> Box<dyn Task> {
        match self.try_with_instruction(instruction) {
            Ok(task) => Box::new(task),
            Err(error) => panic!("{error}"),
        }
    }

    fn oracle(&self, lanes: usize) -> Option<Box<dyn Policy>> {
        Some(Box::new(TimedArrivalOracle::new(lanes)))
    }
}
