//! The program `gridworld`; all that it does is in the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    gridworld::cli(&gridworld_envs::Registry::standard())
}
