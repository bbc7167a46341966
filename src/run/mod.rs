//! Runs: their folders, configurations, trained agents and evaluations.

pub mod argument;
pub mod configuration;
pub mod evaluations;
pub mod status;
pub mod subject;
pub mod trained;
