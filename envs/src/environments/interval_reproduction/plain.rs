//! One environment of interval reproduction.
//!
//! There is no batch of its own beside it, as timed arrival has: with [`BatchOf`](crate::BatchOf) it is a
//! hundred times as fast as anything that learns from it.

use crate::board::{ACTIONS, CELLS, Placement, destination, outcome};
use crate::environment::{Environment, EpisodeInfo, FrameKey, Observation, Outcome, RestoreError, Spec, Step};
use crate::stream::Stream;

use super::config::IntervalReproductionTask;
use super::frames::{frame_key, render};
use super::rules::{Interval, Start};
use super::spec::{ID, spec};

/// Interval reproduction.
#[derive(Clone, Debug)]
pub struct IntervalReproduction {
    task: IntervalReproductionTask,
    /// Episode that is played; none until the first reset.
    episode: Option<Episode>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Episode {
    placement: Placement,
    interval: Interval,
    feasible: bool,
    /// Steps taken in the episode.
    t: u32,
    outcome: Outcome,
}

impl IntervalReproduction {
    pub(super) fn new(task: IntervalReproductionTask) -> IntervalReproduction {
        IntervalReproduction { task, episode: None }
    }

    /// Begins an episode with the agent and the target on these cells, numbered row by row from the
    /// upper left one (0) to the lower right one (24), whose first flash comes after `wait` steps and
    /// whose second one `interval` steps later.
    ///
    /// # Panics
    /// If the cells are the same or not on the board, the task has no such interval, or the wait is
    /// not from 1 to [`MAX_WAIT`](IntervalReproductionTask::MAX_WAIT).
    pub fn begin(&mut self, agent: u8, target: u8, interval: u32, wait: u32) -> Observation {
        let placement = Placement::checked(agent, target);
        assert!(self.task.intervals().contains(&interval), "an interval of {interval} is not in the task");
        let most = IntervalReproductionTask::MAX_WAIT;
        assert!((1..=most).contains(&wait), "a wait of {wait}: from 1 to {most}");
        self.start(Start { placement, interval: Interval { wait, length: interval } })
    }

    /// Begins an episode with this start.
    pub(super) fn start(&mut self, start: Start) -> Observation {
        let feasible = start.feasible(self.task.tolerance(), self.task.time_limit());
        let Start { placement, interval } = start;
        self.episode.insert(Episode { placement, interval, feasible, t: 0, outcome: Outcome::Running }).observe()
    }
}

impl Episode {
    fn observe(&self) -> Observation {
        Observation { frame: frame_key(self.placement, self.interval.light(self.t)), instruction: 0.0 }
    }
}

impl Environment for IntervalReproduction {
    fn spec(&self) -> Spec {
        spec()
    }

    fn reset(&mut self, stream: &mut Stream) -> Observation {
        self.start(Start::draw(stream, self.task.intervals(), &self.task.holdout))
    }

    fn step(&mut self, action: usize) -> Step {
        assert!(action < ACTIONS.len(), "action {action}: there are {}", ACTIONS.len());
        let episode = self.episode.as_mut().expect("an episode begins with a reset");
        assert!(!episode.outcome.ends(), "the episode has ended: reset it");
        episode.t += 1;
        episode.placement.agent = destination(episode.placement.agent, action as u8);
        episode.outcome = outcome(episode.placement.is_arrival(), episode.t, self.task.time_limit());
        let reward = match episode.outcome {
            Outcome::Terminated => self.task.reward().of_arrival(episode.interval.difference(episode.t)).max(0.0),
            Outcome::Running | Outcome::Truncated => 0.0,
        };
        Step { observation: episode.observe(), reward, outcome: episode.outcome }
    }

    fn info(&self) -> EpisodeInfo {
        self.episode.map_or(EpisodeInfo::default(), |Episode { interval, feasible, t, outcome, .. }| {
            let arrived = outcome == Outcome::Terminated;
            EpisodeInfo {
                success: arrived && interval.difference(t) <= self.task.tolerance(),
                feasible,
                timing: arrived.then(|| interval.response(t)),
            }
        })
    }

    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        render(frame, pixels);
    }

    /// Gives no word before the first reset, and seven afterwards.
    fn save(&self) -> Vec<u64> {
        self.episode.map_or(Vec::new(), |Episode { placement, interval, feasible, t, outcome }| {
            let (agent, target) = (placement.agent.into(), placement.target.into());
            let (wait, length) = (interval.wait.into(), interval.length.into());
            vec![agent, target, length, wait, feasible.into(), t.into(), outcome.word()]
        })
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let refuse = |reason: String| RestoreError { environment: ID.to_owned(), reason };
        self.episode = match words {
            [] => None,
            words => Some(self.read(words).map_err(refuse)?),
        };
        Ok(())
    }
}

impl IntervalReproduction {
    /// The episode that these words were saved from.
    fn read(&self, words: &[u64]) -> Result<Episode, String> {
        let &[agent, target, length, wait, feasible, t, outcome] = words else {
            return Err(format!("{} words in place of 7", words.len()));
        };
        let cells = u64::from(CELLS);
        if agent >= cells || target >= cells || feasible > 1 {
            return Err(format!("agent on cell {agent}, target on cell {target}, feasible {feasible}"));
        }
        let known = self.task.intervals().iter().any(|&known| u64::from(known) == length);
        if !known
            || !(1..=u64::from(IntervalReproductionTask::MAX_WAIT)).contains(&wait)
            || t > u64::from(self.task.time_limit())
        {
            return Err(format!("step {t} of an episode with T = {length} after a wait of {wait}"));
        }
        Ok(Episode {
            placement: Placement { agent: agent as u8, target: target as u8 },
            interval: Interval { wait: wait as u32, length: length as u32 },
            feasible: feasible == 1,
            t: t as u32,
            outcome: Outcome::of_word(outcome).ok_or_else(|| format!("outcome {outcome}"))?,
        })
    }
}
