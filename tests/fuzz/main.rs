//! Bytes from anywhere, into everything that reads them: nothing panics, hangs or asks for memory that
//! is not there. Valid inputs are changed at random, from a seed, so that every failure comes again.
//!
//! `make test` runs a number of executions of each target, `make fuzz` runs each for a minute.

#![allow(dead_code, reason = "only the readers of the program's modules are called")]

mod checkpoints;
mod hostile;
mod mutation;
mod runner;
mod texts;

// The program is no library: its readers are compiled in here once more.
#[path = "../../src/arguments.rs"]
mod arguments;
#[path = "../../src/environment.rs"]
mod environment;
#[path = "../../src/failure.rs"]
mod failure;
#[path = "../../src/instructions.rs"]
mod instructions;
#[path = "../../src/output.rs"]
mod output;
#[path = "../../src/program.rs"]
mod program;
#[path = "../../src/run_config.rs"]
mod run_config;
#[path = "../../src/version.rs"]
mod version;
