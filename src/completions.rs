//! `gridworld completions`: what a shell needs to complete commands, flags and names.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::Failure;
use crate::output;

/// What `completions` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

const EXAMPLES: &str = "Examples:
  gridworld completions bash > ~/.gridworld.bash
  gridworld completions zsh > ~/.zfunc/_gridworld
  gridworld completions fish > ~/.config/fish/completions/gridworld.fish

bash reads the file with `source ~/.gridworld.bash` in ~/.bashrc; zsh needs the folder in its fpath \
before compinit, in ~/.zshrc: fpath+=~/.zfunc; autoload -Uz compinit && compinit.";

/// Prints the shell's script for `command`, the whole program.
pub fn run(arguments: &Arguments, mut command: Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "gridworld", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
