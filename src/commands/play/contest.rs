//! A person and the rivals, on the same episodes: what is played and how it is scored.

use std::sync::Arc;

use gridworld_agents::evaluation::{EpisodeRecord, StepRecord};
use gridworld_envs::{Batch, Configured, Domain, Frames, Spec, Stream, StreamId, Task};
use gridworld_terminal::program::CliError;

use crate::replay::board::Board;
use crate::replay::episode_result::{EpisodeResult, Timing};

/// The batch from which values of T are drawn; evaluations use those up to the greatest T.
const DRAWS: u32 = u32::MAX;

/// Episode that is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Value of T, in steps.
    pub instruction: u32,
    /// The lane of an evaluation; the episode is the first in it.
    pub lane: usize,
}

/// Player of the episodes beside the person.
pub struct Rival {
    /// Name of the rival.
    pub name: String,
    /// Plays an episode, and gives its end.
    pub end: Box<dyn Fn(Episode) -> Result<EpisodeResult, CliError>>,
}

/// Score of a player so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Name of the player.
    pub name: String,
    /// End of the last episode.
    pub last: EpisodeResult,
    /// Number of episodes played.
    pub episodes: u32,
    /// Number of episodes that ended on time.
    pub on_time: u32,
    /// Number of episodes in which success was possible.
    pub feasible: u32,
    /// Sum of all rewards.
    pub reward: f32,
}

/// Episodes of a person and rivals, and their scores.
pub struct Contest {
    environment: Configured,
    values: Vec<u32>,
    seed: u64,
    rivals: Vec<Rival>,
    /// Episode that is on now.
    pub episode: Episode,
    /// End of the episode, once it is over.
    pub ended: Option<EpisodeResult>,
    batch: Box<dyn Batch>,
    record: EpisodeRecord,
    scores: Vec<Score>,
}

impl Contest {
    /// The first episode in `environment` with T among `values`, for a person and `rivals`.
    pub fn new(environment: Configured, values: Vec<u32>, seed: u64, rivals: Vec<Rival>) -> Contest {
        let episode = drawn(&values, seed, 0);
        let batch = begun(environment.task(), episode, seed);
        let record = EpisodeRecord { last: batch.observe().frames[episode.lane], ..EpisodeRecord::default() };
        let scores = Vec::new();
        Contest { environment, values, seed, rivals, episode, ended: None, batch, record, scores }
    }

    /// Gives the environment's name.
    pub fn id(&self) -> Arc<str> {
        self.environment.task().spec().id
    }

    /// Number of steps taken.
    pub fn t(&self) -> usize {
        self.record.steps()
    }

    /// Gives the name of the last action, if there was one in this episode.
    pub fn last_action(&self) -> Option<String> {
        let actions = self.environment.task().spec().actions;
        self.record.step_records.last().map(|step| actions[usize::from(step.action)].clone())
    }

    /// Gives the board that the person sees.
    pub fn board(&self) -> Board {
        let Spec { frame: shape, frames, .. } = self.environment.task().spec();
        let mut pixels = vec![0; shape.bytes()];
        let lane = self.episode.lane;
        match frames {
            Frames::Keyed => self.batch.render(self.record.last, &mut pixels),
            // Where the episode is over, the lane shows the next one already.
            Frames::Drawn if self.ended.is_some() => self.batch.draw_last(lane, &mut pixels),
            Frames::Drawn => self.batch.draw(lane, &mut pixels),
        }
        Board::read(self.environment.description().drawing, shape, &pixels)
    }

    /// Gives the scores of all players: the person first; nothing before an episode has ended.
    pub fn score(&self) -> Vec<Score> {
        self.scores.clone()
    }

    /// Takes the action of this number, from 0, unless the episode is over or there is none.
    pub fn act_by_number(&mut self, number: usize) -> Result<(), CliError> {
        let actions = self.environment.task().spec().actions;
        actions.get(number).map_or(Ok(()), |name| self.act(name))
    }

    /// Takes the action `name`, unless the episode is over or has no such action.
    pub fn act(&mut self, name: &str) -> Result<(), CliError> {
        let Some(action) = self.environment.task().spec().actions.iter().position(|action| action == name) else {
            return Ok(());
        };
        if self.ended.is_some() {
            return Ok(());
        }
        let (lane, action) = (self.episode.lane, action as u8);
        let instruction = self.batch.observe().instructions[lane];
        // The lanes before ours are there because a batch has them; what happens in them is nothing to us.
        let transitions = self.batch.step(&vec![action; lane + 1]);
        let (reward, outcome, info) = (transitions.rewards[lane], transitions.outcomes[lane], transitions.infos[lane]);
        let frame = std::mem::replace(&mut self.record.last, transitions.finals.frames[lane]);
        self.record.step_records.push(StepRecord {
            frame,
            instruction,
            activations: None,
            action,
            reward,
            outcome,
            info,
        });
        if outcome.ends() { self.settle() } else { Ok(()) }
    }

    /// Lets the rivals play, and counts the scores.
    fn settle(&mut self) -> Result<(), CliError> {
        let own = EpisodeResult::of(&self.record, self.episode.instruction);
        self.ended = Some(own);
        let person = std::iter::once(Ok(("you", own)));
        let rivals = self.rivals.iter().map(|rival| Ok((rival.name.as_str(), (rival.end)(self.episode)?)));
        let endings = person.chain(rivals).collect::<Result<Vec<_>, CliError>>()?;
        for (index, (name, ending)) in endings.into_iter().enumerate() {
            let none = Score { name: name.to_owned(), last: ending, episodes: 0, on_time: 0, feasible: 0, reward: 0.0 };
            if self.scores.len() == index {
                self.scores.push(none);
            }
            let score = &mut self.scores[index];
            score.last = ending;
            score.episodes += 1;
            score.on_time += u32::from(ending.timing == Timing::OnTime);
            score.feasible += u32::from(ending.note().is_none());
            score.reward += ending.reward();
        }
        Ok(())
    }

    /// Begins the next episode, if this one is over.
    pub fn next(&mut self) {
        if self.ended.take().is_none() {
            return;
        }
        self.episode = drawn(&self.values, self.seed, self.episode.lane + 1);
        self.batch = begun(self.environment.task(), self.episode, self.seed);
        self.record =
            EpisodeRecord { last: self.batch.observe().frames[self.episode.lane], ..EpisodeRecord::default() };
    }
}

/// The episode in `lane`, with a T drawn from `values`.
fn drawn(values: &[u32], seed: u64, lane: usize) -> Episode {
    let id = StreamId { seed, domain: Domain::Evaluation, index: DRAWS };
    let draw = Stream::new(id, lane as u32, 0).below(values.len() as u32);
    Episode { instruction: values[draw as usize], lane }
}

/// A batch whose last lane is at the start of `episode`.
fn begun(task: &dyn Task, episode: Episode, seed: u64) -> Box<dyn Batch> {
    let stream = StreamId { seed, domain: Domain::Evaluation, index: episode.instruction };
    task.with_instruction(episode.instruction).batch(episode.lane + 1, stream)
}
