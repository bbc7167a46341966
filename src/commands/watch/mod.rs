//! `gridworld watch`: an agent at work, step by step.

mod document;
mod keys;
mod panels;
mod replay;
mod screen;
#[cfg(test)]
mod tests;
mod viewer;

use std::ffi::OsStr;
use std::time::Duration;

use clap::Args;
use gridworld_envs::{Instructions, Registry};
use gridworld_terminal::full_screen::{self, Flow, Program};
use gridworld_terminal::program::{CliError, message, shell};
use gridworld_terminal::{Palette, output};
use ratatui::Frame;
use ratatui::crossterm::event::KeyCode;

use crate::options::player::PlayerArguments;
use crate::replay::renderer::{Choice, Renderer, Replay};
use crate::run::player::MOST_LANES;
use viewer::{Request, Viewer};

/// Arguments of `watch`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    player: PlayerArguments,
    /// Values of T to watch; in a terminal only one, which keys change
    #[arg(long = "T", value_name = "LIST", default_value = "12", allow_hyphen_values = true)]
    instructions: Instructions,
    /// Episodes per T, in text and JSON output
    #[arg(long, value_name = "N", value_parser = episodes, default_value_t = 1)]
    episodes: usize,
    /// Print text, which is the default when standard output is not a terminal
    #[arg(long)]
    text: bool,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld watch runs/TimedArrival-v1__lstm-nau__seed1__20261123-120000 --T 15
  gridworld watch runs/mine --T 19 --checkpoint last
  gridworld watch oracle --env IntervalReproduction-v1 --T 6
  gridworld watch runs/mine --T 12,15 --episodes 3 --text | less
  gridworld watch runs/mine --T 12 --json

Keys: space play or pause, → and ← one step, + and - speed, n and p next or previous episode, ↑ and ↓ T (or type it \
and press Enter), c checkpoint, r restart, e skip to end, ? help, q quit. Episode k is the first episode of lane k − 1 \
in gridworld evaluate with the same seed and T. NO_COLOR=1 turns colours off.";

/// Parses a number of episodes: as many as an evaluation has lanes, so that each is the first in one.
fn episodes(text: &str) -> Result<usize, String> {
    match crate::options::arguments::count(text)? {
        count if count <= MOST_LANES => Ok(count),
        _ => Err(format!("must be at most {MOST_LANES}")),
    }
}

/// Runs the command `watch`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let takes_over = !arguments.json && !arguments.text && full_screen::is_there();
    if takes_over {
        check_single(&arguments.instructions, arguments.episodes)?;
    }
    let renderer = Renderer::new(arguments.player.find(registry)?, &arguments.player.checkpoint);
    let values = arguments.instructions.values();
    if !takes_over {
        let replays = values.iter().map(|&value| renderer.replays(value, 0, arguments.episodes));
        if arguments.json {
            let replays = replays.collect::<Result<Vec<_>, CliError>>()?.concat();
            return output::print_json(&document::document(&renderer, &replays));
        }
        replay::print(&renderer, replays)?;
        message::suggest(&next(arguments));
        return Ok(());
    }
    let replay = first(renderer.replays(values[0], 0, 1)?)?;
    let viewer = Viewer::new(replay, renderer.player().environment.description());
    full_screen::run(&mut Watch { viewer, renderer, palette: Palette::detect() })?;
    message::suggest(&next(arguments));
    Ok(())
}

/// The command that keeps what was watched.
fn next(arguments: &Arguments) -> String {
    let PlayerArguments { run, environment, .. } = &arguments.player;
    let values = arguments.instructions.to_string();
    let environment = environment.env.iter().flat_map(|env| ["--env", env]).map(OsStr::new);
    let words = ["record".as_ref(), run.as_os_str()].into_iter().chain(environment);
    shell::command_here(words.chain(["--T", &values, "--out", "episode.gif"].map(OsStr::new)))
}

/// A terminal shows one episode of one T at a time: more are refused rather than forgotten.
fn check_single(instructions: &Instructions, episodes: usize) -> Result<(), CliError> {
    if episodes > 1 {
        return Err(CliError::usage(format!(
            "--episodes {episodes}: a terminal shows one episode at a time, and the keys n and p choose it; drop the \
             flag, or add --text"
        )));
    }
    if instructions.values().len() > 1 {
        return Err(CliError::usage(format!(
            "--T {instructions}: a terminal shows one T at a time, and the keys ↑ and ↓ change it; give one, or add \
             --text"
        )));
    }
    Ok(())
}

/// Gives the only reel of a list.
fn first(replays: Vec<Replay>) -> Result<Replay, CliError> {
    replays.into_iter().next().ok_or_else(|| CliError::failed("no episode was played"))
}

/// Viewer with the source of the episodes that it asks for.
struct Watch {
    viewer: Viewer,
    renderer: Renderer,
    palette: Palette,
}

impl Program for Watch {
    fn press(&mut self, key: KeyCode) -> Result<Flow, CliError> {
        match self.viewer.press(key) {
            Request::Nothing => {}
            Request::Quit => return Ok(Flow::Over),
            Request::Show(choice) => self.show(choice)?,
        }
        Ok(Flow::On)
    }

    fn pass(&mut self, time: Duration) {
        self.viewer.pass(time);
    }

    fn patience(&self) -> Option<Duration> {
        self.viewer.patience()
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        screen::draw(&self.viewer, self.palette, frame);
    }
}

impl Watch {
    /// Shows another episode. A checkpoint that cannot be read is reported, and the episode shown stays.
    fn show(&mut self, choice: Choice) -> Result<(), CliError> {
        match self.renderer.load(choice.checkpoint) {
            Ok(()) => self.viewer.show(first(self.renderer.replays(choice.instruction, choice.episode, 1)?)?),
            Err(CliError::Usage(message) | CliError::Failed(message)) => self.viewer.tell(message),
            Err(failure) => return Err(failure),
        }
        Ok(())
    }
}
