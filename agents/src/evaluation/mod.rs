//! Evaluation: the same path as training, without the second half.

mod actor;
mod episodes;
mod statistics;

pub use actor::{Actor, AgentActor, Choice, PolicyActor};
pub use episodes::{Tally, evaluate};
pub use statistics::{Interval, wilson95};
