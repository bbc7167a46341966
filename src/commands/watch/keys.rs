//! The keys, defined once: what they do, and how the screen tells of them.

use ratatui::crossterm::event::KeyCode;

/// Commands that keys ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Plays, or pauses.
    Toggle,
    /// Goes a step on, and pauses.
    Forward,
    /// Goes a step back, and pauses.
    Back,
    /// Plays from the beginning.
    Again,
    /// Goes to the end.
    End,
    /// Plays twice as fast.
    Faster,
    /// Plays half as fast.
    Slower,
    /// Shows the next episode.
    Next,
    /// Shows the episode before.
    Previous,
    /// Makes T greater by one.
    Longer,
    /// Makes T less by one.
    Shorter,
    /// Shows the other checkpoint.
    Checkpoint,
    /// Shows the keys, or hides them.
    Help,
    /// Leaves the viewer.
    Quit,
}

/// The keys as the screen lists them, those without which one is lost first.
pub const LISTED: &[(&str, &str, &str)] = &[
    ("q", "quit", "quit"),
    ("?", "help", "show or hide this help"),
    ("space", "play", "play or pause"),
    ("←→", "step", "one step back or forward (also h and l)"),
    ("np", "episode", "next or previous episode"),
    ("↑↓", "T", "larger or smaller T; or type a number and press Enter"),
    ("+-", "speed", "twice or half as fast"),
    ("c", "checkpoint", "best or last checkpoint"),
    ("r", "restart", "back to the start (also Home)"),
    ("e", "skip to end", "last step of the episode (also End)"),
];

/// Gives the command of a key.
pub fn command(key: KeyCode) -> Option<Command> {
    Some(match key {
        KeyCode::Char(' ') => Command::Toggle,
        KeyCode::Right | KeyCode::Char('l' | '.') => Command::Forward,
        KeyCode::Left | KeyCode::Char('h' | ',') => Command::Back,
        KeyCode::Home | KeyCode::Char('r') => Command::Again,
        KeyCode::End | KeyCode::Char('e') => Command::End,
        KeyCode::Char('+' | '=') => Command::Faster,
        KeyCode::Char('-' | '_') => Command::Slower,
        KeyCode::Char('n') => Command::Next,
        KeyCode::Char('p') => Command::Previous,
        KeyCode::Up | KeyCode::Char('k') => Command::Longer,
        KeyCode::Down | KeyCode::Char('j') => Command::Shorter,
        KeyCode::Char('c') => Command::Checkpoint,
        KeyCode::Char('?') | KeyCode::F(1) => Command::Help,
        KeyCode::Char('q') | KeyCode::Esc => Command::Quit,
        _ => return None,
    })
}
