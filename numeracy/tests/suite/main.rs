//! Tests of the cells, their gradients, the training loop, the tasks and their pages.

mod cells;
#[cfg(feature = "digits")]
mod digits;
mod diverged;
mod engine;
mod gradients;
#[cfg(feature = "digits")]
mod libtorch;
mod pages;
mod published;
mod recurrent;
mod seed_log;
mod stops;
mod summaries;
mod tasks;
mod training;
mod work;
