//! Bytes from anywhere, into everything that reads them: nothing panics, hangs or asks for memory that
//! is not there. Valid inputs are changed at random, from a seed, so that every failure comes again.
//!
//! `make test` runs a number of executions of each target, `make fuzz` runs each for a minute.

mod checkpoints;
mod hostile;
mod mutation;
mod runner;
mod texts;
