//! The contract between an environment and the code that steps it.
//!
//! The semantics are Gymnasium's: an episode starts with a reset, goes on with steps, and ends in
//! termination (the task is over) or truncation (the clock is). Three things are our own, because
//! learning from pixels is slow without them: frames have *keys* ([where they repeat](Frames)),
//! environments come in *batches*, and randomness is passed in.

use std::ops::Range;
use std::sync::Arc;

use crate::stream::{Stream, StreamId};

/// State of the episode after a step. One value, so that nobody can mix up its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The episode goes on.
    Running,
    /// The episode ended by the rules of the task; the return that follows is zero.
    Terminated,
    /// The episode was cut short, by a time limit for example: an agent that learns should bootstrap from its value of
    /// the final observation ([`Transitions::finals`]).
    Truncated,
}

impl Outcome {
    /// Tells if the episode is over, either way.
    #[must_use]
    pub fn ends(self) -> bool {
        self != Outcome::Running
    }

    /// Gives the word that stands for the outcome in a saved state.
    pub(crate) fn word(self) -> u64 {
        self as u64
    }

    /// The outcome that `word` stands for, if there is one.
    pub(crate) fn of_word(word: u64) -> Option<Outcome> {
        [Outcome::Running, Outcome::Terminated, Outcome::Truncated].into_iter().find(|outcome| outcome.word() == word)
    }
}

/// Identifies the image of an observation: within one environment the same key means the same
/// image, always. An environment whose images have no keys says so: [`Frames::Drawn`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameKey(pub u64);

/// The size of an image: `height × width × channels` bytes, row by row, channels last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameShape {
    /// Height of an image in pixels.
    pub height: usize,
    /// Width of an image in pixels.
    pub width: usize,
    /// Bytes of each pixel.
    pub channels: usize,
}

impl FrameShape {
    /// Gives the number of bytes of an image.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.height * self.width * self.channels
    }
}

/// Gives height, width and channels, in this order.
impl From<FrameShape> for [usize; 3] {
    fn from(shape: FrameShape) -> [usize; 3] {
        [shape.height, shape.width, shape.channels]
    }
}

/// Source of an observation's image: its key or the environment's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frames {
    /// Images are drawn from their keys alone. For images that repeat: who learns from them draws and encodes each
    /// key once, however often it is seen.
    #[default]
    Keyed,
    /// Images are drawn from the state, which may hold more than a key's 64 bits. For images that hardly repeat: who
    /// learns from them draws and encodes each observation, and looks nothing up. The keys of the observations say
    /// nothing, and nobody reads them but perhaps the environment's own oracle; `FrameKey::default()` will do.
    Drawn,
}

/// Name, images and actions of an environment; cloning it is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Name and version, `TimedArrival-v1`. The version rises when behaviour changes.
    pub id: Arc<str>,
    /// Height, width and channels of every image.
    pub frame: FrameShape,
    /// Source of the images.
    pub frames: Frames,
    /// The names of the actions; an action is an index into them.
    pub actions: Arc<[String]>,
}

impl Spec {
    /// Puts a description together, of an environment whose images have keys.
    pub fn new<A: Into<String>>(id: &str, frame: FrameShape, actions: impl IntoIterator<Item = A>) -> Spec {
        let actions = actions.into_iter().map(Into::into).collect();
        Spec { id: id.into(), frame, frames: Frames::Keyed, actions }
    }

    /// Describes the same environment with images that are [drawn from its state](Frames::Drawn).
    #[must_use]
    pub fn drawn(self) -> Spec {
        Spec { frames: Frames::Drawn, ..self }
    }
}

/// Observation of an agent: an image, by its key, and the instruction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The key of the image, which [`Environment::render`] draws; it says nothing where frames are
    /// [`Frames::Drawn`].
    pub frame: FrameKey,
    /// The instruction, in the environment's own unit (steps, for timed arrival); zero, always, if
    /// the agent is told nothing.
    pub instruction: f32,
}

/// Result of one step of an environment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Observation after the step; the episode's last one if it ended.
    pub observation: Observation,
    /// The reward of this step.
    pub reward: f32,
    /// State of the episode after the step.
    pub outcome: Outcome,
}

/// Facts about an episode beyond its rewards, for the tables. Gymnasium keeps it in `info`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EpisodeInfo {
    /// The agent did what the task asks: meaningful once the episode has ended.
    pub success: bool,
    /// Some policy could have succeeded from the episode's start.
    pub feasible: bool,
    /// The time in steps that decides about success: in timed arrival the step of arrival, in interval reproduction the
    /// number of steps from the second flash to the arrival. `None` before there is one, and in tasks that judge no
    /// time.
    pub timing: Option<i32>,
}

/// A single environment, which plays one episode at a time: the reference implementation, and the one to write first.
///
/// [`BatchOf`](crate::BatchOf) turns any environment into a [`Batch`]; an environment that must be fast has a
/// vectorized implementation as well, a batch of its own that is tested to be equal to the reference implementation.
///
/// It draws its images in one of two ways, as its [`Spec::frames`] says: by [`render`](Self::render)
/// from a key, or by [`draw`](Self::draw) from its state.
pub trait Environment: Send {
    /// Gives the environment's name, frames and actions.
    fn spec(&self) -> Spec;

    /// Starts an episode. All of its randomness comes from `stream`.
    fn reset(&mut self, stream: &mut Stream) -> Observation;

    /// Takes one action, an index into [`Spec::actions`].
    ///
    /// # Panics
    /// May panic if the action is out of range ([`BatchOf`](crate::BatchOf) never passes such an action), or if the
    /// episode has ended and [`reset`](Self::reset) was not called.
    fn step(&mut self, action: usize) -> Step;

    /// Gives the facts about the present episode.
    fn info(&self) -> EpisodeInfo;

    /// Draws the image of `frame` into `pixels`, all [`FrameShape::bytes`] of it. The image depends on the key alone:
    /// every environment of a kind draws the same, whatever its own episode.
    ///
    /// # Panics
    /// The default always panics: an environment with [`Frames::Keyed`] must implement this.
    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        let _ = pixels;
        panic!("{}: no image has a key, so none has {frame:?}", self.spec().id);
    }

    /// Draws the image of the present state into `pixels`, all [`FrameShape::bytes`] of it. The image depends on the
    /// state that [`save`](Self::save) gives alone, and drawing does not change that state. In an episode that has
    /// ended it is the last image.
    ///
    /// # Panics
    /// The default always panics: an environment with [`Frames::Drawn`] must implement this.
    fn draw(&self, pixels: &mut [u8]) {
        let _ = pixels;
        panic!("{}: images are drawn from their keys, not from the state", self.spec().id);
    }

    /// The state in mid-episode, as words that [`restore`](Self::restore) takes back exactly.
    fn save(&self) -> Vec<u64>;

    /// Goes on where [`save`](Self::save) was called.
    ///
    /// # Errors
    /// If the words are not a state of this environment.
    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError>;
}

/// A saved state that does not fit the environment it was given to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a state of {environment}: {reason}")]
pub struct RestoreError {
    /// The environment's name.
    pub environment: String,
    /// Reason why the words do not fit.
    pub reason: String,
}

/// Present observations of a batch: slices with one entry a lane.
#[derive(Clone, Copy, Debug)]
pub struct Observations<'a> {
    /// The images' keys; they say nothing where frames are [`Frames::Drawn`].
    pub frames: &'a [FrameKey],
    /// Instructions that the lanes' agents are told.
    pub instructions: &'a [f32],
}

/// Results of a batch's last step: slices with one entry a lane.
///
/// Where an episode ended, its lane has already been reset: [`Batch::observe`] shows the new
/// episode's first observation, and the ended one's last is here (Gymnasium's same-step autoreset).
#[derive(Clone, Copy, Debug)]
pub struct Transitions<'a> {
    /// Rewards of the step.
    pub rewards: &'a [f32],
    /// State of each lane's episode after the step.
    pub outcomes: &'a [Outcome],
    /// Steps taken in the episode, this one included.
    pub lengths: &'a [u32],
    /// Facts about the episodes; they count where the outcome ends one.
    pub infos: &'a [EpisodeInfo],
    /// The observations after the step and before any reset.
    pub finals: Observations<'a>,
}

/// Many environments of one kind that step together.
///
/// Lane `i` of the batch with stream `s` behaves the same whatever the other lanes do and however
/// many there are.
pub trait Batch: Send {
    /// Name, frames and actions, the same for every lane.
    fn spec(&self) -> Spec;

    /// Gives the number of lanes, each with an environment of its own.
    fn lanes(&self) -> usize;

    /// Shows the present observation of each lane. A new batch has been reset already.
    fn observe(&self) -> Observations<'_>;

    /// Takes one action in every lane, `actions[i]` in lane i, each an index into [`Spec::actions`]; resets the lanes
    /// whose episode ended. Allocates nothing.
    ///
    /// # Panics
    /// If there is not one action a lane, or one is out of range.
    fn step(&mut self, actions: &[u8]) -> Transitions<'_>;

    /// Draws the image of `frame` into `pixels`.
    ///
    /// # Panics
    /// The default always panics: a batch with [`Frames::Keyed`] must implement this.
    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        let _ = pixels;
        panic!("{}: no image has a key, so none has {frame:?}", self.spec().id);
    }

    /// Draws what `lane` shows now into `pixels`, all [`FrameShape::bytes`] of it. The default draws the key that the
    /// lane shows; a batch with [`Frames::Drawn`] must implement this.
    ///
    /// # Panics
    /// If there is no such lane.
    fn draw(&self, lane: usize, pixels: &mut [u8]) {
        self.render(self.observe().frames[lane], pixels);
    }

    /// Draws the last image of the episode that ended in `lane` in the last step: the image of
    /// [`Transitions::finals`], whose state the lane has left. Asked for only where frames are
    /// [`Frames::Drawn`], before the next step.
    ///
    /// # Panics
    /// If no episode ended there in the last step. The default always panics: a batch with [`Frames::Drawn`] must
    /// implement this.
    fn draw_last(&self, lane: usize, pixels: &mut [u8]) {
        let _ = pixels;
        panic!("{}, lane {lane}: last images are drawn from their keys", self.spec().id);
    }

    /// The state of all lanes, as words that [`restore`](Self::restore) takes back exactly.
    fn save(&self) -> Vec<u64>;

    /// Goes on where [`save`](Self::save) was called; the stream must be the same.
    ///
    /// # Errors
    /// If the words are not a state of a batch like this one.
    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError>;
}

/// Chooser of actions in a batch.
pub trait Policy {
    /// Chooses an action for each lane. `first[i]` says that lane `i` begins an episode, so that
    /// whatever the policy remembers of it must be forgotten.
    fn act(&mut self, observations: Observations<'_>, first: &[bool], actions: &mut [u8]);
}

impl<P: Policy + ?Sized> Policy for &mut P {
    fn act(&mut self, observations: Observations<'_>, first: &[bool], actions: &mut [u8]) {
        (**self).act(observations, first, actions);
    }
}

impl<P: Policy + ?Sized> Policy for Box<P> {
    fn act(&mut self, observations: Observations<'_>, first: &[bool], actions: &mut [u8]) {
        (**self).act(observations, first, actions);
    }
}

/// An environment with its settings: makes batches and knows what can be said of the task itself.
pub trait Task: Send + Sync {
    /// Gives the name, frames and actions of the task's environment.
    fn spec(&self) -> Spec;

    /// A batch of `lanes` environments that draws from `stream`, already reset.
    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch>;

    /// The values that episodes are drawn from, and that the task can be [set to](Self::with_instruction)
    /// one at a time: what the agent is told, as T in timed arrival, or what it has to find out, as
    /// the interval that it reproduces. By default there are none.
    fn instructions(&self) -> &[u32] {
        &[]
    }

    /// Steps after which an episode is truncated at the latest; by default there is no time limit.
    fn time_limit(&self) -> Option<u32> {
        None
    }

    /// Makes a copy of the task whose only instruction is `instruction`. Its time limit is raised if it is too short
    /// for that.
    ///
    /// # Panics
    /// If the value is not one of [`instructions`](Self::instructions) and the task cannot have it. The default always
    /// panics: a task with instructions must implement this, because evaluations call it.
    fn with_instruction(&self, instruction: u32) -> Box<dyn Task> {
        panic!("{}: there are no instructions, so none is {instruction}", self.spec().id)
    }

    /// Number of the starts that an episode can have, if its course follows from start and actions alone and the starts
    /// can be enumerated; by default nothing is known of them. [`batch_of_starts`](Self::batch_of_starts) plays them.
    fn starts(&self) -> Option<usize> {
        None
    }

    /// Tells if start `start` is held out: the episodes of [`batch`](Self::batch) never begin with it. By default none is.
    ///
    /// # Panics
    /// If there is no such start.
    fn is_held_out(&self, _start: usize) -> bool {
        false
    }

    /// Makes a batch with a lane for each of `starts`, counted from 0: lane `i` begins with start `starts.start + i`.
    /// Later episodes are drawn from `stream`, as those of [`batch`](Self::batch) are.
    ///
    /// # Panics
    /// If there is no such start. The default always panics: a task with [`starts`](Self::starts) must implement this.
    fn batch_of_starts(&self, starts: Range<usize>, _stream: StreamId) -> Box<dyn Batch> {
        panic!("{}: starts cannot be enumerated, so none are {starts:?}", self.spec().id)
    }

    /// Makes a policy for `lanes` lanes that gets the most reward there is, if one is known; by default none is.
    fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
        None
    }
}
