//! The progress of a training or another computation on standard error: one line that stays in its place, or lines now and
//! then.

mod bar;
mod countdown;
mod glyphs;
mod known;
pub mod metrics;
mod reporter;
mod sparkline;

pub use countdown::Countdown;
pub use glyphs::Glyphs;
pub use known::Words;
pub use reporter::{Progress, Reporter};
