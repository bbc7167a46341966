//! State of the viewer, and its changes by keys and time: no terminal here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gridworld_envs::Description;
use gridworld_records::visible;
use gridworld_terminal::output::numbers::grouped;
use ratatui::crossterm::event::KeyCode;

use super::keys::{Command, command};
use crate::replay::renderer::{Choice, LONGEST, Replay};
use crate::run::player::MOST_LANES;

/// Steps per second among which speeds are chosen.
const SPEEDS: [u32; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
/// Number of digits of the greatest T.
const DIGITS: usize = LONGEST.ilog10() as usize + 1;

/// Requests of the viewer to the source of the episodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// No request at all.
    Nothing,
    /// End of the viewer.
    Quit,
    /// Request for another episode.
    Show(Choice),
}

/// Motion of the episode by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The episode plays.
    Playing,
    /// The episode is paused.
    Paused,
}

/// An episode, and the step that is shown.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Film that is shown.
    pub replay: Replay,
    /// Name of the time that the task judges.
    pub timing: &'static str,
    /// True if the environment has flashes.
    pub flashes: bool,
    /// Number of steps taken.
    pub t: usize,
    /// Motion of the episode by time.
    pub pace: Pace,
    /// Digits of a T that is being typed.
    pub entry: String,
    /// Message to the person, if there is one.
    pub message: Option<String>,
    /// True if the keys are explained.
    pub help: bool,
    speed: usize,
    /// Time that has passed since the last step.
    since: Duration,
    /// The checkpoint that was there at first; it takes part in the choice.
    first: PathBuf,
}

impl Viewer {
    /// Plays `replay` from its beginning, at 4 steps a second.
    pub fn new(replay: Replay, environment: &Description) -> Viewer {
        Viewer {
            first: replay.choice.checkpoint.clone(),
            replay,
            timing: environment.timing,
            flashes: environment.drawing.is_some_and(|drawing| drawing.flash.is_some()),
            t: 0,
            pace: Pace::Playing,
            entry: String::new(),
            message: None,
            help: false,
            speed: 2,
            since: Duration::ZERO,
        }
    }

    /// Plays another episode from its beginning.
    pub fn show(&mut self, replay: Replay) {
        self.replay = replay;
        (self.t, self.since, self.message) = (0, Duration::ZERO, None);
    }

    /// Tells something, until the next key.
    pub fn tell(&mut self, message: String) {
        self.message = Some(visible(&message).into_owned());
    }

    /// Number of steps of the episode.
    pub fn steps(&self) -> usize {
        self.replay.record.steps()
    }

    /// Tells if the episode is over.
    pub fn is_over(&self) -> bool {
        self.t >= self.steps()
    }

    /// Gives the speed in steps per second.
    pub fn speed(&self) -> u32 {
        SPEEDS[self.speed]
    }

    fn period(&self) -> Duration {
        Duration::from_secs(1) / self.speed()
    }

    /// Gives the time until the next step is due, if one is.
    pub fn patience(&self) -> Option<Duration> {
        let moves = self.pace == Pace::Playing && !self.is_over();
        moves.then(|| self.period().saturating_sub(self.since))
    }

    /// Lets time pass: the episode moves on if it plays, and stops at its end.
    pub fn pass(&mut self, time: Duration) {
        if self.pace == Pace::Paused || self.is_over() {
            self.since = Duration::ZERO;
            return;
        }
        self.since += time;
        while self.since >= self.period() && !self.is_over() {
            self.since -= self.period();
            self.t += 1;
        }
    }

    /// Changes the viewer by a key.
    pub fn press(&mut self, key: KeyCode) -> Request {
        self.message = None;
        match key {
            KeyCode::Char(digit) if digit.is_ascii_digit() => {
                if self.entry.len() < DIGITS {
                    self.entry.push(digit);
                }
                return Request::Nothing;
            }
            KeyCode::Backspace => {
                self.entry.pop();
                return Request::Nothing;
            }
            KeyCode::Enter => return self.enter(),
            KeyCode::Esc if !self.entry.is_empty() => {
                self.entry.clear();
                return Request::Nothing;
            }
            KeyCode::Esc if self.help => {
                self.help = false;
                return Request::Nothing;
            }
            _ => self.entry.clear(),
        }
        match (command(key), key) {
            (Some(command), _) => self.obey(command),
            (None, KeyCode::Char(letter)) => {
                self.tell(format!("{letter} is not a key here; ? shows the keys"));
                Request::Nothing
            }
            (None, _) => Request::Nothing,
        }
    }

    /// Takes the T that was typed, and asks for its episode.
    fn enter(&mut self) -> Request {
        match std::mem::take(&mut self.entry).parse() {
            Ok(instruction) => self.with_instruction(instruction),
            Err(_) => Request::Nothing,
        }
    }

    fn obey(&mut self, command: Command) -> Request {
        let Choice { instruction, episode, .. } = self.replay.choice;
        match command {
            Command::Toggle if self.is_over() => (self.t, self.pace) = (0, Pace::Playing),
            Command::Toggle => {
                self.pace = match self.pace {
                    Pace::Playing => Pace::Paused,
                    Pace::Paused => Pace::Playing,
                }
            }
            Command::Forward => self.go(self.t + 1),
            Command::Back => self.go(self.t.saturating_sub(1)),
            Command::Again => (self.t, self.since) = (0, Duration::ZERO),
            Command::End => self.go(self.steps()),
            Command::Faster => self.speed = (self.speed + 1).min(SPEEDS.len() - 1),
            Command::Slower => self.speed = self.speed.saturating_sub(1),
            Command::Next => return self.with_episode((episode + 1) % MOST_LANES),
            Command::Previous => return self.with_episode((episode + MOST_LANES - 1) % MOST_LANES),
            Command::Longer => return self.with_instruction(instruction + 1),
            Command::Shorter => return self.with_instruction(instruction - 1),
            Command::Checkpoint => return self.other_checkpoint(),
            Command::Help => self.help = !self.help,
            Command::Quit => return Request::Quit,
        }
        Request::Nothing
    }

    fn go(&mut self, t: usize) {
        (self.t, self.pace, self.since) = (t.min(self.steps()), Pace::Paused, Duration::ZERO);
    }

    fn with_episode(&mut self, episode: usize) -> Request {
        Request::Show(Choice { episode, ..self.replay.choice.clone() })
    }

    fn with_instruction(&mut self, instruction: u32) -> Request {
        if (1..=LONGEST).contains(&instruction) {
            return Request::Show(Choice { instruction, ..self.replay.choice.clone() });
        }
        self.tell(format!("T must be between 1 and {}", grouped(u64::from(LONGEST))));
        Request::Nothing
    }

    /// The next of: best, last, and the file that was named, if one was.
    fn other_checkpoint(&mut self) -> Request {
        if self.replay.record.step_records.iter().all(|step| step.activations.is_none()) {
            self.tell("this agent has no checkpoints: it does not learn".to_owned());
            return Request::Nothing;
        }
        let mut choices = vec![Path::new("best"), Path::new("last")];
        if !choices.contains(&self.first.as_path()) {
            choices.push(&self.first);
        }
        let now = choices.iter().position(|choice| *choice == self.replay.choice.checkpoint).unwrap_or(0);
        let checkpoint = choices[(now + 1) % choices.len()].to_owned();
        Request::Show(Choice { checkpoint, ..self.replay.choice.clone() })
    }
}
