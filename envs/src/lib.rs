//! Gridworld environments with Gymnasium's semantics, for agents that learn from pixels.
//!
//! Two environments ask whether an agent can count: in [timed arrival](TimedArrivalTask) it is told a number T and must
//! reach a target exactly at step T; in [interval reproduction](IntervalReproductionTask) it sees an interval and must
//! reproduce it. The crate is for training agents, and for trying them on a task whose best policy is known. Neither it
//! nor a program that uses it needs a tensor library.
//!
//! # Stepping a batch
//!
//! A [`Task`] makes a [`Batch`], many environments that step together; a [`Policy`] chooses their
//! actions. Where an episode ends, its lane begins the next one in the same step.
//!
//! ```
//! use gridworld_envs::{Batch, Domain, Policy, StreamId, Task, TimedArrivalConfig, TimedArrivalTask};
//!
//! let task = TimedArrivalTask::new(TimedArrivalConfig { instructions: vec![12], ..Default::default() })?;
//! let mut batch = task.batch(64, StreamId { seed: 1, domain: Domain::Evaluation, index: 0 });
//! let mut policy = task.oracle(64).expect("the best policy is known");
//! let (mut first, mut actions) = (vec![true; 64], vec![0; 64]);
//! let mut successes = 0;
//! for _ in 0..36 {
//!     policy.act(batch.observe(), &first, &mut actions);
//!     let transitions = batch.step(&actions);
//!     for lane in 0..64 {
//!         first[lane] = transitions.outcomes[lane].ends();
//!         successes += u32::from(first[lane] && transitions.infos[lane].success);
//!     }
//! }
//! assert_eq!(successes, 64 * 36 / 12);
//!
//! let mut pixels = vec![0; batch.spec().frame.bytes()];
//! batch.render(batch.observe().frames[0], &mut pixels);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Adding an environment
//!
//! 1. Write an [`Environment`], which plays one episode at a time and takes all of its randomness from the [`Stream`]
//!    that it is reset with.
//! 2. Describe it by a [`Task`] whose [`batch`](Task::batch) is a [`BatchOf`] of such environments. In this crate it is
//!    a folder of `src/environments/`, with a line in the registry there; in another crate it is added to a
//!    [`Registry`] by [`Registry::with`].
//! 3. Run the task through [`conformance::check`] in a test.
//! 4. If its images carry more than a key's 64 bits, or hardly repeat, as with colours that change in
//!    each step, describe it by [`Spec::drawn`] and write [`Environment::draw`] in place of
//!    [`Environment::render`].
//! 5. If it must be fast, write a vectorized implementation, a [`Batch`] of its own, and compare it with the reference
//!    implementation, the [`BatchOf`], by [`conformance::equal`]; [`TimedArrivalBatch`] is an example.
//!
//! ```
//! use gridworld_envs::*;
//!
//! /// Two doors; the one that is shown leads out.
//! #[derive(Default)]
//! struct Doors {
//!     way_out: u64,
//!     success: bool,
//! }
//!
//! fn spec() -> Spec {
//!     Spec::new("Doors-v1", FrameShape { height: 1, width: 2, channels: 1 }, ["left", "right"])
//! }
//!
//! impl Environment for Doors {
//!     fn spec(&self) -> Spec {
//!         spec()
//!     }
//!     fn reset(&mut self, stream: &mut Stream) -> Observation {
//!         *self = Doors { way_out: u64::from(stream.below(2)), success: false };
//!         Observation { frame: FrameKey(self.way_out), instruction: 0.0 }
//!     }
//!     fn step(&mut self, action: usize) -> Step {
//!         self.success = action as u64 == self.way_out;
//!         Step {
//!             observation: Observation { frame: FrameKey(self.way_out), instruction: 0.0 },
//!             reward: f32::from(u8::from(self.success)),
//!             outcome: Outcome::Terminated,
//!         }
//!     }
//!     fn info(&self) -> EpisodeInfo {
//!         EpisodeInfo { success: self.success, feasible: true, timing: None }
//!     }
//!     fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
//!         pixels.fill(0);
//!         pixels[frame.0 as usize] = 255;
//!     }
//!     fn save(&self) -> Vec<u64> {
//!         vec![self.way_out]
//!     }
//!     fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
//!         let &[way_out @ 0..=1] = words else {
//!             return Err(RestoreError { environment: "Doors-v1".to_owned(), reason: format!("{words:?}: one of 0 and 1") });
//!         };
//!         *self = Doors { way_out, success: false };
//!         Ok(())
//!     }
//! }
//!
//! struct DoorsTask;
//!
//! impl Task for DoorsTask {
//!     fn spec(&self) -> Spec {
//!         spec()
//!     }
//!     fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
//!         Box::new(BatchOf::new(lanes, stream, Doors::default))
//!     }
//!     fn instructions(&self) -> &[u32] {
//!         &[]
//!     }
//!     fn time_limit(&self) -> Option<u32> {
//!         None
//!     }
//!     fn with_instruction(&self, _instruction: u32) -> Box<dyn Task> {
//!         panic!("there are no instructions");
//!     }
//!     fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
//!         None
//!     }
//! }
//!
//! let report = conformance::check(&DoorsTask, &conformance::Plan::new(&[Outcome::Terminated]))?;
//! assert_eq!(report.frames, 2);
//! # Ok::<(), conformance::Violation>(())
//! ```

mod batch_of;
pub mod board;
pub mod conformance;
pub mod contract;
mod environment;
mod environments;
mod instructions;
pub mod panics;
mod philox;
mod policy;
mod registry;
mod reward;
mod settings;
mod stream;

pub use batch_of::BatchOf;
pub use environment::{
    Batch, Environment, EpisodeInfo, FrameKey, FrameShape, Frames, Observation, Observations, Outcome, Policy,
    RestoreError, Spec, Step, Task, Transitions,
};
pub use environments::*;
pub use instructions::{Instructions, InstructionsError, list as instruction_list};
pub use philox::philox4x32_10;
pub use policy::{FixedPolicy, RandomPolicy};
pub use registry::{Configured, Registry, RegistryError};
pub use reward::Reward;
pub use settings::{Description, Drawing, Settings, Symbol};
pub use stream::{Domain, Stream, StreamId};
