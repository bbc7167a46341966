//! Episodes kept whole: what was seen, what went on in whoever acted, and what came of it.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use gridworld_envs::{Batch, EpisodeInfo, FrameKey, Frames, Outcome, StreamId, Task};

use super::episodes::play_before;
use super::{Activations, Actor, Moment};
use gridworld_envs::contract::ContractViolation;

/// One episode, step by step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpisodeRecord {
    /// Steps of the episode; there is one at least.
    pub step_records: Vec<StepRecord>,
    /// The key of the last image, after the last step.
    pub last: FrameKey,
    /// Images after 0, 1, 2, … steps, `height × width × channels` bytes each, if frames are drawn from the state;
    /// equal ones are kept once. Otherwise there are none: the keys say it all.
    pub images: Vec<Arc<[u8]>>,
}

/// One image of an episode: equal ones are the same image.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Picture {
    /// The image of a key, to be drawn by any batch of the task.
    Keyed(FrameKey),
    /// The image itself, `height × width × channels` bytes.
    Drawn(Arc<[u8]>),
}

impl Picture {
    /// Draws the image into `pixels`, all of its bytes; `painter` is any batch of the episode's task.
    ///
    /// # Panics
    /// If `pixels` has not the size of an image.
    pub fn draw(&self, painter: &dyn Batch, pixels: &mut [u8]) {
        match self {
            Picture::Keyed(frame) => painter.render(*frame, pixels),
            Picture::Drawn(image) => pixels.copy_from_slice(image),
        }
    }
}

/// One step: the observation, the action, and the step's result.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    /// The key of the image that was seen; it says nothing where frames are drawn from the state.
    pub frame: FrameKey,
    /// The instruction that was shown, in the environment's unit.
    pub instruction: f32,
    /// State of the network; nothing if there is none.
    pub activations: Option<Activations>,
    /// The action that was chosen.
    pub action: u8,
    /// Reward of the step.
    pub reward: f32,
    /// State of the episode after the step.
    pub outcome: Outcome,
    /// Verdict of the task on the episode, as far as it went.
    pub info: EpisodeInfo,
}

impl EpisodeRecord {
    /// Number of steps.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.step_records.len()
    }

    /// The image after `t` steps, counted from 0; beyond the end it is the last one.
    #[must_use]
    pub fn picture(&self, t: usize) -> Picture {
        match self.images.get(t).or(self.images.last()) {
            Some(image) => Picture::Drawn(Arc::clone(image)),
            None => Picture::Keyed(self.frame(t)),
        }
    }

    /// The key of the image after `t` steps, counted from 0; beyond the end it is the last one's. It
    /// says nothing where frames are drawn from the state: [`picture`](Self::picture) knows both.
    #[must_use]
    pub fn frame(&self, t: usize) -> FrameKey {
        self.step_records.get(t).map_or(self.last, |step| step.frame)
    }

    /// Gives the outcome of the episode.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.step_records.last().map_or(Outcome::Running, |step| step.outcome)
    }

    /// Gives the task's verdict on the whole episode.
    #[must_use]
    pub fn info(&self) -> EpisodeInfo {
        self.step_records.last().map_or(EpisodeInfo::default(), |step| step.info)
    }

    /// Gives the sum of the rewards.
    #[must_use]
    pub fn reward(&self) -> f32 {
        self.step_records.iter().map(|step| step.reward).sum()
    }

    /// Gives the actions, in their order.
    #[must_use]
    pub fn actions(&self) -> Vec<u8> {
        self.step_records.iter().map(|step| step.action).collect()
    }
}

/// Plays and records the first episode of each of `lanes`. They are the episodes that [`play`](super::play) plays with
/// as many lanes and the same stream.
///
/// # Errors
/// The errors of [`play`](super::play).
///
/// # Panics
/// If `actor` has fewer lanes.
pub fn record_episodes(
    task: &dyn Task,
    actor: &mut dyn Actor,
    lanes: Range<usize>,
    stream: StreamId,
) -> Result<Vec<EpisodeRecord>, ContractViolation> {
    let all = actor.lanes();
    assert!(lanes.end <= all, "lanes {lanes:?} of {all}");
    let spec = task.spec();
    let count = lanes.len();
    let images = (spec.frames == Frames::Drawn).then(|| vec![Vec::new(); count]);
    let pixels = vec![0; spec.frame.bytes()];
    let mut camera = RecordingActor { actor, lanes: lanes.clone(), takes: vec![Vec::new(); count], images, pixels };
    let mut record_episodes = vec![EpisodeRecord::default(); count];
    let mut last = vec![0; spec.frame.bytes()];
    play_before(task, &mut camera, all, stream, |moment, batch| {
        if lanes.contains(&moment.lane) {
            record_episodes[moment.lane - lanes.start].add(&moment);
            if spec.frames == Frames::Drawn && moment.outcome.ends() {
                batch.draw_last(moment.lane, &mut last)?;
                record_episodes[moment.lane - lanes.start].images = vec![last.as_slice().into()];
            }
        }
        Ok(())
    })?;
    // The camera ran on in lanes whose episode was over: what it took there has no shot.
    for (record, takes) in record_episodes.iter_mut().zip(camera.takes) {
        for (step, (instruction, activations)) in record.step_records.iter_mut().zip(takes) {
            (step.instruction, step.activations) = (instruction, activations);
        }
    }
    for (record, images) in record_episodes.iter_mut().zip(camera.images.unwrap_or_default()) {
        let steps = record.steps();
        record.images.splice(..0, images.into_iter().take(steps));
        share(&mut record.images);
    }
    Ok(record_episodes)
}

/// Makes equal images share their memory.
fn share(images: &mut [Arc<[u8]>]) {
    let mut known: HashSet<Arc<[u8]>> = HashSet::new();
    for image in images {
        match known.get(image) {
            Some(same) => *image = Arc::clone(same),
            None => drop(known.insert(Arc::clone(image))),
        }
    }
}

impl EpisodeRecord {
    fn add(&mut self, moment: &Moment) {
        let Moment { frame, action, reward, outcome, info, next, .. } = *moment;
        self.step_records.push(StepRecord {
            frame,
            instruction: 0.0,
            activations: None,
            action,
            reward,
            outcome,
            info,
        });
        self.last = next;
    }
}

/// An actor, and what went on in it: the instruction and the thought at each step of each lane, and
/// where frames are drawn from the state, the image.
struct RecordingActor<'a> {
    actor: &'a mut dyn Actor,
    lanes: Range<usize>,
    takes: Vec<Vec<(f32, Option<Activations>)>>,
    images: Option<Vec<Vec<Arc<[u8]>>>>,
    pixels: Vec<u8>,
}

impl Actor for RecordingActor<'_> {
    fn lanes(&self) -> usize {
        self.actor.lanes()
    }

    fn act(&mut self, batch: &dyn Batch, first: &[bool], actions: &mut [u8]) {
        self.actor.act(batch, first, actions);
        let instructions = &batch.observe().instructions[self.lanes.clone()];
        let mut activations = self.actor.activations(self.lanes.clone()).into_iter();
        for (takes, &instruction) in self.takes.iter_mut().zip(instructions) {
            takes.push((instruction, activations.next()));
        }
        for (images, lane) in self.images.iter_mut().flatten().zip(self.lanes.clone()) {
            batch.draw(lane, &mut self.pixels);
            images.push(self.pixels.as_slice().into());
        }
    }
}
