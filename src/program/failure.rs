//! How a command ends when it does not end well: one line, and a status.

use std::ffi::OsString;
use std::process::ExitCode;

use console::style;
use gridworld_agents::panics;

use crate::options::arguments::flag_without_value;
use crate::program::message::tell_as;

/// The status of what was interrupted and saved.
pub const INTERRUPTED: u8 = 130;

/// Makes panics one line each: those of a training are its error, any other is a bug of ours. Whoever
/// looks for it gets a backtrace with `RUST_BACKTRACE=full`.
pub fn shorten_panics() {
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|wish| wish != "full") {
        std::panic::set_hook(Box::new(|panic| {
            let said = panics::message(panic.payload());
            let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
            say("error", &format!("a bug{}: {said}; please report it", place.unwrap_or_default()), 1);
        }));
    }
    panics::tell_once();
}

/// Why a command ended early.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for makes no sense: status 2, and nothing was done.
    Usage(String),
    /// Something went wrong on the way: status 1.
    Failed(String),
    /// The user interrupted, and everything is saved: status 130.
    Interrupted(String),
    /// Help or version was asked for.
    Shown(clap::Error),
}

impl Failure {
    /// Wrong usage, from whatever found it.
    pub fn usage(error: impl ToString) -> Failure {
        Failure::Usage(error.to_string())
    }

    /// A failure, from whatever failed.
    pub fn failed(error: impl ToString) -> Failure {
        Failure::Failed(error.to_string())
    }

    /// The same, said to be of `flag` unless it names a flag already.
    pub fn about(self, flag: &str) -> Failure {
        let named = |message: String| if message.starts_with("--") { message } else { format!("{flag}: {message}") };
        match self {
            Failure::Usage(message) => Failure::Usage(named(message)),
            Failure::Failed(message) => Failure::Failed(named(message)),
            other => other,
        }
    }

    /// What the parser of `command` says of these words, on one line: its message and its hint, without the usage.
    pub fn from_clap(command: &clap::Command, words: &[OsString], error: clap::Error) -> Failure {
        use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
        if matches!(error.kind(), DisplayHelp | DisplayVersion | DisplayHelpOnMissingArgumentOrSubcommand) {
            return Failure::Shown(error);
        }
        if error.kind() == clap::error::ErrorKind::InvalidUtf8 {
            // The parser does not say which: paths may be any bytes.
            let odd = words.iter().filter(|word| word.to_str().is_none());
            let odd = odd.map(|word| word.as_encoded_bytes().escape_ascii().to_string()).collect::<Vec<_>>().join(" ");
            return Failure::Usage(format!("{odd}: invalid UTF-8 where a text is needed; only paths can be any bytes"));
        }
        if let Some((flag, value)) = flag_without_value(command, words, &error) {
            return Failure::Usage(format!(
                "{flag}: it has no value, as {value} looks like a flag; write {flag}={value} if it is the value"
            ));
        }
        let text = error.render().to_string();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines = lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"));
        let said = lines.collect::<Vec<_>>().join(" ").replace(" tip: ", "; ");
        Failure::Usage(said.trim_start_matches("error: ").to_owned())
    }

    /// Tells the user, on standard error, and gives the status.
    pub fn report(self) -> ExitCode {
        match self {
            Failure::Usage(message) => say("error", &message, 2),
            Failure::Failed(message) => say("error", &message, 1),
            Failure::Interrupted(message) => say("interrupted", &message, INTERRUPTED),
            Failure::Shown(error) => {
                // A closed pipe is no reason to complain.
                let _ = error.print();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
            }
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Failed(message) | Failure::Interrupted(message) => {
                formatter.write_str(message)
            }
            Failure::Shown(error) => error.fmt(formatter),
        }
    }
}

fn say(kind: &str, message: &str, status: u8) -> ExitCode {
    // Red for what failed; what was interrupted did not fail.
    let bold = style(kind).for_stderr().bold();
    tell_as(&if status == INTERRUPTED { bold.yellow() } else { bold.red() }, message);
    ExitCode::from(status)
}
