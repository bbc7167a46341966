//! What reads the symbols.

use serde::{Deserialize, Serialize};

use super::code::SYMBOLS;
use crate::cells::{Activation, Cell, CellName};
use crate::engine::Real;
use crate::recurrent::{Accumulated, Calculator, Embedding, FirstState, Gru, Lstm, Masked, SYMBOL, Start, Unroll};

/// A model that turns a program into what it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramModel {
    /// An LSTM, and this cell over its state after the last symbol.
    Last(CellName),
    /// An LSTM, and this cell over its state after each symbol and what the cell gave before.
    Each(CellName),
    /// A gated recurrent unit, and an affine layer over its state after the last symbol.
    Gru,
    /// The calculator, which reads the symbols themselves.
    Calculator,
}

impl ProgramModel {
    /// All of them, with their names.
    pub const ALL: [(ProgramModel, &'static str); 7] = [
        (ProgramModel::Last(CellName::Dense(Activation::Linear)), "lstm"),
        (ProgramModel::Last(CellName::Nac), "lstm-nac"),
        (ProgramModel::Last(CellName::Nalu), "lstm-nalu"),
        (ProgramModel::Each(CellName::Nac), "lstm-nac-each"),
        (ProgramModel::Each(CellName::Nalu), "lstm-nalu-each"),
        (ProgramModel::Gru, "gru"),
        (ProgramModel::Calculator, "calculator"),
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        let name = ProgramModel::ALL.into_iter().find(|(other, _)| *other == self).map(|(_, name)| name);
        name.expect("every model that can be asked for has a name")
    }

    /// The layers for programs of so many symbols at most, with so many units in embedding and memory.
    pub fn cells<T: Real>(self, symbols: usize, units: usize) -> Vec<Box<dyn Cell<T>>> {
        let unroll = |read, step: &dyn Fn() -> Box<dyn Cell<T>>| -> Box<dyn Cell<T>> {
            Box::new(Unroll::new(symbols, read, FirstState::Zero, || Box::new(Masked::new(step()))))
        };
        let read = |size, start| Box::new(Embedding::new(SYMBOLS, size, symbols, start));
        let memory = || Box::new(Lstm::new(units, units));
        match self {
            ProgramModel::Last(cell) => {
                vec![read(units, Start::Normal), unroll(0..units, &|| memory()), cell.cell(units, 1)]
            }
            ProgramModel::Each(cell) => {
                let step = || Accumulated::new(memory(), units, cell.cell(units + 1, 1));
                let numbers = step().numbers();
                vec![read(units, Start::Normal), unroll(numbers, &|| Box::new(step()))]
            }
            ProgramModel::Gru => {
                let memory = unroll(0..units, &|| Box::new(Gru::new(units, units)));
                let affine = CellName::Dense(Activation::Linear).cell(units, 1);
                vec![read(units, Start::Normal), memory, affine]
            }
            ProgramModel::Calculator => {
                vec![read(SYMBOL, Start::Zero), unroll(0..1, &|| Box::new(Calculator))]
            }
        }
    }
}

impl std::fmt::Display for ProgramModel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
