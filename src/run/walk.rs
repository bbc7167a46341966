//! One episode, played step by step.

use gridworld_agents::evaluation::{Activations, Actor};
use gridworld_envs::{Batch, EpisodeInfo, Outcome};

use super::player::Player;

/// An episode of an agent that goes on with each call of [`next`](Iterator::next) and ends with the episode.
pub struct Walk {
    batch: Box<dyn Batch>,
    actor: Box<dyn Actor>,
    /// The lane that is played in; the lanes before it are there because evaluations have them.
    lane: usize,
    first: Vec<bool>,
    actions: Vec<u8>,
    over: bool,
}

/// One step: the action, its reason, and its consequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The action's index among those of the task's [`Spec`](gridworld_envs::Spec).
    pub action: u8,
    /// The activations that it comes from; none without a network.
    pub activations: Option<Activations>,
    /// Reward of the step.
    pub reward: f32,
    /// State of the episode after the step.
    pub outcome: Outcome,
    /// The task's judgement of the episode, as far as it went.
    pub info: EpisodeInfo,
}

impl Walk {
    /// Begins episode number `episode`, from 0, with T = `instruction`: the same that an evaluation plays first in the lane
    /// of that number.
    ///
    /// # Panics
    /// If the task cannot have this T.
    #[must_use]
    pub fn new(player: &Player, instruction: u32, episode: usize) -> Walk {
        let task = player.environment.task().with_instruction(instruction);
        let lanes = episode + 1;
        let batch = task.batch(lanes, player.episodes(instruction));
        let actor = player.actor(&*task, lanes, instruction);
        Walk { batch, actor, lane: episode, first: vec![true; lanes], actions: vec![0; lanes], over: false }
    }
}

impl Iterator for Walk {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        if self.over {
            return None;
        }
        self.actor.act(&*self.batch, &self.first, &mut self.actions);
        let activations = self.actor.activations(self.lane..self.lane + 1).pop();
        let transitions = self.batch.step(&self.actions);
        for (first, outcome) in self.first.iter_mut().zip(transitions.outcomes) {
            *first = outcome.ends();
        }
        let (lane, action) = (self.lane, self.actions[self.lane]);
        let (reward, outcome, info) = (transitions.rewards[lane], transitions.outcomes[lane], transitions.infos[lane]);
        self.over = outcome.ends();
        Some(Step { action, activations, reward, outcome, info })
    }
}
