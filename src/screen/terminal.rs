//! The loop with the terminal, which is given back as it was found, whatever happens.

use std::io::{self, IsTerminal};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::crossterm::execute;
use ratatui::{DefaultTerminal, Frame};

use crate::failure::Failure;
use crate::interrupt;

/// The longest that a signal waits to be seen.
const PATIENCE: Duration = Duration::from_millis(100);

/// What takes over the terminal.
pub trait Program {
    /// What a key does.
    fn press(&mut self, key: KeyCode) -> Result<Flow, Failure>;

    /// Lets time pass.
    fn pass(&mut self, time: Duration);

    /// How soon something will change by itself, if it will.
    fn patience(&self) -> Duration {
        PATIENCE
    }

    /// Draws everything.
    fn draw(&self, frame: &mut Frame<'_>);
}

/// Whether the program goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    On,
    /// Its user has had enough.
    Over,
}

/// Whether there is a terminal to take over: for what is typed, and for what is shown.
pub fn is_there() -> bool {
    let able = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    able && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Runs `program` until it is over. Ctrl-C and a request to terminate end it too, as interrupted.
pub fn run(program: &mut dyn Program) -> Result<(), Failure> {
    let interrupted = interrupt::listen_with(|| (), give_back)?;
    let failed = |error: io::Error| Failure::failed(format!("the terminal: {error}"));
    let mut terminal = Guard::new().map_err(failed)?;
    let mut before = Instant::now();
    loop {
        terminal.0.draw(|frame| program.draw(frame)).map_err(failed)?;
        if event::poll(program.patience().min(PATIENCE)).map_err(failed)?
            && let Event::Key(key) = event::read().map_err(failed)?
            && key.kind != KeyEventKind::Release
        {
            if is_interrupt(key) {
                break;
            }
            if program.press(key.code)? == Flow::Over {
                return Ok(());
            }
        }
        if interrupted.load(Ordering::Relaxed) {
            break;
        }
        program.pass(before.elapsed());
        before = Instant::now();
    }
    Err(Failure::Interrupted("nothing was lost".to_owned()))
}

/// Ctrl-C, which is a key and no signal as long as the program has the terminal.
fn is_interrupt(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// Has the terminal, and gives it back when dropped; a panic gives it back before it speaks.
struct Guard(DefaultTerminal);

impl Guard {
    fn new() -> io::Result<Guard> {
        // Half a beginning is undone as well.
        ratatui::try_init().map(Guard).inspect_err(|_| give_back())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Leaves raw mode and the second screen, and shows the cursor.
fn give_back() {
    ratatui::restore();
    // A terminal that is gone cannot be told, and need not be.
    let _ = execute!(io::stdout(), Show);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Panics when a key is pressed.
    struct Trap;

    impl Program for Trap {
        fn press(&mut self, _key: KeyCode) -> Result<Flow, Failure> {
            panic!("a key was pressed");
        }

        fn pass(&mut self, _time: Duration) {}

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
