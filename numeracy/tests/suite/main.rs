//! Tests of the cells, their gradients, the training loop, the tasks and their pages.

mod cells;
#[cfg(feature = "digits")]
mod digits;
mod distributions;
mod diverged;
mod drawings;
mod engine;
mod flags;
mod gradients;
#[cfg(feature = "digits")]
mod libtorch;
mod operations;
mod pages;
mod published;
mod recurrent;
mod references;
mod sections;
mod seed_log;
mod slow;
mod stops;
mod summaries;
mod tables;
mod tasks;
mod training;
mod work;
