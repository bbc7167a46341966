//! Failures of commands: one line, and a status.

use std::process::ExitCode;

use console::style;

use crate::program::message::tell_as;

/// The status of what was interrupted and saved.
pub const INTERRUPTED: u8 = 130;

/// Reason why a command ended early.
#[non_exhaustive]
pub enum CliError {
    /// Wrong usage: status 2, and nothing was done.
    Usage(String),
    /// Something went wrong on the way: status 1.
    Failed(String),
    /// The user interrupted, and everything is saved: status 130.
    Interrupted(String),
    /// Help or version was asked for.
    Shown(clap::Error),
}

impl CliError {
    /// Makes a failure of wrong usage, from any error.
    pub fn usage(error: impl ToString) -> CliError {
        CliError::Usage(error.to_string())
    }

    /// Makes a failure on the way, from any error.
    pub fn failed(error: impl ToString) -> CliError {
        CliError::Failed(error.to_string())
    }

    /// Makes the failure one of `flag`, unless it names a flag already.
    #[must_use]
    pub fn about(self, flag: &str) -> CliError {
        let named = |message: String| if message.starts_with("--") { message } else { format!("{flag}: {message}") };
        match self {
            CliError::Usage(message) => CliError::Usage(named(message)),
            CliError::Failed(message) => CliError::Failed(named(message)),
            other => other,
        }
    }

    /// Tells the user, on standard error, and gives the status.
    #[must_use]
    pub fn report(self) -> ExitCode {
        match self {
            CliError::Usage(message) => say("error", &message, 2),
            CliError::Failed(message) => say("error", &message, 1),
            CliError::Interrupted(message) => say("interrupted", &message, INTERRUPTED),
            CliError::Shown(error) => {
                // A closed pipe is no reason to complain.
                let _ = error.print();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
            }
        }
    }
}

impl std::fmt::Display for CliError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CliError::Usage(message) | CliError::Failed(message) | CliError::Interrupted(message) => {
                formatter.write_str(message)
            }
            CliError::Shown(error) => error.fmt(formatter),
        }
    }
}

/// Formats the failure as it is displayed: a program whose `main` returns a failure prints it so.
impl std::fmt::Debug for CliError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for CliError {}

fn say(kind: &str, message: &str, status: u8) -> ExitCode {
    // Red for what failed; what was interrupted did not fail.
    let bold = style(kind).for_stderr().bold();
    tell_as(&if status == INTERRUPTED { bold.yellow() } else { bold.red() }, message);
    ExitCode::from(status)
}
