//! The rules, as pure functions: the plain environment and the batch both play by them.

use crate::board::{Holdout, PLACEMENTS, Placement, STARTS};
use crate::environment::FrameKey;
use crate::stream::Stream;

/// The key of the image with the agent and the target on these cells.
#[inline]
pub(super) fn frame_key(agent: u8, target: u8) -> FrameKey {
    FrameKey(Placement { agent, target }.key())
}

/// Reads the cells of agent and target from a frame's key.
///
/// # Panics
/// If no image has this key.
pub(super) fn shown(frame: FrameKey) -> Placement {
    assert!(frame.0 < PLACEMENTS, "{frame:?} is no frame of timed arrival");
    Placement::of_key(frame.0)
}

/// Beginning of an episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub placement: Placement,
    pub instruction: u32,
}

impl Start {
    /// Draws two different cells that are not held out and one of `instructions`, all uniformly: three words at most, so
    /// that one block of the stream suffices.
    #[inline]
    pub fn draw(stream: &mut Stream, instructions: &[u32], holdout: &Holdout) -> Start {
        let placement = holdout.draw(stream);
        let instruction = instructions[stream.below(instructions.len() as u32) as usize];
        Start { placement, instruction }
    }

    /// Gives start `index` of all: each placement with the first of `instructions`, then each with the next one.
    ///
    /// # Panics
    /// If there is no such start.
    pub fn nth(index: usize, instructions: &[u32]) -> Start {
        Start { placement: Placement::of_start(index % STARTS), instruction: instructions[index / STARTS] }
    }

    /// Tells if the target can be reached in time: waiting makes every longer time possible, too.
    #[inline]
    pub fn feasible(self) -> bool {
        self.placement.distance() <= self.instruction
    }
}
