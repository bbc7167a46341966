//! Games for tests, each of which exercises one thing.

use gridworld_envs::{Domain, EpisodeInfo, Outcome, Stream, StreamId};

use super::{Game, Next};

/// Shows a cue, left or right, then `delay` dark frames; the answer to the last is rewarded if it
/// repeats the cue.
#[derive(Clone, Debug)]
pub struct Recall {
    pub delay: u64,
    pub instructions: Vec<u32>,
}

impl Recall {
    pub fn new(delay: u64) -> Recall {
        Recall { delay, instructions: vec![1] }
    }
}

/// The state is the cue and twice the steps taken.
impl Game for Recall {
    fn start(&self, _id: StreamId, stream: &mut Stream) -> u64 {
        u64::from(stream.below(2))
    }

    fn look(&self, state: u64) -> (u8, f32) {
        match state {
            0 => (0b0001_0001, 1.0),
            1 => (0b1000_1000, 1.0),
            _ => (0, 1.0),
        }
    }

    fn step(&self, state: u64, action: u8) -> Next {
        if state / 2 < self.delay {
            return Next::running(state + 2);
        }
        let success = u64::from(action) == state % 2;
        Next {
            state: state + 2,
            reward: f32::from(u8::from(success)),
            outcome: Outcome::Terminated,
            info: EpisodeInfo { success, feasible: true, timing: None },
        }
    }

    fn instructions(&self) -> &[u32] {
        &self.instructions
    }
}

/// Rewards every step with 1 and is truncated after `limit`, always.
#[derive(Clone, Debug)]
pub struct Endless {
    pub limit: u64,
}

impl Game for Endless {
    fn start(&self, _id: StreamId, _stream: &mut Stream) -> u64 {
        0
    }

    fn look(&self, _state: u64) -> (u8, f32) {
        (0b0110, 0.0)
    }

    fn step(&self, state: u64, _action: u8) -> Next {
        let outcome = if state + 1 == self.limit { Outcome::Truncated } else { Outcome::Running };
        Next { reward: 1.0, outcome, ..Next::running(state + 1) }
    }
}

/// Ends by itself after 1 to 3 steps, or is truncated at step 3 of 4; succeeds where it lasted 2,
/// is feasible where it lasts 2 or more. The instruction is how long it will last, the time that is
/// judged how far that was from 2.
#[derive(Clone, Debug)]
pub struct Lengths;

impl Lengths {
    /// Draws the length of an episode, from 1 to 4.
    pub fn drawn(stream: &mut Stream) -> u64 {
        u64::from(stream.below(4)) + 1
    }
}

/// The state is the length and eight times the steps taken.
impl Game for Lengths {
    fn start(&self, _id: StreamId, stream: &mut Stream) -> u64 {
        Lengths::drawn(stream)
    }

    fn look(&self, state: u64) -> (u8, f32) {
        ((state / 8) as u8, (state % 8) as f32)
    }

    fn step(&self, state: u64, _action: u8) -> Next {
        let (length, time) = (state % 8, state / 8 + 1);
        let outcome = match time {
            _ if time == length => Outcome::Terminated,
            3 => Outcome::Truncated,
            _ => Outcome::Running,
        };
        let timing = (outcome == Outcome::Terminated).then(|| time as i32 - 2);
        let info = EpisodeInfo { success: length == 2, feasible: length >= 2, timing };
        Next { state: state + 8, reward: time as f32, outcome, info }
    }

    fn instructions(&self) -> &[u32] {
        &[]
    }
}

/// Fault of an environment.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    Reward(f32),
    /// Rewards of this value from then on.
    Rewards(f32),
    Panic,
}

/// Never ends, and goes wrong at step `at`, in training and only for the workers up to `last`.
#[derive(Clone, Debug)]
pub struct Faulty {
    pub fault: Fault,
    pub at: u64,
    pub last: u32,
}

const SOUND: u64 = 1 << 40;

impl Game for Faulty {
    fn start(&self, id: StreamId, _stream: &mut Stream) -> u64 {
        if id.domain == Domain::Training && id.index <= self.last { 0 } else { SOUND }
    }

    fn look(&self, state: u64) -> (u8, f32) {
        ((state % 5) as u8, 0.0)
    }

    fn step(&self, state: u64, action: u8) -> Next {
        let reward = match self.fault {
            Fault::Rewards(reward) if (self.at..SOUND).contains(&(state + 1)) => reward,
            _ if state + 1 != self.at => f32::from(action),
            Fault::Reward(reward) | Fault::Rewards(reward) => reward,
            Fault::Panic => panic!("the floor gave way"),
        };
        // Sound episodes end, or an evaluation would not.
        let outcome = if state > SOUND + 20 { Outcome::Truncated } else { Outcome::Running };
        Next { reward, outcome, ..Next::running(state + 1) }
    }
}

/// Ends after two steps, without success, though it was possible.
#[derive(Clone, Debug)]
pub struct Hopeless;

impl Game for Hopeless {
    fn start(&self, _id: StreamId, _stream: &mut Stream) -> u64 {
        0
    }

    fn look(&self, state: u64) -> (u8, f32) {
        (state as u8, 1.0)
    }

    fn step(&self, state: u64, _action: u8) -> Next {
        if state == 0 {
            return Next::running(1);
        }
        let info = EpisodeInfo { success: false, feasible: true, timing: None };
        Next { state, reward: 0.0, outcome: Outcome::Terminated, info }
    }
}
