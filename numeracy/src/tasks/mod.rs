//! The tasks: their problems, and the errors below which they count as learned.

#[cfg(feature = "digits")]
pub mod digits;
pub mod drawing;
pub mod flag;
pub mod identity;
pub mod language;
mod operation;
mod outcome;
pub mod program;
mod range;
pub mod recurrent_arithmetic;
mod seed_training;
pub mod single_layer;
pub mod static_arithmetic;
mod summary;
mod table;
mod task;

pub use operation::Operation;
pub use outcome::{Check, Outcome};
pub use range::Range;
pub use seed_training::{Problem, Rules, SeedTraining, StopRule};
pub use summary::Summary;
pub use table::{Entries, Listed, TaskConfig, Visitor, each, try_each, with};
pub use task::{Outcomes, Planned, Surroundings, Task, TaskError, Work};
