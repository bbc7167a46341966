//! Evaluation: the same path as training, without the second half.

mod actor;
mod episodes;

pub use actor::{Actor, AgentActor, Choice, PolicyActor};
pub use episodes::{Moment, Tally, evaluate, play};
