//! The rules, as pure functions: the plain environment and the batch both play by them.

use crate::environment::{FrameKey, Outcome};
use crate::stream::Stream;

/// Rows of cells, and cells in a row.
pub(super) const SIDE: u8 = 5;
/// Cells of the board, counted row by row from the upper left one.
pub(super) const CELLS: u8 = SIDE * SIDE;
/// The greatest distance between two cells, in steps.
pub(super) const DIAMETER: u32 = 2 * (SIDE as u32 - 1);

/// The names of the actions, in their order.
pub(super) const ACTIONS: &[&str] = &["up", "down", "left", "right", "pass"];

/// What an agent can do; `as u8` gives the action's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Action {
    /// One row up.
    Up = 0,
    /// One row down.
    Down = 1,
    /// One column to the left.
    Left = 2,
    /// One column to the right.
    Right = 3,
    /// Stay for a step.
    Pass = 4,
}

/// What arriving is worth; running out of time is worth nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reward {
    /// 1 − 0.1·|t − T| on arrival at step t.
    #[default]
    Graded,
    /// 1 on arrival at step T, 0 at any other.
    Exact,
}

impl Reward {
    /// The reward of arriving at step `t` when told `instruction`.
    #[inline]
    pub(super) fn of_arrival(self, t: u32, instruction: u32) -> f32 {
        let difference = t.abs_diff(instruction);
        match self {
            Reward::Graded => 1.0 - 0.1 * difference as f32,
            Reward::Exact => f32::from(u8::from(difference == 0)),
        }
    }
}

/// The cell that `action` leads to. A move off the board stays.
pub(super) const fn destination(cell: u8, action: u8) -> u8 {
    let (row, column) = (cell / SIDE, cell % SIDE);
    match action {
        0 if row > 0 => cell - SIDE,
        1 if row < SIDE - 1 => cell + SIDE,
        2 if column > 0 => cell - 1,
        3 if column < SIDE - 1 => cell + 1,
        _ => cell,
    }
}

/// Steps from one cell to another.
pub(super) fn distance(a: u8, b: u8) -> u32 {
    u32::from((a / SIDE).abs_diff(b / SIDE) + (a % SIDE).abs_diff(b % SIDE))
}

/// How step `t` leaves the episode. Who arrives at the last moment has arrived.
#[inline]
pub(super) fn outcome(arrived: bool, t: u32, time_limit: u32) -> Outcome {
    if arrived {
        Outcome::Terminated
    } else if t >= time_limit {
        Outcome::Truncated
    } else {
        Outcome::Running
    }
}

/// The key of the image with the agent and the target on these cells.
#[inline]
pub(super) fn frame_key(agent: u8, target: u8) -> FrameKey {
    FrameKey(u64::from(agent) * u64::from(CELLS) + u64::from(target))
}

/// The cells of the agent and of the target in an image.
///
/// # Panics
/// If no image has this key.
pub(super) fn cells_of(frame: FrameKey) -> (u8, u8) {
    let cells = u64::from(CELLS);
    assert!(frame.0 < cells * cells, "{frame:?} is no frame of timed arrival");
    ((frame.0 / cells) as u8, (frame.0 % cells) as u8)
}

/// How an episode begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub agent: u8,
    pub target: u8,
    pub instruction: u32,
}

impl Start {
    /// Draws two different cells and one of `instructions`, all uniformly: three words, so that one
    /// block of the stream suffices.
    #[inline]
    pub fn draw(stream: &mut Stream, instructions: &[u32]) -> Start {
        let agent = stream.below(u32::from(CELLS)) as u8;
        // One of the 24 other cells: those from the agent's on move up by one.
        let other = stream.below(u32::from(CELLS) - 1) as u8;
        let target = other + u8::from(other >= agent);
        let instruction = instructions[stream.below(instructions.len() as u32) as usize];
        Start { agent, target, instruction }
    }

    /// Whether the target can be reached in time: waiting makes every longer time possible, too.
    #[inline]
    pub fn feasible(self) -> bool {
        distance(self.agent, self.target) <= self.instruction
    }
}
