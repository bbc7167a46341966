//! Cells, and the ways between them.

use crate::stream::Stream;

/// Rows of cells, and cells in a row.
pub(crate) const SIDE: u8 = 5;
/// Cells of the board, counted row by row from the upper left one.
pub(crate) const CELLS: u8 = SIDE * SIDE;
/// The greatest distance between two cells, in steps.
pub(crate) const DIAMETER: u32 = 2 * (SIDE as u32 - 1);
/// Ways to place agent and target, on the same cell included: keys of placements are below it.
pub(crate) const PLACEMENTS: u64 = CELLS as u64 * CELLS as u64;

/// The names of the actions, in their order.
pub(crate) const ACTIONS: &[&str] = &["up", "down", "left", "right", "pass"];

/// An action of the agent; `as u8` gives the action's index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Action {
    /// A step one row up.
    Up = 0,
    /// A step one row down.
    Down = 1,
    /// A step one column to the left.
    Left = 2,
    /// A step one column to the right.
    Right = 3,
    /// A step without a move.
    Pass = 4,
}

/// The cell that `action` leads to. A move off the board stays.
pub(crate) const fn destination(cell: u8, action: u8) -> u8 {
    let (row, column) = (cell / SIDE, cell % SIDE);
    match action {
        0 if row > 0 => cell - SIDE,
        1 if row < SIDE - 1 => cell + SIDE,
        2 if column > 0 => cell - 1,
        3 if column < SIDE - 1 => cell + 1,
        _ => cell,
    }
}

/// Cells of the agent and of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placement {
    pub agent: u8,
    pub target: u8,
}

impl Placement {
    /// Draws two different cells, uniformly: two words of the stream.
    #[inline]
    pub fn draw(stream: &mut Stream) -> Placement {
        let agent = stream.below(u32::from(CELLS)) as u8;
        // One of the 24 other cells: those from the agent's on move up by one.
        let other = stream.below(u32::from(CELLS) - 1) as u8;
        Placement { agent, target: other + u8::from(other >= agent) }
    }

    /// The placement at the start of an episode that somebody chose.
    ///
    /// # Panics
    /// If the cells are the same or not on the board.
    pub fn checked(agent: u8, target: u8) -> Placement {
        assert!(agent < CELLS && target < CELLS, "cells {agent} and {target}: the board has {CELLS}");
        assert_ne!(agent, target, "the agent begins on the target");
        Placement { agent, target }
    }

    /// A number below [`PLACEMENTS`], of this placement alone.
    #[inline]
    pub fn key(self) -> u64 {
        u64::from(self.agent) * u64::from(CELLS) + u64::from(self.target)
    }

    /// The placement whose key is `key`, which is below [`PLACEMENTS`].
    pub fn of_key(key: u64) -> Placement {
        let cells = u64::from(CELLS);
        Placement { agent: (key / cells) as u8, target: (key % cells) as u8 }
    }

    /// The placement of start `start`, of 0 to 599: in the order of their keys, without those on one cell.
    ///
    /// # Panics
    /// If there is no such start.
    pub fn of_start(start: usize) -> Placement {
        let others = usize::from(CELLS) - 1;
        let (agent, other) = (start / others, (start % others) as u8);
        assert!(agent < usize::from(CELLS), "start {start}: there are {}", usize::from(CELLS) * others);
        let agent = agent as u8;
        Placement { agent, target: other + u8::from(other >= agent) }
    }

    /// Steps from the agent to the target.
    #[inline]
    pub fn distance(self) -> u32 {
        let Placement { agent, target } = self;
        u32::from((agent / SIDE).abs_diff(target / SIDE) + (agent % SIDE).abs_diff(target % SIDE))
    }

    /// Tells if the agent stands on the target.
    #[inline]
    pub fn is_arrival(self) -> bool {
        self.agent == self.target
    }

    /// The first step of a shortest path from the agent to the target: rows first.
    pub fn towards(self) -> Action {
        let (row, column) = (self.agent / SIDE, self.agent % SIDE);
        let (target_row, target_column) = (self.target / SIDE, self.target % SIDE);
        if row > target_row {
            Action::Up
        } else if row < target_row {
            Action::Down
        } else if column > target_column {
            Action::Left
        } else if column < target_column {
            Action::Right
        } else {
            Action::Pass
        }
    }
}
