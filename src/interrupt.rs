//! Ctrl-C: the first saves, the second quits.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Sets the flag that this gives when the user interrupts (or the system asks to terminate), and
/// ends the process when it happens again.
pub fn listen() -> Result<&'static AtomicBool, Failure> {
    let handler = || {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("\ninterrupted: finishing the update and saving; once more quits at once");
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::failed(format!("cannot listen for Ctrl-C: {error}")))?;
    Ok(&INTERRUPTED)
}
