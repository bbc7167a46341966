//! Episodes kept whole: what was seen, what went on in whoever acted, and what came of it.

use std::ops::Range;

use gridworld_envs::{Batch, FrameKey, Outcome, StreamId, Task, Verdict};

use super::{Actor, Moment, play};
use crate::conduct::Misconduct;

/// One episode, step by step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Film {
    /// The steps; there is one at least.
    pub shots: Vec<Shot>,
    /// The last image, after the last step.
    pub last: FrameKey,
}

/// One step: what was seen, what was done about it, and what it led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Shot {
    /// The image that was seen.
    pub frame: FrameKey,
    /// The instruction that was shown, in the environment's unit.
    pub instruction: f32,
    /// What went on in the network; nothing if there is none.
    pub thought: Option<Thought>,
    /// The action that was chosen.
    pub action: u8,
    /// What it was rewarded with.
    pub reward: f32,
    /// How it left the episode.
    pub outcome: Outcome,
    /// What the task says of the episode, as far as it went.
    pub verdict: Verdict,
}

/// A network's state as it acts, in one lane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thought {
    /// The policy's logits, one an action.
    pub logits: Vec<f32>,
    /// The value.
    pub value: f32,
    /// The LSTM's output.
    pub h: Vec<f32>,
    /// The LSTM's memory.
    pub c: Vec<f32>,
    /// The accumulators; empty without a loop.
    pub n: Vec<f32>,
    /// What the LSTM reads of them: `tanh(gain · n)`.
    pub read: Vec<f32>,
}

impl Thought {
    /// The probability of each action: `e^logit_k / Σ e^logit`.
    pub fn probabilities(&self) -> Vec<f32> {
        let greatest = self.logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f32> = self.logits.iter().map(|x| (x - greatest).exp()).collect();
        let total: f32 = powers.iter().sum();
        powers.iter().map(|power| power / total).collect()
    }
}

impl Film {
    /// How many steps it has.
    pub fn steps(&self) -> usize {
        self.shots.len()
    }

    /// The image after `t` steps, counted from 0; beyond the end it is the last one.
    pub fn frame(&self, t: usize) -> FrameKey {
        self.shots.get(t).map_or(self.last, |shot| shot.frame)
    }

    /// How the episode ended.
    pub fn outcome(&self) -> Outcome {
        self.shots.last().map_or(Outcome::Running, |shot| shot.outcome)
    }

    /// What the task says of it in the end.
    pub fn verdict(&self) -> Verdict {
        self.shots.last().map_or(Verdict::default(), |shot| shot.verdict)
    }

    /// The sum of its rewards.
    pub fn reward(&self) -> f32 {
        self.shots.iter().map(|shot| shot.reward).sum()
    }

    /// The actions, in their order.
    pub fn actions(&self) -> Vec<u8> {
        self.shots.iter().map(|shot| shot.action).collect()
    }
}

/// Films the first episode of each of `lanes`, and plays what [`play`] plays: the same batch, the
/// same actor, so that what is watched is what is evaluated.
///
/// # Errors
/// As those of [`play`].
///
/// # Panics
/// If `actor` has fewer lanes.
pub fn films(
    task: &dyn Task,
    actor: &mut dyn Actor,
    lanes: Range<usize>,
    stream: StreamId,
) -> Result<Vec<Film>, Misconduct> {
    let all = actor.lanes();
    assert!(lanes.end <= all, "lanes {lanes:?} of {all}");
    let mut camera = Camera { actor, lanes: lanes.clone(), takes: vec![Vec::new(); lanes.len()] };
    let mut films = vec![Film::default(); lanes.len()];
    play(task, &mut camera, all, stream, |moment| {
        if lanes.contains(&moment.lane) {
            films[moment.lane - lanes.start].add(&moment);
        }
    })?;
    // The camera ran on in lanes whose episode was over: what it took there has no shot.
    for (film, takes) in films.iter_mut().zip(camera.takes) {
        for (shot, (instruction, thought)) in film.shots.iter_mut().zip(takes) {
            (shot.instruction, shot.thought) = (instruction, thought);
        }
    }
    Ok(films)
}

impl Film {
    fn add(&mut self, moment: &Moment) {
        let Moment { frame, action, reward, outcome, verdict, next, .. } = *moment;
        self.shots.push(Shot { frame, instruction: 0.0, thought: None, action, reward, outcome, verdict });
        self.last = next;
    }
}

/// An actor, and what went on in it: the instruction and the thought at each step of each lane.
struct Camera<'a> {
    actor: &'a mut dyn Actor,
    lanes: Range<usize>,
    takes: Vec<Vec<(f32, Option<Thought>)>>,
}

impl Actor for Camera<'_> {
    fn lanes(&self) -> usize {
        self.actor.lanes()
    }

    fn act(&mut self, batch: &dyn Batch, first: &[bool], actions: &mut [u8]) {
        self.actor.act(batch, first, actions);
        let instructions = &batch.observe().instructions[self.lanes.clone()];
        let mut thoughts = self.actor.thoughts(self.lanes.clone()).into_iter();
        for (takes, &instruction) in self.takes.iter_mut().zip(instructions) {
            takes.push((instruction, thoughts.next()));
        }
    }
}
