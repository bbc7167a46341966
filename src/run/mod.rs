//! Runs: their folders, configurations, trained agents and evaluations.
//!
//! A run is a folder that a training made. [`Trained::load`] reads the agent of one of its checkpoints, a [`Player`] is an
//! agent that plays, [`evaluate`] counts how often it succeeds at each T, and a [`Walk`] is one of its episodes, step by
//! step.

pub(crate) mod accumulators;
pub(crate) mod argument;
pub mod checkpoint_file;
pub(crate) mod configuration;
pub(crate) mod evaluation;
pub(crate) mod evaluations;
pub(crate) mod experiment;
pub(crate) mod intervention;
pub(crate) mod player;
pub(crate) mod playing;
pub(crate) mod probe;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod trace;
pub(crate) mod trained_agent;
pub(crate) mod version;
mod walk;

pub use configuration::RunConfig;
pub use evaluation::Row;
pub use player::{Player, PolicyChoice};
pub use playing::{Episodes, rows as evaluate};
pub use trained_agent::Trained;
pub use walk::{Step, Walk};
