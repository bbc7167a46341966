//! The progress of a training on standard error: one line that stays in its place, or lines now and then.

mod bar;
mod glyphs;
mod known;
pub mod metrics;
mod reporter;
mod sparkline;

pub use glyphs::Glyphs;
pub use known::Words;
pub use reporter::{Progress, Reporter};
