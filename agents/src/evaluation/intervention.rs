//! An agent whose counters are changed while it plays, to see what depends on them.

use std::ops::Range;

use gridworld_envs::Batch;

use super::{Activations, Actor, AgentActor};

/// A change of the counters, once in each episode.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervention {
    /// Steps of the episode before the change, at least 1: an episode's first step begins with counters of zero.
    pub after: u32,
    /// Amounts to be added, one for each counter.
    pub added: Vec<f32>,
}

/// An agent that acts with an [`Intervention`].
pub struct IntervenedActor<'a> {
    agent: &'a mut AgentActor,
    intervention: Intervention,
    /// Steps of each lane's episode so far.
    steps: Vec<u32>,
}

impl<'a> IntervenedActor<'a> {
    /// Makes an actor of an agent and a change of its counters.
    ///
    /// # Panics
    /// If there is not one amount for each counter, or the change comes before the first step.
    #[must_use]
    pub fn new(agent: &'a mut AgentActor, intervention: Intervention) -> IntervenedActor<'a> {
        let (amounts, counters) = (intervention.added.len(), agent.counters());
        assert_eq!(amounts, counters, "{amounts} amounts for {counters} counters");
        assert!(intervention.after > 0, "counters are set to zero before the first step");
        let steps = vec![0; agent.lanes()];
        IntervenedActor { agent, intervention, steps }
    }
}

impl Actor for IntervenedActor<'_> {
    fn lanes(&self) -> usize {
        self.agent.lanes()
    }

    fn act(&mut self, batch: &dyn Batch, first: &[bool], actions: &mut [u8]) {
        for (steps, &first) in self.steps.iter_mut().zip(first) {
            *steps = if first { 0 } else { *steps + 1 };
        }
        let now: Vec<usize> =
            (0..self.steps.len()).filter(|&lane| self.steps[lane] == self.intervention.after).collect();
        self.agent.add_to_counters(&now, &self.intervention.added);
        self.agent.act(batch, first, actions);
    }

    fn activations(&self, lanes: Range<usize>) -> Vec<Activations> {
        self.agent.activations(lanes)
    }
}
