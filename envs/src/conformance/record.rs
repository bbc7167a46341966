//! Copies of what a batch gives, in a form that compares to the bit.

use std::hash::{DefaultHasher, Hasher};

use crate::environment::{Batch, EpisodeInfo, FrameKey, Frames, Observations, Outcome, Policy, Transitions};

use super::violation::{Rule, Violation};

/// An observation; the instruction as bits, so that equal means identical. Where images have no keys,
/// a digest of the image stands in for one: whatever compares observations compares their images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    pub frame: FrameKey,
    pub instruction: u32,
}

/// Result of one step in one lane, and the observation that the lane shows now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LaneStep {
    pub reward: u32,
    pub outcome: Outcome,
    pub length: u32,
    /// Verdict of the episode, if this step ended it.
    pub info: Option<EpisodeInfo>,
    pub last: Seen,
    pub now: Seen,
}

impl LaneStep {
    /// An observation before any step.
    pub fn shown(now: Seen) -> LaneStep {
        LaneStep { reward: 0, outcome: Outcome::Running, length: 0, info: None, last: now, now }
    }
}

fn seen(observations: Observations<'_>, lanes: usize) -> Result<Vec<Seen>, Violation> {
    entries(observations.frames, lanes, "frames")?;
    entries(observations.instructions, lanes, "instructions")?;
    let both = observations.frames.iter().zip(observations.instructions);
    Ok(both.map(|(&frame, instruction)| Seen { frame, instruction: instruction.to_bits() }).collect())
}

fn entries<T>(slice: &[T], lanes: usize, name: &str) -> Result<(), Violation> {
    if slice.len() == lanes {
        return Ok(());
    }
    Err(Violation::new(Rule::BatchShape, format!("{} {name} for {lanes} lanes", slice.len())))
}

/// The parts of a transition, without what is shown now: that takes another look at the batch.
fn recorded(transitions: Transitions<'_>, lanes: usize) -> Result<Vec<LaneStep>, Violation> {
    entries(transitions.rewards, lanes, "rewards")?;
    entries(transitions.outcomes, lanes, "outcomes")?;
    entries(transitions.lengths, lanes, "lengths")?;
    entries(transitions.infos, lanes, "verdicts")?;
    let finals = seen(transitions.finals, lanes)?;
    let record = |lane: usize| LaneStep {
        reward: transitions.rewards[lane].to_bits(),
        outcome: transitions.outcomes[lane],
        length: transitions.lengths[lane],
        info: transitions.outcomes[lane].ends().then_some(transitions.infos[lane]),
        last: finals[lane],
        now: finals[lane],
    };
    Ok((0..lanes).map(record).collect())
}

/// Puts digests of what the lanes show in the place of keys, where images have none.
fn look(batch: &dyn Batch, seen: &mut [Seen], pixels: &mut [u8]) {
    if batch.spec().frames == Frames::Drawn {
        for (lane, seen) in seen.iter_mut().enumerate() {
            batch.draw(lane, pixels);
            seen.frame = digest(pixels);
        }
    }
}

/// A number that stands for an image.
pub(super) fn digest(pixels: &[u8]) -> FrameKey {
    let mut hasher = DefaultHasher::new();
    hasher.write(pixels);
    FrameKey(hasher.finish())
}

/// A batch and the policy that plays it.
pub(super) struct Player<'a, P> {
    batch: &'a mut dyn Batch,
    pixels: Vec<u8>,
    policy: P,
    first: Vec<bool>,
    actions: Vec<u8>,
    /// Observations that the lanes show now.
    pub now: Vec<Seen>,
    steps: Vec<LaneStep>,
}

impl<'a, P: Policy> Player<'a, P> {
    /// Takes a batch whose episodes all begin, or whose policy does not mind.
    pub fn new(batch: &'a mut dyn Batch, policy: P) -> Result<Player<'a, P>, Violation> {
        let lanes = batch.lanes();
        let mut now = seen(batch.observe(), lanes)?;
        let mut pixels = vec![0; batch.spec().frame.bytes()];
        look(batch, &mut now, &mut pixels);
        Ok(Player { batch, pixels, policy, first: vec![true; lanes], actions: vec![0; lanes], now, steps: Vec::new() })
    }

    /// Takes a step with the policy's actions.
    pub fn step(&mut self) -> Result<&[LaneStep], Violation> {
        self.step_with(|_| ())
    }

    /// Takes a step with the policy's actions after `change` has been at them.
    pub fn step_with(&mut self, change: impl FnOnce(&mut [u8])) -> Result<&[LaneStep], Violation> {
        let lanes = self.first.len();
        self.policy.act(self.batch.observe(), &self.first, &mut self.actions);
        change(&mut self.actions);
        self.steps = recorded(self.batch.step(&self.actions), lanes)?;
        self.now = seen(self.batch.observe(), lanes)?;
        look(self.batch, &mut self.now, &mut self.pixels);
        let drawn = self.batch.spec().frames == Frames::Drawn;
        for (lane, step) in self.steps.iter_mut().enumerate() {
            step.now = self.now[lane];
            self.first[lane] = step.outcome.ends();
            step.last.frame = match step.outcome {
                _ if !drawn => step.last.frame,
                Outcome::Running => step.now.frame,
                Outcome::Terminated | Outcome::Truncated => {
                    self.batch.draw_last(lane, &mut self.pixels);
                    digest(&self.pixels)
                }
            };
        }
        Ok(&self.steps)
    }
}

/// Finds the first lane in which two records differ; the shorter record sets how many are compared.
pub(super) fn compare<T: PartialEq + std::fmt::Debug>(
    rule: Rule,
    left: &[T],
    right: &[T],
    place: &str,
) -> Result<(), Violation> {
    for (lane, (left, right)) in left.iter().zip(right).enumerate() {
        if left != right {
            return Err(Violation::new(rule, format!("{place}, lane {lane}: {left:?} and {right:?}")));
        }
    }
    Ok(())
}
