//! This program as a process: its name, its failures, its interruption, and its children.

pub mod cache;
pub mod child;
pub mod crash_injection;
pub mod error;
pub mod help;
pub mod interrupt;
pub mod message;
pub mod missing_locks;
pub mod name;
pub mod shell;
