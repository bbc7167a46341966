//! Cells of the feedback loop by name: the built-in ones, and those that a program brings.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tch::Tensor;

use super::loop_cell::{About, LoopCell};
use super::loop_step::{Gradients, Loop, LoopRows, Shown, loop_backward, loop_step};

/// A cell of the feedback loop; two are the same if they have one name.
#[derive(Clone, Copy)]
pub struct Cell(&'static Entry);

/// A row of the table: a [`LoopCell`] whose functions are compiled for it alone.
struct Entry {
    about: About,
    weights: fn(&[&Tensor]) -> Vec<Tensor>,
    output: fn(&Tensor, &[Tensor]) -> Tensor,
    saved_len: fn(usize, usize) -> usize,
    step: fn(Loop<'_>, Shown<'_>, LoopRows<'_>),
    backward: fn(Loop<'_>, &[f32], &[f32], Gradients<'_>),
}

/// The row of a cell, as a constant.
trait Row {
    const ENTRY: &'static Entry;
}

impl<C: LoopCell> Row for C {
    const ENTRY: &'static Entry = &Entry {
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
    pub const fn of<C: LoopCell>() -> Cell {
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
    pub fn find(is: impl Fn(&About) -> bool) -> Option<Cell> {
        let registered = REGISTERED.read().unwrap_or_else(PoisonError::into_inner);
        Cell::ALL.iter().chain(&*registered).copied().find(|cell| is(cell.about()))
    }

    /// Its name, its parameters and the settings that suit it.
    pub const fn about(self) -> &'static About {
        &self.0.about
    }

    /// Its name in `config.json` and in those of its parameters.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// Makes the effective weights of the parameters, `[units, inputs]` each.
    pub fn weights(self, parameters: &[&Tensor]) -> Vec<Tensor> {
        (self.0.weights)(parameters)
    }

    /// Its output for rows of inputs: `x` is `[batch, inputs]`, the result `[batch, units]`.
    pub fn output(self, x: &Tensor, weights: &[Tensor]) -> Tensor {
        (self.0.output)(x, weights)
    }

    /// How many numbers of a lane's step are saved for the way back.
    pub fn saved_len(self, inputs: usize, units: usize) -> usize {
        (self.0.saved_len)(inputs, units)
    }

    /// One step of several lanes; see [`loop_step`].
    pub fn step(self, looped: Loop<'_>, shown: Shown<'_>, rows: LoopRows<'_>) {
        (self.0.step)(looped, shown, rows);
    }

    /// The way back through a step; see [`loop_backward`].
    pub fn backward(self, looped: Loop<'_>, z: &[f32], saved: &[f32], gradients: Gradients<'_>) {
        (self.0.backward)(looped, z, saved, gradients);
    }
}

impl PartialEq for Cell {
    fn eq(&self, other: &Cell) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Cell {}

impl Hash for Cell {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cell, D::Error> {
        let name = String::deserialize(deserializer)?;
        Cell::find(|about| about.name == name).ok_or_else(|| {
            let known = Cell::ALL.iter().map(|cell| format!("`{}`", cell.name())).collect::<Vec<_>>().join(", ");
            serde::de::Error::custom(format!("unknown variant `{name}`, expected one of {known}"))
        })
    }
}
