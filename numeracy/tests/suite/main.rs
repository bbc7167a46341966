//! The cells, their gradients, the training loop, the tasks and their pages.

mod cells;
#[cfg(feature = "digits")]
mod digits;
mod diverged;
mod gradients;
#[cfg(feature = "digits")]
mod libtorch;
mod recurrent;
mod work;
