//! The board that the environments share: 5×5 cells with an agent and a target on two of them, the
//! five actions, and how it is drawn.

mod cells;
mod holdout;
mod rendering;

use crate::environment::Outcome;
use crate::policy::FixedPolicy;
use crate::settings::Symbol;

pub use cells::Action;
pub(crate) use cells::{ACTIONS, CELLS, DIAMETER, PLACEMENTS, Placement, SIDE, destination};
pub(crate) use holdout::{Holdout, STARTS};
pub use rendering::{AGENT, BACKGROUND, FLASH, GRID_LINE, TARGET};
pub(crate) use rendering::{FRAME, render};

/// The board's cells in letters.
pub(crate) const SYMBOLS: &[Symbol] =
    &[Symbol { colour: AGENT, letter: 'A', name: "agent" }, Symbol { colour: TARGET, letter: 'X', name: "target" }];

/// The policy that never moves, and so never arrives: the floor of every table.
#[must_use]
pub fn always_pass() -> FixedPolicy {
    FixedPolicy::new(Action::Pass as u8)
}

/// Gives the outcome of step `t`. Who arrives at the last moment has arrived.
#[inline]
pub(crate) fn outcome(arrived: bool, t: u32, time_limit: u32) -> Outcome {
    if arrived {
        Outcome::Terminated
    } else if t >= time_limit {
        Outcome::Truncated
    } else {
        Outcome::Running
    }
}
