//! The command line as a user meets it: the built program, its exit status, what it prints and what
//! it leaves behind.

mod any_bytes;
mod bad_input;
mod determinism;
mod docs;
mod evaluate;
mod examples;
mod faults;
mod inspect;
mod interval;
mod learning;
mod library;
mod mnist;
mod names;
mod numbers;
mod numeracy;
mod old_runs;
mod outputs;
mod outside;
mod outsider;
mod page;
mod plot;
mod prompt;
mod record;
mod report;
mod resume;
mod suite;
mod support;
mod tensorboard;
mod terminal;
mod train;
mod watch;
