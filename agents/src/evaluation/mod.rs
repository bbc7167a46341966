//! Evaluation: the same path as training, without the second half.

mod actor;
mod episodes;
mod film;
mod thought;

pub use actor::{Actor, AgentActor, Choice, PolicyActor};
pub use episodes::{Moment, Tally, evaluate, play};
pub use film::{Film, Picture, Shot, films};
pub use thought::Thought;
