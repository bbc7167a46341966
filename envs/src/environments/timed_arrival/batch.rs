//! Many environments as arrays of state.

use std::ops::Range;

use crate::board::{self, ACTIONS, CELLS, GRID_LINE, destination, outcome};
use crate::environment::{Batch, EpisodeInfo, FrameKey, Observations, Outcome, RestoreError, Spec, Transitions};
use crate::stream::{EPISODES, Stream, StreamId};

use super::config::TimedArrivalTask;
use super::rules::{Start, frame_key, shown};
use super::spec::{ID, spec};

/// `DESTINATIONS[32·action + cell]`: one load in place of five branches. It is as long as a byte
/// has values, so that indexing by a byte needs no check.
const DESTINATIONS: [u8; 256] = destinations();

const fn destinations() -> [u8; 256] {
    let mut table = [0; 256];
    let mut action = 0;
    while action < ACTIONS.len() {
        let mut cell = 0;
        while cell < CELLS {
            table[32 * action + cell as usize] = destination(cell, action as u8);
            cell += 1;
        }
        action += 1;
    }
    table
}

/// Words of a lane in a saved state.
const LANE_WORDS: usize = 6;

/// Vectorized implementation of timed arrival: every lane equals the [reference implementation](super::TimedArrival) to
/// the bit.
#[derive(Clone, Debug)]
pub struct TimedArrivalBatch {
    task: TimedArrivalTask,
    stream: StreamId,
    // The episodes' state.
    agents: Vec<u8>,
    targets: Vec<u8>,
    instructions: Vec<u32>,
    feasible: Vec<bool>,
    /// Steps taken in each lane's episode.
    times: Vec<u32>,
    /// Number of the episode that each lane plays, counted from 0.
    episodes: Vec<u64>,
    // What is shown now.
    frames: Vec<FrameKey>,
    told: Vec<f32>,
    // What the last step gave.
    rewards: Vec<f32>,
    outcomes: Vec<Outcome>,
    lengths: Vec<u32>,
    infos: Vec<EpisodeInfo>,
    final_frames: Vec<FrameKey>,
    final_told: Vec<f32>,
    /// Room for the numbers of the lanes whose episode ended.
    ended: Vec<u32>,
}

impl TimedArrivalBatch {
    pub(super) fn new(task: TimedArrivalTask, lanes: usize, stream: StreamId) -> TimedArrivalBatch {
        let mut batch = TimedArrivalBatch {
            task,
            stream,
            agents: vec![0; lanes],
            targets: vec![0; lanes],
            instructions: vec![0; lanes],
            feasible: vec![false; lanes],
            times: vec![0; lanes],
            episodes: vec![0; lanes],
            frames: vec![FrameKey(0); lanes],
            told: vec![0.0; lanes],
            rewards: vec![0.0; lanes],
            outcomes: vec![Outcome::Running; lanes],
            lengths: vec![0; lanes],
            infos: vec![EpisodeInfo::default(); lanes],
            final_frames: vec![FrameKey(0); lanes],
            final_told: vec![0.0; lanes],
            ended: vec![0; lanes],
        };
        for lane in 0..lanes {
            batch.reset(lane);
        }
        batch
    }

    /// A batch whose lane `i` begins with start `starts.start + i`.
    pub(super) fn of_starts(task: TimedArrivalTask, starts: Range<usize>, stream: StreamId) -> TimedArrivalBatch {
        let mut batch = TimedArrivalBatch::new(task, starts.len(), stream);
        for (lane, start) in starts.enumerate() {
            let start = Start::nth(start, batch.task.instructions());
            batch.begin(lane, start);
        }
        batch
    }

    /// Begins the lane's next episode.
    fn reset(&mut self, lane: usize) {
        let mut stream = Stream::new(self.stream, lane as u32, self.episodes[lane]);
        let start = Start::draw(&mut stream, self.task.instructions(), &self.task.holdout);
        self.begin(lane, start);
    }

    /// Begins an episode of the lane with this start.
    fn begin(&mut self, lane: usize, start: Start) {
        self.agents[lane] = start.placement.agent;
        self.targets[lane] = start.placement.target;
        self.instructions[lane] = start.instruction;
        self.feasible[lane] = start.feasible();
        self.times[lane] = 0;
        self.show(lane);
    }

    /// Brings what is shown up to date with the state.
    fn show(&mut self, lane: usize) {
        self.frames[lane] = frame_key(self.agents[lane], self.targets[lane]);
        self.told[lane] = self.instructions[lane] as f32;
    }

    /// Moves every agent and judges the moves; gives how many episodes ended, and notes which. There
    /// is no branch that depends on the play: which lanes end is as good as random, and a wrong
    /// prediction costs more than a lane's whole step.
    fn advance(&mut self, actions: &[u8]) -> usize {
        let lanes = actions.len();
        let (time_limit, reward) = (self.task.time_limit(), self.task.reward());
        // Slices of one length let the compiler drop every check in the loop.
        let (agents, targets) = (&mut self.agents[..lanes], &self.targets[..lanes]);
        let (times, instructions) = (&mut self.times[..lanes], &self.instructions[..lanes]);
        let (feasible, told) = (&self.feasible[..lanes], &self.told[..lanes]);
        let (frames, final_frames) = (&mut self.frames[..lanes], &mut self.final_frames[..lanes]);
        let (rewards, final_told) = (&mut self.rewards[..lanes], &mut self.final_told[..lanes]);
        let (outcomes, lengths) = (&mut self.outcomes[..lanes], &mut self.lengths[..lanes]);
        let (infos, ended) = (&mut self.infos[..lanes], &mut self.ended[..lanes]);
        let mut count = 0;
        for lane in 0..lanes {
            let agent = DESTINATIONS[usize::from((actions[lane] << 5) | agents[lane])];
            let (t, instruction) = (times[lane] + 1, instructions[lane]);
            let arrived = agent == targets[lane];
            let outcome = outcome(arrived, t, time_limit);
            let frame = frame_key(agent, targets[lane]);
            agents[lane] = agent;
            times[lane] = t;
            frames[lane] = frame;
            rewards[lane] = if arrived { reward.of_arrival(t.abs_diff(instruction)) } else { 0.0 };
            outcomes[lane] = outcome;
            lengths[lane] = t;
            infos[lane] = EpisodeInfo {
                success: arrived & (t == instruction),
                feasible: feasible[lane],
                timing: if arrived { Some(t as i32) } else { None },
            };
            final_frames[lane] = frame;
            final_told[lane] = told[lane];
            // Written every time, kept only if the count moves on.
            ended[count] = lane as u32;
            count += usize::from(outcome.ends());
        }
        count
    }
}

impl Batch for TimedArrivalBatch {
    fn spec(&self) -> Spec {
        spec()
    }

    fn lanes(&self) -> usize {
        self.agents.len()
    }

    fn observe(&self) -> Observations<'_> {
        Observations { frames: &self.frames, instructions: &self.told }
    }

    fn step(&mut self, actions: &[u8]) -> Transitions<'_> {
        assert_eq!(actions.len(), self.lanes(), "one action a lane");
        check(actions);
        let ended = self.advance(actions);
        for index in 0..ended {
            let lane = self.ended[index] as usize;
            self.episodes[lane] += 1;
            self.reset(lane);
        }
        Transitions {
            rewards: &self.rewards,
            outcomes: &self.outcomes,
            lengths: &self.lengths,
            infos: &self.infos,
            finals: Observations { frames: &self.final_frames, instructions: &self.final_told },
        }
    }

    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        board::render(shown(frame), GRID_LINE, pixels);
    }

    fn save(&self) -> Vec<u64> {
        let words = |lane: usize| -> [u64; LANE_WORDS] {
            [
                self.agents[lane].into(),
                self.targets[lane].into(),
                self.instructions[lane].into(),
                self.feasible[lane].into(),
                self.times[lane].into(),
                self.episodes[lane],
            ]
        };
        (0..self.lanes()).flat_map(words).collect()
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let refuse = |reason: String| Err(RestoreError { environment: ID.to_owned(), reason });
        let lanes = self.lanes();
        if words.len() != lanes * LANE_WORDS {
            return refuse(format!("{} words in place of {} for {lanes} lanes", words.len(), lanes * LANE_WORDS));
        }
        // All is checked before anything is changed.
        for (lane, words) in words.chunks_exact(LANE_WORDS).enumerate() {
            if let Err(reason) = self.check_lane(words) {
                return refuse(format!("lane {lane}: {reason}"));
            }
        }
        for (lane, words) in words.chunks_exact(LANE_WORDS).enumerate() {
            self.agents[lane] = words[0] as u8;
            self.targets[lane] = words[1] as u8;
            self.instructions[lane] = words[2] as u32;
            self.feasible[lane] = words[3] == 1;
            self.times[lane] = words[4] as u32;
            self.episodes[lane] = words[5];
            self.show(lane);
        }
        Ok(())
    }
}

impl TimedArrivalBatch {
    /// Fails if these words are no state of a lane.
    fn check_lane(&self, words: &[u64]) -> Result<(), String> {
        let &[agent, target, instruction, feasible, time, episode] = words else {
            return Err(format!("{} words in place of {LANE_WORDS}", words.len()));
        };
        let cells = u64::from(CELLS);
        if agent >= cells || target >= cells || agent == target || feasible > 1 {
            return Err(format!("agent on cell {agent}, target on cell {target}, feasible {feasible}"));
        }
        let known = self.task.instructions().iter().any(|&known| u64::from(known) == instruction);
        if !known || time >= u64::from(self.task.time_limit()) || episode >= EPISODES {
            return Err(format!("step {time} of episode {episode}, with T = {instruction}"));
        }
        Ok(())
    }
}

/// # Panics
/// If an action is out of range; nothing has happened then.
fn check(actions: &[u8]) {
    // The greatest is found many lanes at a time; a search that may stop early is not.
    let greatest = actions.iter().copied().max().unwrap_or(0);
    if usize::from(greatest) >= ACTIONS.len() {
        let lane = actions.iter().position(|&action| usize::from(action) >= ACTIONS.len()).unwrap_or(0);
        panic!("lane {lane}: action {}: there are {}", actions[lane], ACTIONS.len());
    }
}
