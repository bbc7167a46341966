//! The command line as a user meets it: the built program, its exit status, what it prints and what
//! it leaves behind.

mod bad_input;
mod determinism;
mod evaluate;
mod faults;
mod inspect;
mod interval;
mod learning;
mod numbers;
mod numeracy;
mod outsider;
mod plot;
mod prompt;
mod record;
mod resume;
mod suite;
mod support;
mod tensorboard;
mod train;
mod watch;
