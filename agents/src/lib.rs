//! Agents that count: cells, networks, training and evaluation.
//!
//! This crate trains recurrent agents on the environments of `gridworld-envs`, or on your own, from Rust. It links
//! libtorch. The program `gridworld` is built on it, and adds flags, files and a terminal.
//!
//! An agent is a network of three parts ([`Model`]): *vision*, a convnet that turns an image into features; a *core*,
//! the recurrent layer, which is a [`Core`](cores::Core); and two *heads*, which give the logits of the actions and the
//! value. [`unroll`] runs core and heads over the steps of a rollout. A [`Trainer`](training::Trainer) trains an agent
//! on any [`Task`](gridworld_envs::Task) and reports to an [`Observer`](training::Observer); [`evaluation`] plays
//! episodes with it. No code here depends on a particular environment.
//!
//! The *feedback loop* is a vector of counters (in the code: accumulators) beside the core. In each step a cell reads
//! its inputs, by default T at the first step and a constant 1; its output is added to the counters, and the core reads
//! `tanh(gain · n)` of each counter n. A cell is a [`LoopCell`](cells::LoopCell), and a program can register its own
//! (`agents/examples/own_cell.rs`).
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//!
//! use gridworld_agents::{AgentName, Config};
//! use gridworld_agents::training::{Observer, Record, CheckpointKind, Trainer};
//! use gridworld_checkpoint::Checkpoint;
//! use gridworld_envs::{TimedArrivalConfig, TimedArrivalTask};
//!
//! type Failure = Box<dyn std::error::Error + Send + Sync>;
//!
//! /// Prints what is recorded, and keeps nothing.
//! struct Printer(std::time::Instant);
//!
//! impl Observer for Printer {
//!     fn seconds(&self) -> f64 {
//!         self.0.elapsed().as_secs_f64()
//!     }
//!     fn advance(&mut self, _steps: u64) {}
//!     fn record(&mut self, record: &Record) -> Result<(), Failure> {
//!         println!("{record:?}");
//!         Ok(())
//!     }
//!     fn save(&mut self, _which: CheckpointKind, _checkpoint: &Checkpoint) -> Result<(), Failure> {
//!         Ok(())
//!     }
//! }
//!
//! let task = TimedArrivalTask::new(TimedArrivalConfig::default())?;
//! let mut config = Config::of(AgentName::LstmNac);
//! config.training.steps = 10_000;
//! let mut trainer = Trainer::new(&task, &config, tch::Device::Cpu)?;
//! let summary = trainer.run(&mut Printer(std::time::Instant::now()), &AtomicBool::new(false))?;
//! assert!(summary.steps >= 10_000);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cells;
mod config;
pub mod cores;
pub mod evaluation;
mod feedback;
mod head_columns;
pub mod loss;
mod model;
mod named;
mod optimizer;
mod parameters;
mod phases;
pub mod returns;
mod sampler;
pub mod training;
pub mod unroll;
pub mod vision;
mod wiring;

pub use config::{
    Advantages, AgentName, Calibration, Config, ConfigError, Convolution, LoopConfig, Mode, ModelConfig, OnNan,
    OptimizerConfig, Rounding, Schedule, SparsityConfig, TrainingConfig, VisionConfig,
};
pub use feedback::{Feedback, FeedbackInput, InstructionInput, Presence, Read, StateInput, Update};
pub use head_columns::HeadColumns;
pub use model::{Model, Weights};
pub use optimizer::{Optimizer, clip_by_global_norm};
pub use parameters::{Bound, Layout, Parameter, Slot, fill_orthogonal, fill_uniform};
pub use sampler::{Decisions, Sampler, greedy};
pub use wiring::Wiring;
