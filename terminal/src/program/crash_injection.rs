//! Death at a chosen moment, so that tests can see what a kill leaves behind.
//!
//! `GRIDWORLD_FAULT=STEP:N` makes a training kill itself the N-th time that the writing of a checkpoint has come to
//! STEP: `half-written`, `written`, `synced` or `renamed`. Signals from outside hardly ever meet these moments.

use gridworld_records::atomic::Step;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::program::error::CliError;

/// Name of the environment variable.
const VARIABLE: &str = "GRIDWORLD_FAULT";

/// Fault that is to happen, if any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CrashInjection(Option<(Step, u64)>);

impl CrashInjection {
    /// Reads the fault that the environment variable asks for.
    ///
    /// # Errors
    /// If the variable is set and is no step and number such as `synced:3`; wrong usage.
    pub fn from_environment() -> Result<CrashInjection, CliError> {
        match std::env::var_os(VARIABLE) {
            None => Ok(CrashInjection::default()),
            Some(text) => text.to_str().and_then(CrashInjection::parse).ok_or_else(|| {
                let text = text.to_string_lossy();
                let steps = Step::ALL.map(Step::as_str).join(", ");
                CliError::usage(format!("{VARIABLE}={text}: is no step and number such as synced:3; steps are {steps}"))
            }),
        }
    }

    fn parse(text: &str) -> Option<CrashInjection> {
        let (name, number) = text.split_once(':')?;
        let step = Step::ALL.into_iter().find(|step| step.as_str() == name)?;
        Some(CrashInjection(Some((step, number.parse().ok().filter(|&number| number > 0)?))))
    }

    /// Says that a checkpoint's writing has come to `step`; does not return if that is the moment.
    pub fn reached(&mut self, step: Step) {
        let Some((fatal, left)) = &mut self.0 else { return };
        if *fatal == step {
            *left -= 1;
            if *left == 0 {
                // The signal cannot be caught: nothing is tidied up, as after a kill from outside.
                let _ = kill(Pid::this(), Signal::SIGKILL);
                std::process::abort();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_a_step_and_a_number() {
        assert_eq!(CrashInjection::parse("half-written:12"), Some(CrashInjection(Some((Step::HalfWritten, 12)))));
        for wrong in ["", "synced", "synced:", "synced:0", "synced:-1", "sunk:1", ":1"] {
            assert_eq!(CrashInjection::parse(wrong), None, "{wrong}");
        }
    }
}
