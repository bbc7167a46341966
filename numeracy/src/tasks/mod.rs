//! The tasks: what is learned, and when it counts as learned.

mod operation;
pub mod static_arithmetic;

pub use operation::Operation;
