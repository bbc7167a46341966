//! Signals. Ctrl-C: the first saves, the second quits.

use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::{SigSet, Signal};

use crate::failure::Failure;
use crate::output::tell;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Sets the flag that this gives when the user interrupts (or the system asks to terminate), and
/// ends the process when it happens again.
pub fn listen() -> Result<&'static AtomicBool, Failure> {
    let first = || tell("\ninterrupted: finishing the update and saving; once more quits at once");
    listen_with(first, || ())
}

/// The same with `first` done the first time, and `last` before the process ends.
pub fn listen_with(
    first: impl Fn() + Send + 'static,
    last: impl Fn() + Send + 'static,
) -> Result<&'static AtomicBool, Failure> {
    let handler = move || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            last();
            std::process::exit(130);
        }
        first();
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::failed(format!("cannot listen for Ctrl-C: {error}")))?;
    Ok(&INTERRUPTED)
}

/// Makes a file that reaches the limit of its size (`ulimit -f`) an error of the write, as a full disk is, and not the
/// end of the process. Threads that start later inherit it.
pub fn make_limits_errors() -> Result<(), Failure> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    signals.thread_block().map_err(|error| Failure::failed(format!("cannot block a signal: {error}")))
}
