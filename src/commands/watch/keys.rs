//! The keys, defined once: what they do, and how the screen tells of them.

use ratatui::crossterm::event::KeyCode;

/// What can be asked for by a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Play, or pause.
    Toggle,
    /// A step on, and pause.
    Forward,
    /// A step back, and pause.
    Back,
    /// From the beginning.
    Again,
    /// To the end.
    End,
    /// Twice as fast.
    Faster,
    /// Half as fast.
    Slower,
    /// The next episode.
    Next,
    /// The episode before.
    Previous,
    /// T one greater.
    Longer,
    /// T one less.
    Shorter,
    /// The other checkpoint.
    Checkpoint,
    /// Show the keys, or hide them.
    Help,
    /// Leave.
    Quit,
}

/// The keys as the screen lists them, those without which one is lost first.
pub const LISTED: &[(&str, &str, &str)] = &[
    ("q", "quit", "leave"),
    ("?", "help", "show these keys, or hide them"),
    ("space", "play", "play, or pause"),
    ("←→", "step", "a step back or on (also h and l)"),
    ("np", "episode", "the next episode, or the one before"),
    ("↑↓", "T", "one more or one less; or type a number and press Enter"),
    ("+-", "speed", "twice or half as fast"),
    ("c", "checkpoint", "best or last"),
    ("r", "again", "from the beginning (also Home)"),
    ("e", "end", "to the end (also End)"),
];

/// What a key asks for.
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
