//! Models that read programs.

use serde::{Deserialize, Serialize};

use super::code::SYMBOLS;
use crate::cells::{Activation, Cell, CellName};
use crate::engine::Real;
use crate::recurrent::{Calculator, Gru, Lstm, Reader, SYMBOL, Start};

/// A model that turns a program into its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramModel {
    /// LSTM, and this cell over its state after the last symbol.
    Last(CellName),
    /// LSTM, and this cell over its state after each symbol and what the cell gave before.
    Each(CellName),
    /// Gated recurrent unit, and an affine layer over its state after the last symbol.
    Gru,
    /// Calculator that reads the symbols themselves.
    Calculator,
}

impl ProgramModel {
    /// All models, with their names.
    pub const ALL: [(ProgramModel, &'static str); 7] = [
        (ProgramModel::Last(CellName::Dense(Activation::Linear)), "lstm"),
        (ProgramModel::Last(CellName::Nac), "lstm-nac"),
        (ProgramModel::Last(CellName::Nalu), "lstm-nalu"),
        (ProgramModel::Each(CellName::Nac), "lstm-nac-each"),
        (ProgramModel::Each(CellName::Nalu), "lstm-nalu-each"),
        (ProgramModel::Gru, "gru"),
        (ProgramModel::Calculator, "calculator"),
    ];

    /// Gives the model's name.
    #[expect(clippy::missing_panics_doc, reason = "the table has every model")]
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let name = ProgramModel::ALL.into_iter().find(|(other, _)| *other == self).map(|(_, name)| name);
        name.expect("every model that can be asked for has a name")
    }

    /// Makes the layers for programs of so many symbols at most, with so many units in embedding and memory.
    #[must_use]
    pub fn cells<T: Real>(self, symbols: usize, units: usize) -> Vec<Box<dyn Cell<T>>> {
        let reader = Reader { words: SYMBOLS, length: symbols };
        match self {
            ProgramModel::Last(cell) => reader.last(units, || Box::new(Lstm::new(units, units)), cell),
            ProgramModel::Each(cell) => reader.each(units, cell),
            ProgramModel::Gru => {
                let affine = CellName::Dense(Activation::Linear);
                reader.last(units, || Box::new(Gru::new(units, units)), affine)
            }
            ProgramModel::Calculator => {
                vec![reader.vectors(SYMBOL, Start::Zero), reader.steps(0..1, || Box::new(Calculator))]
            }
        }
    }
}

impl std::fmt::Display for ProgramModel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
