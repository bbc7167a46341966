//! Contract of environments and agents, and a guard that notices when it is broken.
//!
//! Training and evaluation step environments through a [`CheckedBatch`], which turns a broken contract into a
//! [`ContractViolation`] that names environment, caller, step and lane. This checks what can be seen at run time, for
//! less than a thousandth of the time of a step; [`conformance`](crate::conformance) tests the whole contract.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::environment::{Batch, FrameKey, FrameShape, Observations, RestoreError, Spec, Task, Transitions};

use crate::panics::caught;
use crate::stream::StreamId;

/// Part of training or evaluation that steps an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A worker of a training, by its index.
    Worker(u32),
    /// The random play before a training, from which vision takes its scale.
    Calibration,
    /// An evaluation.
    Evaluation,
}

impl fmt::Display for Caller {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caller::Worker(index) => write!(formatter, "worker {index}"),
            Caller::Calibration => formatter.write_str("random play before the training"),
            Caller::Evaluation => formatter.write_str("evaluation"),
        }
    }
}

/// A broken rule, with its place: `Doors-v1 (worker 1, step 57, lane 3): the reward is NaN`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{environment} ({caller}, step {step}{}): {violation}", lane.map(|lane| format!(", lane {lane}")).unwrap_or_default())]
#[non_exhaustive]
pub struct ContractViolation {
    /// Name of the environment.
    pub environment: String,
    /// Part of training or evaluation that stepped the environment.
    pub caller: Caller,
    /// Number of steps of the batch, the present one included; 0 before the first.
    pub step: u64,
    /// The lane, where one is known.
    pub lane: Option<usize>,
    /// The broken rule of the contract.
    pub violation: Violation,
}

/// Rule of the contract, and the observation that breaks it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// A reward is NaN or infinite.
    #[error("the reward is {0}")]
    Reward(f32),
    /// An instruction is NaN or infinite.
    #[error("the instruction is {0}")]
    Instruction(f32),
    /// The agent chose an action that does not exist.
    #[error("action {action} was chosen, but there are {count}, counted from 0")]
    Action {
        /// Index of the action.
        action: u8,
        /// Number of actions.
        count: usize,
    },
    /// A batch gives more or fewer of something than it has lanes.
    #[error("it gives {found} {what} for {lanes} lanes")]
    Lanes {
        /// Name of the entries.
        what: &'static str,
        /// Number of entries that were found.
        found: usize,
        /// Number of lanes that were asked for.
        lanes: usize,
    },
    /// A batch draws frames of another size than its task says.
    #[error("its frames have the size {}, but its task says {}", size(*found), size(*expected))]
    Frame {
        /// Size of the batch's images.
        found: FrameShape,
        /// Size of the task's images.
        expected: FrameShape,
    },
    /// A batch is of another name or has other actions than its task.
    #[error("its batch is of another environment: `{0}`, or one with other actions")]
    Spec(String),
    /// The environment's code, or the code of the agent in it, panicked.
    #[error("a panic while {doing}: {message}")]
    Panic {
        /// Call during which the panic happened.
        doing: String,
        /// Message of the panic.
        message: String,
    },
}

fn size(FrameShape { height, width, channels }: FrameShape) -> String {
    format!("{height}×{width}×{channels}")
}

/// Environment, caller and step of the work that is checked.
#[derive(Clone, Debug)]
pub struct Place {
    environment: Arc<str>,
    caller: Caller,
    step: u64,
}

impl Place {
    /// Makes the place of `caller` in an environment of this name, before its first step.
    #[must_use]
    pub fn before(environment: &str, caller: Caller) -> Place {
        Place { environment: environment.into(), caller, step: 0 }
    }

    /// Makes the error of `violation` at this place.
    #[must_use]
    pub fn of(&self, lane: Option<usize>, violation: Violation) -> ContractViolation {
        let Place { environment, caller, step } = self;
        ContractViolation { environment: environment.to_string(), caller: *caller, step: *step, lane, violation }
    }

    /// Does `work`; a panic in it is a breach.
    ///
    /// # Errors
    /// If `work` panics; the error says what was being done and the message.
    pub fn watch<T>(&self, doing: &str, work: impl FnOnce() -> T) -> Result<T, ContractViolation> {
        caught(work).map_err(|message| self.of(None, Violation::Panic { doing: doing.to_owned(), message }))
    }

    /// Fails if there is not one of `what` for each lane.
    fn count(&self, what: &'static str, found: usize, lanes: usize) -> Result<(), ContractViolation> {
        if found == lanes { Ok(()) } else { Err(self.of(None, Violation::Lanes { what, found, lanes })) }
    }

    /// Fails if a number is not finite.
    fn finite(&self, numbers: &[f32], violation: fn(f32) -> Violation) -> Result<(), ContractViolation> {
        // Without an early end, so that it vectorizes: the ordinary case has none that is not finite.
        if numbers.iter().fold(true, |sound, number| sound & number.is_finite()) {
            return Ok(());
        }
        let lane = numbers.iter().position(|number| !number.is_finite());
        Err(self.of(lane, violation(lane.map_or(f32::NAN, |lane| numbers[lane]))))
    }
}

/// A batch whose every answer is checked.
pub struct CheckedBatch {
    batch: Box<dyn Batch>,
    spec: Spec,
    lanes: usize,
    caller: Caller,
    /// Number of steps that were begun.
    pub steps: u64,
}

impl CheckedBatch {
    /// Makes `lanes` environments of `task`, for `caller`.
    ///
    /// # Errors
    /// If the task panics, or its batch has another description than the task or other lanes than asked for.
    pub fn new(
        task: &dyn Task,
        lanes: usize,
        stream: StreamId,
        caller: Caller,
    ) -> Result<CheckedBatch, ContractViolation> {
        CheckedBatch::made(task, lanes, caller, || task.batch(lanes, stream))
    }

    /// Makes an environment of `task` for each of `starts`, for `caller`: [`Task::batch_of_starts`].
    ///
    /// # Errors
    /// As [`new`](Self::new), and if the task has no such starts.
    pub fn of_starts(
        task: &dyn Task,
        starts: Range<usize>,
        stream: StreamId,
        caller: Caller,
    ) -> Result<CheckedBatch, ContractViolation> {
        CheckedBatch::made(task, starts.len(), caller, || task.batch_of_starts(starts, stream))
    }

    fn made(
        task: &dyn Task,
        lanes: usize,
        caller: Caller,
        make: impl FnOnce() -> Box<dyn Batch>,
    ) -> Result<CheckedBatch, ContractViolation> {
        let spec = caught(|| task.spec())
            .map_err(|message| Violation::Panic { doing: "describing itself".to_owned(), message })
            .map_err(|violation| {
                Place { environment: "the environment".into(), caller, step: 0 }.of(None, violation)
            })?;
        let place = Place { environment: spec.id.clone(), caller, step: 0 };
        let batch = place.watch("beginning", make)?;
        let found = batch.spec();
        if found.frame != spec.frame {
            return Err(place.of(None, Violation::Frame { found: found.frame, expected: spec.frame }));
        }
        if found != spec {
            return Err(place.of(None, Violation::Spec(found.id.to_string())));
        }
        place.count("lanes", batch.lanes(), lanes)?;
        Ok(CheckedBatch { batch, spec, lanes, caller, steps: 0 })
    }

    /// Gives the present place of the caller.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { environment: self.spec.id.clone(), caller: self.caller, step: self.steps }
    }

    /// Gives the batch without the guard.
    #[must_use]
    pub fn batch(&self) -> &dyn Batch {
        &*self.batch
    }

    /// Checks [`Batch::observe`].
    ///
    /// # Errors
    /// If the batch panics, has not one observation for each lane, or gives an instruction that is not finite.
    pub fn observe(&self) -> Result<Observations<'_>, ContractViolation> {
        let place = self.place();
        let shown = place.watch("observing", || self.batch.observe())?;
        check(&place, self.lanes, &shown)?;
        Ok(shown)
    }

    /// Checks [`Batch::step`].
    ///
    /// # Errors
    /// If an action is none of the environment, if the batch panics, or if a list has not one entry for each lane or holds a
    /// number that is not finite.
    pub fn step(&mut self, actions: &[u8]) -> Result<Transitions<'_>, ContractViolation> {
        self.steps += 1;
        let (place, lanes, count) = (self.place(), self.lanes, self.spec.actions.len());
        if let Some(lane) = actions.iter().position(|&action| usize::from(action) >= count) {
            return Err(place.of(Some(lane), Violation::Action { action: actions[lane], count }));
        }
        let transitions = place.watch("stepping", || self.batch.step(actions))?;
        place.count("rewards", transitions.rewards.len(), lanes)?;
        place.count("outcomes", transitions.outcomes.len(), lanes)?;
        place.count("verdicts", transitions.infos.len(), lanes)?;
        place.finite(transitions.rewards, Violation::Reward)?;
        check(&place, lanes, &transitions.finals)?;
        Ok(transitions)
    }

    /// Checks [`Batch::render`].
    ///
    /// # Errors
    /// If the batch panics.
    pub fn render(&self, frame: FrameKey, pixels: &mut [u8]) -> Result<(), ContractViolation> {
        let doing = |message| Violation::Panic { doing: format!("drawing frame {}", frame.0), message };
        caught(|| self.batch.render(frame, pixels)).map_err(|message| self.place().of(None, doing(message)))
    }

    /// Checks [`Batch::draw`].
    ///
    /// # Errors
    /// If the batch panics.
    pub fn draw(&self, lane: usize, pixels: &mut [u8]) -> Result<(), ContractViolation> {
        caught(|| self.batch.draw(lane, pixels)).map_err(|message| self.undrawn(lane, "what it shows", message))
    }

    /// Checks [`Batch::draw_last`].
    ///
    /// # Errors
    /// If the batch panics.
    pub fn draw_last(&self, lane: usize, pixels: &mut [u8]) -> Result<(), ContractViolation> {
        let drawn = caught(|| self.batch.draw_last(lane, pixels));
        drawn.map_err(|message| self.undrawn(lane, "the last image of an episode", message))
    }

    fn undrawn(&self, lane: usize, what: &str, message: String) -> ContractViolation {
        self.place().of(Some(lane), Violation::Panic { doing: format!("drawing {what}"), message })
    }

    /// Calls [`Batch::save`].
    #[must_use]
    pub fn save(&self) -> Vec<u64> {
        self.batch.save()
    }

    /// [`Batch::restore`]; a panic is a state that does not fit.
    ///
    /// # Errors
    /// If the words are no state of this environment.
    pub fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let environment = self.spec.id.to_string();
        caught(|| self.batch.restore(words)).unwrap_or_else(|reason| Err(RestoreError { environment, reason }))
    }
}

/// Fails if there is not one observation for each lane, or if an instruction is not finite.
fn check(place: &Place, lanes: usize, shown: &Observations<'_>) -> Result<(), ContractViolation> {
    place.count("frames", shown.frames.len(), lanes)?;
    place.count("instructions", shown.instructions.len(), lanes)?;
    place.finite(shown.instructions, Violation::Instruction)
}
