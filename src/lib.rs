//! `gridworld`: train agents that must count, and see how far they do.

mod charts;
mod commands;
pub mod options;
mod output;
pub mod program;
mod replay;
pub mod run;
mod terminal;
mod training;

pub use commands::cli;
