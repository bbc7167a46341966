//! Settings of a run of the suite: the outcomes it expects, and the steps it takes.

use crate::environment::{Outcome, Task};
use crate::policy::RandomPolicy;
use crate::stream::{Domain, StreamId};

/// Variation of the first observations of episodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starts {
    /// Each stream gives other beginnings.
    Vary,
    /// Beginnings have too little chance in them to tell streams apart.
    Fixed,
}

/// Settings of a run of the suite: the outcomes it expects, and the steps it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Every outcome that a step can have: each must be reached, and no other may.
    pub outcomes: Vec<Outcome>,
    /// Variation of the first observations between streams.
    pub starts: Starts,
    /// Environments side by side; at least 2.
    pub lanes: usize,
    /// Steps that each lane takes under each policy: a random one, one for each action that always
    /// takes it, and the oracle if there is one.
    pub steps: usize,
    /// The seed of all streams.
    pub seed: u64,
}

impl Plan {
    /// 8 lanes and 500 steps, for a task with these outcomes and varied starts.
    #[must_use]
    pub fn new(outcomes: &[Outcome]) -> Plan {
        Plan { outcomes: outcomes.to_vec(), starts: Starts::Vary, lanes: 8, steps: 500, seed: 1 }
    }

    pub(super) fn stream(&self, domain: Domain) -> StreamId {
        StreamId { seed: self.seed, domain, index: 0 }
    }

    /// A policy that gives the same actions whenever it is made.
    pub(super) fn random_policy(&self, task: &dyn Task) -> RandomPolicy {
        RandomPolicy::new(task.spec().actions.len(), self.stream(Domain::Actions))
    }
}
