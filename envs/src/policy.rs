//! Policies that ignore the observations: the lower bounds of the tables of results.

use crate::environment::{Observations, Policy};
use crate::stream::{Stream, StreamId};

/// Policy that draws all actions with equal probability and ignores the observations.
#[derive(Clone, Debug)]
pub struct RandomPolicy {
    actions: u32,
    stream: StreamId,
    /// Steps taken; with the stream, the whole state.
    time: u64,
}

impl RandomPolicy {
    /// A policy that draws each of `actions` actions with equal probability. The action of lane i at step t, both
    /// counted from 0, is drawn from word i of the stream `Stream::new(stream, 0, t)`.
    ///
    /// # Panics
    /// If there are no actions, or more than an action's byte can name.
    #[must_use]
    pub fn new(actions: usize, stream: StreamId) -> RandomPolicy {
        assert!((1..=256).contains(&actions), "{actions} actions: from 1 to 256 can be named");
        RandomPolicy { actions: actions as u32, stream, time: 0 }
    }
}

impl Policy for RandomPolicy {
    fn act(&mut self, _observations: Observations<'_>, _first: &[bool], actions: &mut [u8]) {
        let mut stream = Stream::new(self.stream, 0, self.time);
        self.time += 1;
        for action in actions {
            *action = stream.below(self.actions) as u8;
        }
    }
}

/// Policy that takes one action at every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedPolicy {
    action: u8,
}

impl FixedPolicy {
    /// A policy that always takes `action`.
    #[must_use]
    pub fn new(action: u8) -> FixedPolicy {
        FixedPolicy { action }
    }
}

impl Policy for FixedPolicy {
    fn act(&mut self, _observations: Observations<'_>, _first: &[bool], actions: &mut [u8]) {
        actions.fill(self.action);
    }
}
