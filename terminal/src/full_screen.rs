//! Loop of a program that takes over the terminal, which is given back as it was found, whatever happens.

use std::io::{self, IsTerminal};
use std::mem::ManuallyDrop;
use std::os::fd::AsFd;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::execute;
use ratatui::{DefaultTerminal, Frame};

use crate::program::CliError;
use crate::program::interrupt::{self, start_thread};

/// A program that takes over the terminal.
pub trait Program {
    /// Does what a key asks for, and tells if the program goes on.
    ///
    /// # Errors
    /// The reason for which the program ends as failed.
    fn press(&mut self, key: KeyCode) -> Result<Flow, CliError>;

    /// Lets time pass.
    fn pass(&mut self, time: Duration);

    /// Gives the time until something will change by itself, if it will.
    fn patience(&self) -> Option<Duration>;

    /// Draws the whole screen.
    fn draw(&self, frame: &mut Frame<'_>);
}

/// Choice between going on and the end of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The program goes on.
    On,
    /// The program ends, as its user has had enough.
    Over,
}

/// Event that the loop waits for.
#[derive(Debug)]
enum Wake {
    /// A key, or another size of the terminal.
    Event(Event),
    /// Keys cannot be read.
    Failed(io::Error),
    /// A signal that asks to end.
    Signal,
    /// The terminal is gone.
    HungUp,
}

/// Tells if there is a terminal to take over: for what is typed, and for what is shown.
#[must_use]
pub fn is_there() -> bool {
    let able = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    able && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Runs `program` until it is over. Ctrl-C, a request to terminate and the end of the terminal end it too, as interrupted.
/// While nothing changes, nothing is done.
///
/// # Errors
/// If there is no terminal to take over or it goes away, if the user interrupts, or if the program fails.
pub fn run(program: &mut dyn Program) -> Result<(), CliError> {
    let (sender, wakes) = channel();
    let signals = sender.clone();
    // Who does not listen any more has ended.
    interrupt::listen_with(move || drop(signals.send(Wake::Signal)), give_back)?;
    let failed = |error: io::Error| CliError::failed(format!("the terminal: {error}"));
    let mut guard = Guard::new().map_err(failed)?;
    // Reading has a thread of its own, for it may wait for the rest of a key, or read the end of a terminal for ever.
    let events = sender.clone();
    start_thread("keys", move || read(&events)).map_err(failed)?;
    start_thread("terminal", move || await_end(&sender)).map_err(failed)?;
    let gone = || CliError::Interrupted("the terminal is gone".to_owned());
    let mut before = Instant::now();
    loop {
        let drawn = guard.terminal.draw(|frame| program.draw(frame));
        drawn.map_err(|error| if has_ended(PollTimeout::ZERO) { gone() } else { failed(error) })?;
        let wake = next(&wakes, program.patience());
        // Before the key: it does not change what has passed.
        program.pass(before.elapsed());
        match wake {
            Some(Wake::Event(Event::Key(key))) if key.kind != KeyEventKind::Release => {
                if is_interrupt(key) {
                    break;
                }
                if program.press(key.code)? == Flow::Over {
                    return Ok(());
                }
            }
            Some(Wake::Event(_)) | None => {}
            Some(Wake::Failed(error)) => return Err(failed(error)),
            Some(Wake::Signal) => break,
            Some(Wake::HungUp) => return Err(gone()),
        }
        before = Instant::now();
    }
    Err(CliError::Interrupted("closed".to_owned()))
}

/// Waits for the next event; gives nothing if `patience` ends before.
fn next(wakes: &Receiver<Wake>, patience: Option<Duration>) -> Option<Wake> {
    match patience {
        Some(patience) => match wakes.recv_timeout(patience) {
            Err(RecvTimeoutError::Timeout) => None,
            received => received.ok().or(Some(Wake::HungUp)),
        },
        // The senders are gone only with their threads, which end with the terminal.
        None => Some(wakes.recv().unwrap_or(Wake::HungUp)),
    }
}

/// Reads keys until nobody wants them any more.
fn read(wakes: &Sender<Wake>) {
    loop {
        let wake = event::read().map_or_else(Wake::Failed, Wake::Event);
        let has_failed = matches!(wake, Wake::Failed(_));
        if wakes.send(wake).is_err() || has_failed {
            return;
        }
    }
}

/// Waits for the end of the terminal. Signals tell of it too, but not where they are ignored, or where the terminal is
/// not that of the process.
fn await_end(wakes: &Sender<Wake>) {
    if has_ended(PollTimeout::NONE) {
        // Who does not listen any more has ended.
        let _ = wakes.send(Wake::HungUp);
    }
}

/// Tells if the terminal has ended, or does before `timeout`.
fn has_ended(timeout: PollTimeout) -> bool {
    let input = io::stdin();
    let mut terminal = [PollFd::new(input.as_fd(), PollFlags::empty())];
    while poll(&mut terminal, timeout) == Err(Errno::EINTR) {}
    // Some systems cannot wait for a terminal, and say that it is no valid file.
    terminal[0].revents().is_some_and(|found| found.intersects(PollFlags::POLLHUP | PollFlags::POLLERR))
}

/// Tells if a key is Ctrl-C, which is a key and no signal as long as the program has the terminal.
fn is_interrupt(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Holder of the terminal that gives it back when dropped; a panic gives it back before its message is printed.
struct Guard {
    /// Terminal that is never dropped: dropping would only show the cursor, and panic where the terminal is gone and
    /// nobody can be told.
    terminal: ManuallyDrop<DefaultTerminal>,
}

impl Guard {
    fn new() -> io::Result<Guard> {
        // Half a beginning is undone as well.
        let terminal = ratatui::try_init().inspect_err(|_| give_back())?;
        Ok(Guard { terminal: ManuallyDrop::new(terminal) })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Leaves raw mode and the second screen, and shows the cursor.
fn give_back() {
    // A terminal that is gone cannot be told, and need not be.
    let _ = ratatui::try_restore();
    let _ = execute!(io::stdout(), Show);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that panics when a key is pressed.
    struct Trap;

    impl Program for Trap {
        fn press(&mut self, _key: KeyCode) -> Result<Flow, CliError> {
            panic!("a key was pressed");
        }

        fn pass(&mut self, _time: Duration) {}

        fn patience(&self) -> Option<Duration> {
            None
        }

        fn draw(&self, frame: &mut Frame<'_>) {
            frame.render_widget("press a key", frame.area());
        }
    }

    #[test]
    #[ignore = "needs a terminal and somebody who looks at it: run it alone, with --nocapture"]
    fn a_panic_gives_the_terminal_back() {
        let _ = run(&mut Trap);
    }
}
