//! Rules of interval reproduction, as pure functions.

use crate::board::{Holdout, Placement, STARTS};
use crate::stream::Stream;

use super::config::IntervalReproductionTask;
use super::frames::Light;

/// Moments of the flashes, in steps from the episode's start, and the step that follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval {
    /// The observation that shows the first flash.
    pub wait: u32,
    /// Steps from the first flash to the second: T.
    pub length: u32,
}

impl Interval {
    /// The observation that shows the second flash.
    #[inline]
    pub fn end(self) -> u32 {
        self.wait + self.length
    }

    /// The step whose response is T.
    #[inline]
    pub fn on_time(self) -> u32 {
        self.end() + self.length
    }

    /// The response of an arrival at step `t`: steps from the second flash, negative before it.
    #[inline]
    pub fn response(self, t: u32) -> i32 {
        t as i32 - self.end() as i32
    }

    /// Steps by which an arrival at step `t` is early or late: |response − T|.
    #[inline]
    pub fn difference(self, t: u32) -> u32 {
        t.abs_diff(self.on_time())
    }

    /// Gives the flash that observation `t` shows, or none.
    #[inline]
    pub fn light(self, t: u32) -> Light {
        if t == self.wait || t == self.end() { Light::Flash } else { Light::Dark }
    }
}

/// Beginning of an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub placement: Placement,
    pub interval: Interval,
}

impl Start {
    /// Draws two different cells that are not held out, one of `intervals` and a wait, all uniformly and in this order:
    /// four words at most, which are one block of the stream.
    #[inline]
    pub fn draw(stream: &mut Stream, intervals: &[u32], holdout: &Holdout) -> Start {
        let placement = holdout.draw(stream);
        let length = intervals[stream.below(intervals.len() as u32) as usize];
        let wait = 1 + stream.below(IntervalReproductionTask::MAX_WAIT);
        Start { placement, interval: Interval { wait, length } }
    }

    /// Gives start `index` of all: each placement with the first of `intervals` and a wait of 1, then with each longer
    /// wait, then the same with the next interval.
    ///
    /// # Panics
    /// If there is no such start.
    pub fn nth(index: usize, intervals: &[u32]) -> Start {
        let (rest, waits) = (index / STARTS, IntervalReproductionTask::MAX_WAIT as usize);
        let interval = Interval { wait: 1 + (rest % waits) as u32, length: intervals[rest / waits] };
        Start { placement: Placement::of_start(index % STARTS), interval }
    }

    /// Tells if the target can be reached within the tolerance and the time limit: waiting makes every later step
    /// possible, too.
    #[inline]
    pub fn feasible(self, tolerance: u32, time_limit: u32) -> bool {
        self.placement.distance() <= (self.interval.on_time() + tolerance).min(time_limit)
    }
}
