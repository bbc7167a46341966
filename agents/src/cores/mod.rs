//! The cores: what remembers, beside the feedback loop. Each is one file, and two lines here.

mod core;
mod feed_forward;
mod gated;
mod gru;
mod latch;
mod lstm;
mod min_gru;
mod name;

pub use core::{About, Core, Kept, Memory, Source, Step, StepBack};
pub use name::CoreName;
