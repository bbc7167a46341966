//! What reads the words.

use serde::{Deserialize, Serialize};

use super::words::{LONGEST, WORDS};
use crate::cells::{Activation, Cell, CellName};
use crate::engine::Real;
use crate::recurrent::{Accumulated, Embedding, FirstState, Lstm, Masked, OPERANDS, Register, Start, Unroll};

/// A model that turns words into a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LanguageModel {
    /// An LSTM, and this cell over its state after the last word.
    Last(CellName),
    /// An LSTM, and this cell over its state after each word and what the cell gave before.
    Each(CellName),
    /// This cell over the vector of each word and what the cell gave before, without an LSTM.
    Words(CellName),
    /// The register, which reads the words themselves.
    Register,
}

impl LanguageModel {
    /// All of them, with their names.
    pub const ALL: [(LanguageModel, &'static str); 9] = [
        (LanguageModel::Last(CellName::Dense(Activation::Linear)), "lstm"),
        (LanguageModel::Last(CellName::Nac), "lstm-nac"),
        (LanguageModel::Last(CellName::Nalu), "lstm-nalu"),
        (LanguageModel::Each(CellName::Dense(Activation::Linear)), "lstm-each"),
        (LanguageModel::Each(CellName::Nac), "lstm-nac-each"),
        (LanguageModel::Each(CellName::Nalu), "lstm-nalu-each"),
        (LanguageModel::Each(CellName::Nau), "lstm-nau-each"),
        (LanguageModel::Words(CellName::Nalu), "nalu"),
        (LanguageModel::Register, "register"),
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        let name = LanguageModel::ALL.into_iter().find(|(other, _)| *other == self).map(|(_, name)| name);
        name.expect("every model that can be asked for has a name")
    }

    /// The layers, with so many units in embedding and LSTM.
    pub fn cells<T: Real>(self, units: usize) -> Vec<Box<dyn Cell<T>>> {
        let memory = || Box::new(Lstm::new(units, units));
        let unroll = |read, step: &dyn Fn() -> Box<dyn Cell<T>>| -> Box<dyn Cell<T>> {
            Box::new(Unroll::new(LONGEST, read, FirstState::Zero, || Box::new(Masked::new(step()))))
        };
        let words = |size, start| Box::new(Embedding::new(WORDS, size, LONGEST, start));
        match self {
            LanguageModel::Last(cell) => {
                let memory = unroll(0..units, &|| memory());
                vec![words(units, Start::Normal), memory, cell.cell(units, 1)]
            }
            LanguageModel::Each(cell) => {
                let step = || Accumulated::new(memory(), units, cell.cell(units + 1, 1));
                let numbers = step().numbers();
                vec![words(units, Start::Normal), unroll(numbers, &|| Box::new(step()))]
            }
            LanguageModel::Words(cell) => {
                let number = unroll(0..1, &|| cell.cell(units + 1, 1));
                vec![words(units, Start::Normal), number]
            }
            LanguageModel::Register => {
                let register = unroll(0..1, &|| Box::new(Register));
                vec![words(OPERANDS, Start::Zero), register]
            }
        }
    }
}

impl std::fmt::Display for LanguageModel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
