//! Cells of the feedback loop by name: the built-in ones, and those that a program brings.

use std::fmt;
use std::ops::Deref;
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::loop_cell::{About, LoopCell};
use super::loop_step::{Gradients, Loop, LoopRows, Shown, loop_backward, loop_step};
use crate::named::named;

/// A cell of the feedback loop; two are the same if they have one name.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub struct Cell(&'static CellEntry);

/// A row of the table: a [`LoopCell`] as functions that are compiled for it alone.
#[derive(Debug)]
pub struct CellEntry {
    /// Its name, its parameters and the settings that suit it.
    pub about: About,
    /// [`LoopCell::weights`].
    pub weights: fn(&[&Tensor]) -> Vec<Tensor>,
    /// [`LoopCell::output`].
    pub output: fn(&Tensor, &[Tensor]) -> Tensor,
    /// [`LoopCell::saved_len`].
    pub saved_len: fn(usize, usize) -> usize,
    /// A step of several lanes.
    pub step: fn(Loop<'_>, Shown<'_>, LoopRows<'_>),
    /// The way back through a step.
    pub backward: fn(Loop<'_>, &[f32], &[f32], Gradients<'_>),
}

/// The row of a cell, as a constant.
trait Row {
    const ENTRY: &'static CellEntry;
}

impl<C: LoopCell> Row for C {
    const ENTRY: &'static CellEntry = &CellEntry {
        about: C::ABOUT,
        weights: C::weights,
        output: C::output,
        saved_len: C::saved_len,
        step: loop_step::<C>,
        backward: loop_backward::<C>,
    };
}

/// Cells that programs have brought.
static REGISTERED: RwLock<Vec<Cell>> = RwLock::new(Vec::new());

impl Cell {
    /// The cell whose mathematics are `C`'s.
    pub(crate) const fn of<C: LoopCell>() -> Cell {
        Cell(C::ENTRY)
    }

    /// Makes a cell of one's own known by its name, so that configurations and checkpoints with it can be read.
    ///
    /// # Panics
    /// If another cell has its name or its agent's.
    pub fn register<C: LoopCell>() -> Cell {
        let cell = Cell::of::<C>();
        let mut registered = REGISTERED.write().unwrap_or_else(PoisonError::into_inner);
        let same = |other: &&Cell| other.name() == cell.name() || other.about().agent == cell.about().agent;
        match Cell::ALL.iter().chain(&*registered).find(same) {
            Some(other) => assert!(std::ptr::eq(other.0, cell.0), "there is a cell `{other:?}` already"),
            None => registered.push(cell),
        }
        cell
    }

    /// The built-in or registered cell that `is` says yes to.
    pub(crate) fn find(is: impl Fn(&About) -> bool) -> Option<Cell> {
        let registered = REGISTERED.read().unwrap_or_else(PoisonError::into_inner);
        Cell::ALL.iter().chain(&*registered).copied().find(|cell| is(cell.about()))
    }

    /// Its name, its parameters and the settings that suit it, for as long as the program runs.
    #[must_use]
    pub fn about(self) -> &'static About {
        &self.0.about
    }

    /// Its name in `config.json` and in those of its parameters.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.about().name
    }
}

impl Deref for Cell {
    type Target = CellEntry;

    fn deref(&self) -> &CellEntry {
        self.0
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Cell) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Cell {}

impl fmt::Debug for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

named!(Cell, name, |written| Cell::find(|about| about.name == written));
