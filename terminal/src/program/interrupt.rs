//! Signals of interruption: the first request saves and ends, a second one quits at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{SigSet, Signal};
use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use crate::program::error::{CliError, INTERRUPTED as STATUS};
use crate::program::message::tell;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Bytes of the stack of a thread that waits and tells, and does nothing else.
const STACK: usize = 1 << 18;

/// Longest time that a line on the terminal may take: where nobody reads, a signal must not wait.
const PATIENCE: Duration = Duration::from_millis(200);

/// Sets the flag that this gives when the user interrupts (or the system asks to terminate, or the terminal goes away),
/// and ends the process when it is asked to again.
///
/// # Errors
/// If the system gives no thread to listen in, or no signals.
pub fn listen() -> Result<&'static AtomicBool, CliError> {
    let first = || tell("\ninterrupted: finishing this update and saving; interrupt again to quit immediately");
    listen_with(first, || tell("\ninterrupted again: quit immediately; the last save is intact"))
}

/// Listens for signals as [`listen`] does, with `first` done the first time, and `last` before the process ends.
/// Signals that are ignored when the program starts stay so: `nohup` and shells that start something in the
/// background mean it.
///
/// # Errors
/// As those of [`listen`].
pub(crate) fn listen_with(
    first: impl FnOnce() + Send + 'static,
    last: impl FnOnce() + Send + 'static,
) -> Result<&'static AtomicBool, CliError> {
    let failed = |error: std::io::Error| CliError::failed(format!("cannot listen for signals: {error}"));
    let ignored = ignored();
    let heard = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
    let mut signals = Signals::new(heard).map_err(failed)?;
    let wait = move || {
        let mut first = Some(first);
        let mut requests = Requests::default();
        for signal in signals.forever() {
            if requests.is_second(signal, Instant::now()) {
                briefly(last);
                // No destructors: other threads still use what those would take away.
                low_level::exit(STATUS.into());
            }
            // Before the flag, or else what is quick to save says so first.
            first.take().into_iter().for_each(briefly);
            INTERRUPTED.store(true, Ordering::Relaxed);
        }
    };
    start_thread("signals", wait).map_err(failed)?;
    Ok(&INTERRUPTED)
}

/// Returns whether there was a request.
pub(crate) fn is_requested() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Starts a thread that needs little stack.
///
/// # Errors
/// The system's error, if it gives no thread.
pub(crate) fn start_thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(work).map(drop)
}

/// Makes a file that reaches the limit of its size (`ulimit -f`) an error of the write, as a full disk is, and not the
/// end of the process. Threads that start later inherit it.
///
/// # Errors
/// If the system does not let the signal be blocked.
pub fn make_limits_errors() -> Result<(), CliError> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    signals.thread_block().map_err(|error| CliError::failed(format!("cannot block a signal: {error}")))
}

/// The requests so far, to tell a second one from an echo of the first.
#[derive(Debug, Default)]
struct Requests {
    /// Time of the first Ctrl-C or request to terminate.
    first: Option<Instant>,
}

impl Requests {
    /// Takes note of a request; whether it is a second one, after which the process ends at once.
    fn is_second(&mut self, signal: i32, now: Instant) -> bool {
        // A terminal that goes away does so once, and nobody has pressed anything: shells, the system and a manager of
        // sessions all tell of it.
        if signal == SIGHUP {
            return false;
        }
        let passed = now.duration_since(*self.first.get_or_insert(now));
        passed > echo(signal)
    }
}

/// The time within which the same request may come again: `timeout` signals its child and then the group in which the
/// child is, and some parents pass on a Ctrl-C that the terminal has sent to all. Nobody presses Ctrl-C twice so fast.
fn echo(signal: i32) -> Duration {
    Duration::from_millis(if signal == SIGINT { 200 } else { 1000 })
}

/// Does `work` in a thread of its own, and waits for it a moment at most.
fn briefly(work: impl FnOnce() + Send + 'static) {
    let (done, wait) = channel::<()>();
    let started = start_thread("notice", move || {
        work();
        drop(done);
    });
    if started.is_ok() {
        let _ = wait.recv_timeout(PATIENCE);
    }
}

/// The signals that the process ignores, a bit each, the first for signal 1. Where the system has no such file, none.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells for each of `signals`, given with its milliseconds, if it is a second request.
    fn seconds<const N: usize>(signals: [(i32, u64); N]) -> [bool; N] {
        let (start, mut requests) = (Instant::now(), Requests::default());
        signals.map(|(signal, time)| requests.is_second(signal, start + Duration::from_millis(time)))
    }

    #[test]
    fn an_echo_is_the_same_request_and_a_second_press_is_not() {
        assert_eq!(seconds([(SIGTERM, 0), (SIGTERM, 1), (SIGTERM, 900)]), [false; 3]);
        assert_eq!(seconds([(SIGTERM, 0), (SIGTERM, 1_500)]), [false, true]);
        assert_eq!(seconds([(SIGINT, 0), (SIGINT, 5), (SIGINT, 333)]), [false, false, true]);
        assert_eq!(seconds([(SIGTERM, 0), (SIGINT, 333)]), [false, true]);
        assert_eq!(seconds([(SIGINT, 0), (SIGTERM, 333), (SIGTERM, 1_500)]), [false, false, true]);
    }

    #[test]
    fn a_terminal_that_goes_away_asks_once() {
        assert_eq!(seconds([(SIGHUP, 0), (SIGHUP, 9_000), (SIGTERM, 9_500), (SIGTERM, 9_501)]), [false; 4]);
        assert_eq!(seconds([(SIGINT, 0), (SIGHUP, 9_000)]), [false; 2]);
    }
}
