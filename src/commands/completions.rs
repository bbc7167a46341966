//! `gridworld completions`: what a shell needs to complete commands, flags and names.

use clap::{Arg, Args, Command, ValueHint};
use clap_complete::Shell;
use gridworld_terminal::output;
use gridworld_terminal::program::CliError;

use crate::options::arguments::is_free;

/// Arguments of `completions`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Shell to write the script for
    shell: Shell,
}

const EXAMPLES: &str = "Examples:
  gridworld completions bash > ~/.gridworld.bash
  gridworld completions zsh > ~/.zfunc/_gridworld
  gridworld completions fish > ~/.config/fish/completions/gridworld.fish

In bash, add `source ~/.gridworld.bash` to ~/.bashrc. In zsh, add the folder to fpath before compinit, in ~/.zshrc: \
fpath+=~/.zfunc; autoload -Uz compinit && compinit.";

/// Prints the shell's script for `command`, the whole program.
pub fn run(arguments: &Arguments, command: Command) -> Result<(), CliError> {
    let mut script = Vec::new();
    let mut command = hinted(command);
    clap_complete::generate(arguments.shell, &mut command, "gridworld", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}

/// The command with a hint for every value: bash takes the names of files apart at their blanks unless it is told that
/// they are files, and offers files for numbers unless it is told that they are not.
fn hinted(command: Command) -> Command {
    let hinted = |argument: Arg| match argument.get_value_hint() {
        ValueHint::AnyPath => argument.value_hint(ValueHint::FilePath),
        ValueHint::Unknown if is_free(&argument) => argument.value_hint(ValueHint::Other),
        _ => argument,
    };
    command.mut_args(hinted).mut_subcommands(self::hinted)
}
