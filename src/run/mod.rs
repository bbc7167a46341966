//! Runs: their folders, configurations, trained agents and evaluations.

pub mod accumulators;
pub mod argument;
pub mod checkpoint_file;
pub mod configuration;
pub mod evaluation;
pub mod evaluations;
pub mod experiment;
pub mod playing;
pub mod status;
pub mod subject;
pub mod trace;
pub mod trained;
