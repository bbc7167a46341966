//! Environments of timed arrival in both forms, and the best policy.

use std::ops::Range;

use crate::board::STARTS;
use crate::environment::{Batch, Policy, Spec, Task};
use crate::stream::StreamId;

use super::batch::TimedArrivalBatch;
use super::config::TimedArrivalTask;
use super::oracle::TimedArrivalOracle;
use super::plain::TimedArrival;
use super::rules::Start;
use super::spec::spec;

impl TimedArrivalTask {
    /// Makes one environment, the reference implementation, not yet reset.
    #[must_use]
    pub fn environment(&self) -> TimedArrival {
        TimedArrival::new(self.clone())
    }

    /// Makes a batch of `lanes` environments, the vectorized implementation.
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

    /// Each of the 600 placements with each T.
    fn starts(&self) -> Option<usize> {
        Some(STARTS * self.instructions().len())
    }

    fn is_held_out(&self, start: usize) -> bool {
        self.holdout.contains(Start::nth(start, self.instructions()).placement)
    }

    fn batch_of_starts(&self, starts: Range<usize>, stream: StreamId) -> Box<dyn Batch> {
        Box::new(TimedArrivalBatch::of_starts(self.clone(), starts, stream))
    }

    fn oracle(&self, lanes: usize) -> Option<Box<dyn Policy>> {
        Some(Box::new(TimedArrivalOracle::new(lanes)))
    }
}
