//! Tests of the cells, their gradients, the training loop, the tasks and their pages.

mod cells;
#[cfg(feature = "digits")]
mod digits;
mod diverged;
mod engine;
mod gradients;
mod journal;
#[cfg(feature = "digits")]
mod libtorch;
mod pages;
mod published;
mod recurrent;
mod stops;
mod summaries;
mod tasks;
mod training;
mod work;
