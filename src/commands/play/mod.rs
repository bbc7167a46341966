//! `gridworld play`: the task, played by a person.

mod contest;
mod screen;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::{Args, ValueHint};
use gridworld_agents::AgentName;
use gridworld_envs::{Description, Instructions, Registry};
use ratatui::Frame;
use ratatui::crossterm::event::KeyCode;

use crate::options::arguments::{seed, whole};
use crate::options::device::DeviceChoice;
use crate::options::player::{EnvironmentArguments, PlayerArguments};
use crate::replay::episode_result::EpisodeResult;
use crate::run::player::{MOST_LANES, Player, PolicyChoice};
use contest::{Contest, Episode, Rival};
use gridworld_terminal::full_screen::{self, Flow, Program};
use gridworld_terminal::program::{CliError, message, shell};
use gridworld_terminal::{Palette, output};

/// Arguments of `play`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Values of T, of which each episode draws one
    #[arg(long = "T", value_name = "LIST", default_value = Instructions::PAPER, allow_hyphen_values = true)]
    instructions: Instructions,
    /// Run whose agent plays the same episodes
    #[arg(long, value_name = "RUN", value_hint = ValueHint::DirPath)]
    against: Option<PathBuf>,
    /// Checkpoint of that run: last, best, or a file
    #[arg(long, value_name = "last|best|FILE", default_value = "best", requires = "against")]
    checkpoint: PathBuf,
    /// Show the number of steps taken, which makes it easy
    #[arg(long)]
    show_clock: bool,
    /// Number of episodes to play [default: until you quit]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(1..=MOST_LANES as u64))]
    episodes: Option<u32>,
    /// Random seed of the episodes [default: a different one each time]
    #[arg(long, value_name = "N", value_parser = seed)]
    seed: Option<u64>,
    #[command(flatten)]
    environment: EnvironmentArguments,
}

const EXAMPLES: &str = "Examples:
  gridworld play
  gridworld play --T 15..25 --against runs/mine
  gridworld play --show-clock --T 8
  gridworld play --env IntervalReproduction-v1 --episodes 10

Keys: arrows, hjkl or wasd move, space or . waits (passes), 1 to 9 take the environment's actions by number, Enter \
starts the next episode, ? shows the keys, q quits and prints the score. Step onto X for the first time at exactly \
step T. Every move takes one step, waiting too, and nobody counts them for you.";

/// Runs the command `play`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    if !full_screen::is_there() {
        return Err(CliError::usage("play needs a terminal, for your keys and the board"));
    }
    let seed = arguments.seed.unwrap_or_else(drawn_seed);
    let agent =
        arguments.against.as_deref().map(|run| opponent(arguments, run.to_owned(), seed, registry)).transpose()?;
    let environment = match &agent {
        Some(agent) => agent.environment.clone(),
        None => arguments.environment.configure(registry)?,
    };
    let oracle = Player::bounds(&environment, seed).into_iter().filter(|player| player.agent == AgentName::Oracle);
    let subjects = oracle.chain(agent);
    let rivals = subjects.map(|player| rival(player, seed)).collect();
    let contest = Contest::new(environment.clone(), arguments.instructions.values().to_vec(), seed, rivals);
    let &Description { tells_instruction: told, timing, summary, .. } = environment.description();
    let looks =
        screen::Looks { clock: arguments.show_clock, told, timing, summary, help: false, palette: Palette::detect() };
    let mut play = Play { contest, looks, most: arguments.episodes };
    let ended = full_screen::run(&mut play);
    let score = play.contest.score();
    if score.is_empty() {
        return ended;
    }
    // Where the terminal is gone, that is the reason and not the score that nobody can be shown.
    let printed =
        output::print(&(screen::table(&score) + &format!("\nto play the same episodes again, add --seed {seed}\n")));
    ended.and(printed)?;
    let player = arguments.against.as_deref().unwrap_or(Path::new(AgentName::Oracle.as_str()));
    message::suggest(&shell::command_here(["watch".as_ref(), player.as_os_str()]));
    Ok(())
}

/// A seed from the clock: the same episodes again would be learnt by heart.
fn drawn_seed() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Loads the agent of a run.
fn opponent(arguments: &Arguments, run: PathBuf, seed: u64, registry: &Registry) -> Result<Player, CliError> {
    let Arguments { checkpoint, environment, .. } = arguments;
    let player = PlayerArguments {
        run,
        policy: PolicyChoice::Greedy,
        checkpoint: checkpoint.clone(),
        seed,
        environment: environment.clone(),
        device: DeviceChoice::Cpu,
    };
    player.find(registry).map_err(|failure| failure.about("--against"))
}

/// A subject as a rival, who plays an episode when it is asked to.
fn rival(player: Player, seed: u64) -> Rival {
    debug_assert_eq!(player.seed, seed);
    let name = player.agent.to_string();
    let end = move |Episode { instruction, lane }: Episode| {
        let record_episodes = player.record_episodes(instruction, lane..lane + 1)?;
        Ok(EpisodeResult::of(&record_episodes[0], instruction))
    };
    Rival { name, end: Box::new(end) }
}

struct Play {
    contest: Contest,
    looks: screen::Looks,
    most: Option<u32>,
}

impl Program for Play {
    fn press(&mut self, key: KeyCode) -> Result<Flow, CliError> {
        let action = match key {
            KeyCode::Char('q') | KeyCode::Esc => return Ok(Flow::Over),
            KeyCode::Enter | KeyCode::Char('n') => return Ok(self.next()),
            KeyCode::Up | KeyCode::Char('k' | 'w') => "up",
            KeyCode::Down | KeyCode::Char('j' | 's') => "down",
            KeyCode::Left | KeyCode::Char('h' | 'a') => "left",
            KeyCode::Right | KeyCode::Char('l' | 'd') => "right",
            KeyCode::Char(' ' | '.') => "pass",
            KeyCode::Char(digit @ '1'..='9') => {
                self.contest.act_by_number(digit as usize - '1' as usize)?;
                return Ok(Flow::On);
            }
            KeyCode::Char('?') | KeyCode::F(1) => {
                self.looks.help = !self.looks.help;
                return Ok(Flow::On);
            }
            _ => return Ok(Flow::On),
        };
        self.contest.act(action)?;
        Ok(Flow::On)
    }

    fn pass(&mut self, _time: Duration) {}

    fn patience(&self) -> Option<Duration> {
        // Every key is a step, and nothing else is.
        None
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        screen::draw(&self.contest, self.looks, frame);
    }
}

impl Play {
    /// The next episode, if this one is over and there is to be another.
    fn next(&mut self) -> Flow {
        let played = self.contest.score().first().map_or(0, |score| score.episodes);
        let most = self.most.unwrap_or(MOST_LANES as u32);
        if self.contest.ended.is_some() && played >= most {
            return Flow::Over;
        }
        self.contest.next();
        Flow::On
    }
}
