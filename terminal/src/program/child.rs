//! This program as a child of itself: a suite starts its trainings so.

use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::program::error::CliError;
use crate::program::interrupt;

/// The environment variable that makes a process end when its standard input does.
const VARIABLE: &str = "GRIDWORLD_ENDS_WITH_STDIN";

/// Returns a command that runs this very program, also after its file was replaced or deleted. The process ends when
/// the pipe that is its standard input does: when its handle is dropped, or when this process ends, however it ends.
///
/// # Errors
/// If the system does not say which program this is.
pub fn this_program() -> io::Result<Command> {
    // On Linux a handle on the file that runs, whatever has become of its name since.
    let running = Path::new("/proc/self/exe");
    let mut command = if running.exists() { Command::new(running) } else { Command::new(std::env::current_exe()?) };
    // What the user called it, in its messages and in lists of processes.
    command.arg0(std::env::args_os().next().unwrap_or(OsString::from("gridworld")));
    command.stdin(Stdio::piped()).env(VARIABLE, "1");
    Ok(command)
}

/// Asks this process to save and end as soon as the process that started it has ended.
///
/// # Errors
/// If the system gives no thread to wait in.
pub fn end_with_parent() -> Result<(), CliError> {
    if std::env::var_os(VARIABLE).is_none() {
        return Ok(());
    }
    name_process();
    let wait = || {
        let mut input = io::stdin().lock();
        // An error is an end, too.
        while input.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
        // Whoever was asked before is saving: to ask a second time would mean at once.
        if !interrupt::is_requested() {
            let _ = kill(Pid::this(), Signal::SIGTERM);
        }
    };
    let failed =
        |error| CliError::failed(format!("cannot wait for the end of the process that started this one: {error}"));
    interrupt::start_thread("parent", wait).map_err(failed)
}

/// Gives the process the name of its program: Linux names it after the handle, `exe`.
fn name_process() {
    let name = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&name).file_name().unwrap_or(name.as_os_str());
    // A name in lists of processes is no reason to fail.
    let _ = std::fs::write("/proc/self/comm", name.as_encoded_bytes());
}
