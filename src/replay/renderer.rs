//! Recorded episodes with what is needed to show them: boards, and names of counters and units.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use gridworld_agents::evaluation::{Activations, EpisodeRecord, Picture};
use gridworld_envs::{Batch, Domain, FrameShape, StreamId, Task};
use gridworld_terminal::bars::range;
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::CliError;
use gridworld_terminal::program::message::shown;

use crate::replay::board::Board;
use crate::replay::episode_result::EpisodeResult;
use crate::run::accumulators::counter_words;
use crate::run::player::Player;

/// Greatest T of an episode that is kept step by step: a thousand numbers are kept for each step.
pub const LONGEST: u32 = 10_000;

/// Choice of an episode: T, episode and checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Value of T, in steps.
    pub instruction: u32,
    /// Number of the episode, from 0: the lane of an evaluation, of which it is the first.
    pub episode: usize,
    /// Checkpoint that plays: `last`, `best` or a file.
    pub checkpoint: PathBuf,
}

/// An episode, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// Choice that the episode was made for.
    pub choice: Choice,
    /// Steps of the episode.
    pub record: EpisodeRecord,
    /// Boards after 0, 1, 2, … steps.
    pub boards: Vec<Arc<Board>>,
    /// End of the episode.
    pub ending: EpisodeResult,
    /// Names of the actions.
    pub actions: Arc<[String]>,
    /// The step that would have been on time, where that can be known.
    pub due: Option<usize>,
    /// Steps after which it would have been cut short.
    pub time_limit: Option<u32>,
    /// Names of the accumulators.
    pub counters: Vec<String>,
    /// The core, if there is one.
    pub core: &'static str,
    /// Its units, those that move most first.
    pub busiest: Vec<usize>,
    /// Name of the player.
    pub agent: String,
    /// Origin of the agent, and its choice of actions.
    pub origin: String,
}

impl Replay {
    /// The board after `t` steps; beyond the end it is the last one.
    pub fn board(&self, t: usize) -> &Board {
        self.boards.get(t).or(self.boards.last()).expect("an episode shows something")
    }

    /// Gives the network's state at time `t`; at the end it is the last step's.
    pub fn activations(&self, t: usize) -> Option<&Activations> {
        let step = self.record.step_records.get(t).or(self.record.step_records.last())?;
        step.activations.as_ref()
    }

    /// Gives the network's states up to time `t`.
    pub fn activations_until(&self, t: usize) -> impl Iterator<Item = &Activations> {
        self.record.step_records.iter().take(t + 1).filter_map(|step| step.activations.as_ref())
    }
}

/// The step at which the time that the task judges would have been T. A task counts it from where it
/// likes; how far the two are apart is seen where the time is known.
fn due(record: &EpisodeRecord, instruction: u32) -> Option<usize> {
    let apart = i64::from(instruction) - i64::from(record.info().timing?);
    usize::try_from(record.steps() as i64 + apart).ok()
}

/// Units by the width of the range of what they do over the episode, the widest first.
pub fn busiest(record: &EpisodeRecord, of: impl Fn(&Activations) -> &[f32]) -> Vec<usize> {
    let activations: Vec<&[f32]> =
        record.step_records.iter().filter_map(|step| step.activations.as_ref()).map(of).collect();
    let count = activations.first().map_or(0, |values| values.len());
    let width = |unit: usize| {
        let (low, high) = range(activations.iter().map(|values| values[unit]));
        high - low
    };
    let mut units: Vec<(usize, f32)> = (0..count).map(|unit| (unit, width(unit))).collect();
    units.sort_by(|a, b| b.1.total_cmp(&a.1));
    units.into_iter().map(|(unit, _)| unit).collect()
}

/// Makes reels of one subject, whose checkpoint can be changed.
pub struct Renderer {
    player: Player,
    /// Checkpoint that plays, as it was named.
    checkpoint: PathBuf,
    counters: Vec<String>,
    /// Draws the images of every episode.
    painter: Box<dyn Batch>,
    boards: RefCell<HashMap<Picture, Arc<Board>>>,
}

impl Renderer {
    /// A projector for `player`, whose checkpoint was named `checkpoint`.
    pub fn new(player: Player, checkpoint: impl Into<PathBuf>) -> Renderer {
        let painter = painter(player.environment.task());
        let counters = counters(&player);
        Renderer { player, checkpoint: checkpoint.into(), counters, painter, boards: RefCell::default() }
    }

    /// Gives the player.
    pub fn player(&self) -> &Player {
        &self.player
    }

    /// Gives the names of the actions.
    pub fn actions(&self) -> Arc<[String]> {
        self.task().spec().actions
    }

    /// Gives the size of the images.
    pub fn shape(&self) -> FrameShape {
        self.task().spec().frame
    }

    fn task(&self) -> &dyn Task {
        self.player.environment.task()
    }

    /// Draws an image.
    pub fn render(&self, picture: &Picture, pixels: &mut [u8]) {
        picture.draw(&*self.painter, pixels);
    }

    /// Takes another checkpoint of the same run, if it can be had.
    pub fn load(&mut self, checkpoint: PathBuf) -> Result<(), CliError> {
        if let Some(trained) = self.player.trained.as_ref().filter(|_| self.checkpoint != checkpoint) {
            self.player.trained = Some(trained.at(&checkpoint)?);
            self.counters = counters(&self.player);
            self.checkpoint = checkpoint;
        }
        Ok(())
    }

    /// Records `count` episodes with T = `instruction`, from episode `first` on.
    pub fn replays(&self, instruction: u32, first: usize, count: usize) -> Result<Vec<Replay>, CliError> {
        if instruction > LONGEST {
            let [value, most] = [instruction, LONGEST].map(|steps| grouped(u64::from(steps)));
            return Err(CliError::usage(format!(
                "T = {value} is too large for an episode that is kept step by step: at most {most}; evaluate takes more"
            )));
        }
        let record_episodes = self.player.record_episodes(instruction, first..first + count)?;
        Ok(record_episodes
            .into_iter()
            .zip(first..)
            .map(|(record, episode)| self.replay(instruction, episode, record))
            .collect())
    }

    fn replay(&self, instruction: u32, episode: usize, record: EpisodeRecord) -> Replay {
        let Player { agent, environment, policy, seed, trained, .. } = &self.player;
        let from = trained.as_ref().map_or(String::new(), |trained| {
            format!("{} at step {}, {}, ", shown(&trained.checkpoint), grouped(trained.steps), policy.word())
        });
        Replay {
            choice: Choice { instruction, episode, checkpoint: self.checkpoint.clone() },
            boards: (0..=record.steps()).map(|t| self.board(record.picture(t))).collect(),
            ending: EpisodeResult::of(&record, instruction),
            actions: self.actions(),
            due: due(&record, instruction)
                .or(environment.description().tells_instruction.then_some(instruction as usize)),
            time_limit: self.task().with_instruction(instruction).time_limit(),
            counters: self.counters.clone(),
            core: trained.as_ref().map_or("", |trained| trained.config.config.model.core.about().title),
            busiest: busiest(&record, |activations| &activations.h),
            agent: format!("{agent} on {}", environment.id()),
            origin: format!("{from}seed {seed}"),
            record,
        }
    }

    fn board(&self, picture: Picture) -> Arc<Board> {
        let read = |picture: &Picture| {
            let mut pixels = vec![0; self.shape().bytes()];
            self.render(picture, &mut pixels);
            Arc::new(Board::read(self.player.environment.description().drawing, self.shape(), &pixels))
        };
        Arc::clone(self.boards.borrow_mut().entry(picture).or_insert_with_key(read))
    }
}

/// Something that draws images of `task`: any batch of it does.
pub fn painter(task: &dyn Task) -> Box<dyn Batch> {
    task.batch(1, StreamId { seed: 0, domain: Domain::Evaluation, index: 0 })
}

/// Gives the name of each accumulator: its content in words, if that can be said, and else its number.
fn counters(player: &Player) -> Vec<String> {
    let words = player.trained.as_ref().map_or(Vec::new(), counter_words);
    let name = |(index, words): (usize, Option<String>)| words.unwrap_or_else(|| unnamed(index));
    words.into_iter().enumerate().map(name).collect()
}

/// Names an accumulator by its number alone.
pub fn unnamed(index: usize) -> String {
    format!("n{index}")
}
