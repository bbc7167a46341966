//! This program as a process: its name, its failures, its interruption, and its children.

mod cache;
mod child;
mod crash_injection;
mod error;
mod help;
pub mod interrupt;
pub mod message;
mod missing_locks;
mod name;
pub mod shell;

pub use cache::cache_folder;
pub use child::{end_with_parent, this_program};
pub use crash_injection::CrashInjection;
pub use error::CliError;
pub use help::spell_as_started;
pub use missing_locks::warn_without_locks;
