//! Episodes played to be counted.

use std::ops::Range;

use gridworld_envs::{EpisodeInfo, FrameKey, Outcome, StreamId, Task};

use super::Actor;
use gridworld_envs::contract::{Caller, CheckedBatch, ContractViolation};

/// Counts of the outcomes of some episodes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Number of episodes played.
    pub episodes: u64,
    /// Number of episodes that succeeded.
    pub successes: u64,
    /// Number of episodes that some policy could have succeeded in.
    pub feasible: u64,
    /// Number of episodes that ended in termination.
    pub arrivals: u64,
    /// Number of episodes that were truncated.
    pub truncations: u64,
    /// Number of episodes whose verdict holds a time.
    pub timed: u64,
    /// The sum of those times, in steps, and of their squares.
    pub timings: (f64, f64),
    /// The sum of all rewards.
    pub reward: f64,
}

/// One step of a lane, in an episode that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Index of the lane.
    pub lane: usize,
    /// The key of the image that was seen; it says nothing where frames are drawn from the state.
    pub frame: FrameKey,
    /// The action that was chosen.
    pub action: u8,
    /// Reward of the step.
    pub reward: f32,
    /// State of the episode after the step.
    pub outcome: Outcome,
    /// Verdict of the task on the episode, as far as it went.
    pub info: EpisodeInfo,
    /// The key of the image that followed: the episode's last one if it ended.
    pub next: FrameKey,
}

impl Tally {
    /// Counts a step, and with an episode's last one the episode.
    pub fn add(&mut self, moment: &Moment) {
        let Moment { reward, outcome, info, .. } = *moment;
        self.reward += f64::from(reward);
        if !outcome.ends() {
            return;
        }
        self.episodes += 1;
        self.successes += u64::from(info.success);
        self.feasible += u64::from(info.feasible);
        self.arrivals += u64::from(outcome == Outcome::Terminated);
        self.truncations += u64::from(outcome == Outcome::Truncated);
        if let Some(timing) = info.timing.map(f64::from) {
            self.timed += 1;
            self.timings = (self.timings.0 + timing, self.timings.1 + timing * timing);
        }
    }

    /// Share of all episodes that succeeded.
    #[must_use]
    pub fn success(&self) -> f64 {
        share(self.successes, self.episodes)
    }

    /// Successes as a share of the episodes in which success was possible; 1 where it never was.
    #[must_use]
    pub fn success_of_feasible(&self) -> f64 {
        if self.feasible == 0 { 1.0 } else { share(self.successes, self.feasible) }
    }

    /// Mean and standard deviation (of the sample) of the times that the task judges, in steps;
    /// nothing if there were none.
    #[must_use]
    pub fn timing(&self) -> Option<(f64, f64)> {
        let n = self.timed as f64;
        let mean = self.timings.0 / n;
        let variance = (self.timings.1 - n * mean * mean) / (n - 1.0).max(1.0);
        (self.timed > 0).then(|| (mean, variance.max(0.0).sqrt()))
    }

    /// Adds the counts of two tallies.
    #[must_use]
    pub fn joined(&self, other: &Tally) -> Tally {
        Tally {
            episodes: self.episodes + other.episodes,
            successes: self.successes + other.successes,
            feasible: self.feasible + other.feasible,
            arrivals: self.arrivals + other.arrivals,
            truncations: self.truncations + other.truncations,
            timed: self.timed + other.timed,
            timings: (self.timings.0 + other.timings.0, self.timings.1 + other.timings.1),
            reward: self.reward + other.reward,
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// Plays `episodes` episodes of `task` and counts what happens in them.
///
/// # Errors
/// As those of [`play`].
pub fn evaluate(
    task: &dyn Task,
    actor: &mut dyn Actor,
    episodes: usize,
    stream: StreamId,
) -> Result<Tally, ContractViolation> {
    let mut tally = Tally::default();
    play(task, actor, episodes, stream, |moment| tally.add(&moment))?;
    Ok(tally)
}

/// Plays `episodes` episodes of `task`, as many side by side as `actor` has lanes, and hands each of
/// their steps to `note`: time after time, and at each time lane after lane.
///
/// Each lane plays a number of episodes fixed beforehand. To stop at the first so many that end
/// would favour short ones.
///
/// # Errors
/// If the environment or the agent breaks its contract, by an action out of range for example.
pub fn play(
    task: &dyn Task,
    actor: &mut dyn Actor,
    episodes: usize,
    stream: StreamId,
    mut note: impl FnMut(Moment),
) -> Result<(), ContractViolation> {
    play_before(task, actor, episodes, stream, |moment, _| {
        note(moment);
        Ok(())
    })
}

/// Plays as [`play`] does, and lends `note` the batch as it is after the step.
pub(super) fn play_before(
    task: &dyn Task,
    actor: &mut dyn Actor,
    episodes: usize,
    stream: StreamId,
    mut note: impl FnMut(Moment, &CheckedBatch) -> Result<(), ContractViolation>,
) -> Result<(), ContractViolation> {
    let lanes = actor.lanes();
    let batch = CheckedBatch::new(task, lanes, stream, Caller::Evaluation)?;
    let left = (0..lanes).map(|lane| episodes / lanes + usize::from(lane < episodes % lanes)).collect();
    play_batch(batch, actor, left, &mut note)
}

/// Plays an episode of `task` from each of `starts`, as many side by side as `actor` has lanes, and hands each of their
/// steps with its start to `note`. Of an actor that draws nothing the results are exact: see [`Task::starts`].
///
/// # Errors
/// As those of [`play`], and if the task has no such starts.
///
/// # Panics
/// If there are fewer starts than lanes.
pub fn play_starts(
    task: &dyn Task,
    actor: &mut dyn Actor,
    starts: Range<usize>,
    stream: StreamId,
    mut note: impl FnMut(usize, Moment),
) -> Result<(), ContractViolation> {
    let lanes = actor.lanes();
    assert!(lanes <= starts.len(), "{lanes} lanes for {} starts", starts.len());
    for first in starts.clone().step_by(lanes) {
        // The last batch is as large as the others: its first lanes play what was played before, and do not count.
        let begin = first.min(starts.end - lanes);
        let batch = CheckedBatch::of_starts(task, begin..begin + lanes, stream, Caller::Evaluation)?;
        let left = (0..lanes).map(|lane| usize::from(begin + lane >= first)).collect();
        play_batch(batch, actor, left, &mut |moment, _| {
            note(begin + moment.lane, moment);
            Ok(())
        })?;
    }
    Ok(())
}

/// Counts of one episode from each start.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exact {
    /// Counts of the starts that training draws.
    pub drawn: Tally,
    /// Counts of the starts that are held out.
    pub held_out: Tally,
}

impl Exact {
    /// Counts a step of the episode of `task` from `start`.
    pub fn add(&mut self, task: &dyn Task, start: usize, moment: &Moment) {
        let tally = if task.is_held_out(start) { &mut self.held_out } else { &mut self.drawn };
        tally.add(moment);
    }
}

/// Plays an episode of `task` from each of its starts, and counts what happens in them; nothing if they cannot be
/// enumerated.
///
/// # Errors
/// As those of [`play`].
pub fn evaluate_exactly(
    task: &dyn Task,
    actor: &mut dyn Actor,
    stream: StreamId,
) -> Result<Option<Exact>, ContractViolation> {
    let Some(count) = task.starts() else { return Ok(None) };
    let mut exact = Exact::default();
    play_starts(task, actor, 0..count, stream, |start, moment| exact.add(task, start, &moment))?;
    Ok(Some(exact))
}

/// Returns the number of lanes for so many episodes: at most 256, beyond which more are no faster, and such that the
/// batches are equally large.
#[must_use]
pub fn lanes_for(episodes: usize) -> usize {
    const MOST: usize = 256;
    episodes.div_ceil(episodes.div_ceil(MOST).max(1)).max(1)
}

/// Steps `batch` until in each lane as many episodes have ended as are left there.
fn play_batch(
    mut batch: CheckedBatch,
    actor: &mut dyn Actor,
    mut left: Vec<usize>,
    note: &mut dyn FnMut(Moment, &CheckedBatch) -> Result<(), ContractViolation>,
) -> Result<(), ContractViolation> {
    let lanes = left.len();
    let mut first = vec![true; lanes];
    let mut frames = vec![FrameKey::default(); lanes];
    let mut actions = vec![0; lanes];
    let mut moments = Vec::with_capacity(lanes);
    while left.iter().any(|&left| left > 0) {
        frames.copy_from_slice(batch.observe()?.frames);
        batch.place().watch("choosing actions", || actor.act(batch.batch(), &first, &mut actions))?;
        let transitions = batch.step(&actions)?;
        for lane in 0..lanes {
            let outcome = transitions.outcomes[lane];
            first[lane] = outcome.ends();
            if left[lane] == 0 {
                continue;
            }
            left[lane] -= usize::from(outcome.ends());
            let (frame, action) = (frames[lane], actions[lane]);
            let (reward, info) = (transitions.rewards[lane], transitions.infos[lane]);
            let next = transitions.finals.frames[lane];
            moments.push(Moment { lane, frame, action, reward, outcome, info, next });
        }
        moments.drain(..).try_for_each(|moment| note(moment, &batch))?;
    }
    Ok(())
}
