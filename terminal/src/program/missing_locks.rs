//! A warning where a run's folder cannot be locked.

use std::io;
use std::path::Path;

use super::message::tell_as;

/// Warns, once in this process, of a file system that has no locks.
pub fn warn_without_locks() {
    gridworld_records::on_missing_locks(warn);
}

fn warn(path: &Path, error: &io::Error) {
    let path = path.display();
    let message =
        format!("cannot lock {path}: {error}; continuing without a lock, so let no other process train there");
    tell_as(&console::style("warning").for_stderr().yellow().bold(), &message);
}
