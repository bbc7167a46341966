//! One environment of timed arrival, written to be read.

use crate::board::{self, ACTIONS, CELLS, GRID_LINE, Placement, destination, outcome};
use crate::environment::{Environment, EpisodeInfo, FrameKey, Observation, Outcome, RestoreError, Spec, Step};
use crate::stream::Stream;

use super::config::TimedArrivalTask;
use super::rules::{Start, frame_key, shown};
use super::spec::{ID, spec};

/// Reference implementation of timed arrival.
#[derive(Clone, Debug)]
pub struct TimedArrival {
    task: TimedArrivalTask,
    /// Episode that is played; none until the first reset.
    episode: Option<Episode>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Episode {
    agent: u8,
    target: u8,
    instruction: u32,
    feasible: bool,
    /// Steps taken in the episode.
    t: u32,
    outcome: Outcome,
}

impl TimedArrival {
    pub(super) fn new(task: TimedArrivalTask) -> TimedArrival {
        TimedArrival { task, episode: None }
    }

    /// Begins an episode with the agent and the target on these cells, numbered row by row from the
    /// upper left one (0) to the lower right one (24).
    ///
    /// # Panics
    /// If the cells are the same or not on the board, or the task has no such instruction.
    pub fn begin(&mut self, agent: u8, target: u8, instruction: u32) -> Observation {
        let placement = Placement::checked(agent, target);
        assert!(self.task.instructions().contains(&instruction), "T = {instruction} is not in the task");
        self.start(Start { placement, instruction })
    }

    fn start(&mut self, start: Start) -> Observation {
        let Start { placement: Placement { agent, target }, instruction } = start;
        let feasible = start.feasible();
        self.episode.insert(Episode { agent, target, instruction, feasible, t: 0, outcome: Outcome::Running }).observe()
    }
}

impl Episode {
    fn observe(&self) -> Observation {
        Observation { frame: frame_key(self.agent, self.target), instruction: self.instruction as f32 }
    }
}

impl Environment for TimedArrival {
    fn spec(&self) -> Spec {
        spec()
    }

    fn reset(&mut self, stream: &mut Stream) -> Observation {
        self.start(Start::draw(stream, self.task.instructions(), &self.task.holdout))
    }

    fn step(&mut self, action: usize) -> Step {
        assert!(action < ACTIONS.len(), "action {action}: there are {}", ACTIONS.len());
        let episode = self.episode.as_mut().expect("an episode begins with a reset");
        assert!(!episode.outcome.ends(), "the episode has ended: reset it");
        episode.t += 1;
        episode.agent = destination(episode.agent, action as u8);
        episode.outcome = outcome(episode.agent == episode.target, episode.t, self.task.time_limit());
        let reward = match episode.outcome {
            Outcome::Terminated => self.task.reward().of_arrival(episode.t.abs_diff(episode.instruction)),
            Outcome::Running | Outcome::Truncated => 0.0,
        };
        Step { observation: episode.observe(), reward, outcome: episode.outcome }
    }

    fn info(&self) -> EpisodeInfo {
        self.episode.map_or(EpisodeInfo::default(), |episode| {
            let arrived = episode.outcome == Outcome::Terminated;
            EpisodeInfo {
                success: arrived && episode.t == episode.instruction,
                feasible: episode.feasible,
                timing: arrived.then_some(episode.t as i32),
            }
        })
    }

    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        board::render(shown(frame), GRID_LINE, pixels);
    }

    /// Gives no word before the first reset, and six afterwards.
    fn save(&self) -> Vec<u64> {
        self.episode.map_or(Vec::new(), |episode| {
            let Episode { agent, target, instruction, feasible, t, outcome } = episode;
            vec![agent.into(), target.into(), instruction.into(), feasible.into(), t.into(), outcome.word()]
        })
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let refuse = |reason: String| Err(RestoreError { environment: ID.to_owned(), reason });
        let &[agent, target, instruction, feasible, t, outcome] = words else {
            if words.is_empty() {
                self.episode = None;
                return Ok(());
            }
            return refuse(format!("{} words in place of 6", words.len()));
        };
        let Some(outcome) = Outcome::of_word(outcome) else {
            return refuse(format!("outcome {outcome}"));
        };
        let cells = u64::from(CELLS);
        if agent >= cells || target >= cells || feasible > 1 {
            return refuse(format!("agent on cell {agent}, target on cell {target}, feasible {feasible}"));
        }
        let known = self.task.instructions().iter().any(|&known| u64::from(known) == instruction);
        if !known || t > u64::from(self.task.time_limit()) {
            return refuse(format!("step {t} of an episode with T = {instruction}"));
        }
        self.episode = Some(Episode {
            agent: agent as u8,
            target: target as u8,
            instruction: instruction as u32,
            feasible: feasible == 1,
            t: t as u32,
            outcome,
        });
        Ok(())
    }
}
