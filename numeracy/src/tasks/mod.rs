//! The tasks: what is learned, and when it counts as learned.

mod config;
pub mod digits;
pub mod identity;
pub mod language;
mod operation;
mod outcome;
pub mod program;
mod range;
pub mod recurrent_arithmetic;
pub mod single_layer;
pub mod static_arithmetic;
mod summary;
mod trial;

pub use config::{TaskConfig, Work};
pub use operation::Operation;
pub use outcome::{Check, Outcome};
pub use range::Range;
pub use summary::Summary;
pub use trial::{Problem, Rules, Trial, Until};
