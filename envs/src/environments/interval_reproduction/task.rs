//! Environments of interval reproduction, and the best policy.

use std::ops::Range;

use crate::batch_of::BatchOf;
use crate::board::STARTS;
use crate::environment::{Batch, Policy, Spec, Task};
use crate::stream::StreamId;

use super::config::IntervalReproductionTask;
use super::oracle::IntervalReproductionOracle;
use super::plain::IntervalReproduction;
use super::rules::Start;
use super::spec::spec;

impl IntervalReproductionTask {
    /// Makes one environment, not yet reset.
    #[must_use]
    pub fn environment(&self) -> IntervalReproduction {
        IntervalReproduction::new(self.clone())
    }

    /// Makes `lanes` environments, each with a stream of its own.
    #[must_use]
    pub fn environments(&self, lanes: usize, stream: StreamId) -> BatchOf<IntervalReproduction> {
        BatchOf::new(lanes, stream, || self.environment())
    }
}

impl Task for IntervalReproductionTask {
    fn spec(&self) -> Spec {
        spec()
    }

    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        Box::new(self.environments(lanes, stream))
    }

    /// Gives the intervals. Agents are not told them.
    fn instructions(&self) -> &[u32] {
        self.intervals()
    }

    fn time_limit(&self) -> Option<u32> {
        Some(self.time_limit())
    }

    fn with_instruction(&self, interval: u32) -> Box<dyn Task> {
        match self.with_interval(interval) {
            Ok(task) => Box::new(task),
            Err(error) => panic!("{error}"),
        }
    }

    /// Each of the 600 placements with each wait and each interval.
    fn starts(&self) -> Option<usize> {
        Some(STARTS * IntervalReproductionTask::MAX_WAIT as usize * self.intervals().len())
    }

    fn is_held_out(&self, start: usize) -> bool {
        self.holdout.contains(Start::nth(start, self.intervals()).placement)
    }

    fn batch_of_starts(&self, starts: Range<usize>, stream: StreamId) -> Box<dyn Batch> {
        let begin = |environment: &mut IntervalReproduction, lane| {
            environment.start(Start::nth(starts.start + lane, self.intervals()))
        };
        Box::new(BatchOf::beginning(starts.len(), stream, || self.environment(), begin))
    }

    fn oracle(&self, lanes: usize) -> Option<Box<dyn Policy>> {
        Some(Box::new(IntervalReproductionOracle::new(lanes)))
    }
}
