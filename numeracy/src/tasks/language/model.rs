//! Models that read number words.

use serde::{Deserialize, Serialize};

use super::words::{LONGEST, WORDS};
use crate::cells::{Activation, Cell, CellName};
use crate::engine::Real;
use crate::recurrent::{Lstm, OPERANDS, Pairs, Reader, Register, Start};

/// A model that turns words into a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LanguageModel {
    /// LSTM, and this cell over its state after the last word.
    Last(CellName),
    /// LSTM, and this cell over its state after each word and what the cell gave before.
    Each(CellName),
    /// Cell over the vector of each word and what the cell gave before, without an LSTM.
    Words(CellName),
    /// Cell over the vectors of each word and the one after it, summed up, without an LSTM.
    Pairs(CellName),
    /// The register, which reads the words themselves.
    Register,
}

impl LanguageModel {
    /// All models, with their names.
    pub const ALL: [(LanguageModel, &'static str); 12] = [
        (LanguageModel::Last(CellName::Dense(Activation::Linear)), "lstm"),
        (LanguageModel::Last(CellName::Nac), "lstm-nac"),
        (LanguageModel::Last(CellName::Nalu), "lstm-nalu"),
        (LanguageModel::Each(CellName::Dense(Activation::Linear)), "lstm-each"),
        (LanguageModel::Each(CellName::Nac), "lstm-nac-each"),
        (LanguageModel::Each(CellName::Nalu), "lstm-nalu-each"),
        (LanguageModel::Each(CellName::Nau), "lstm-nau-each"),
        (LanguageModel::Words(CellName::Nalu), "nalu"),
        (LanguageModel::Pairs(CellName::Dense(Activation::Linear)), "linear-pairs"),
        (LanguageModel::Pairs(CellName::Nalu), "nalu-pairs"),
        (LanguageModel::Pairs(CellName::NaluSeparate), "nalu-separate-pairs"),
        (LanguageModel::Register, "register"),
    ];

    /// Gives the model's name.
    #[expect(clippy::missing_panics_doc, reason = "the table has every model")]
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let name = LanguageModel::ALL.into_iter().find(|(other, _)| *other == self).map(|(_, name)| name);
        name.expect("every model that can be asked for has a name")
    }

    /// Makes the layers, with so many units in embedding and LSTM.
    #[must_use]
    pub fn cells<T: Real>(self, units: usize) -> Vec<Box<dyn Cell<T>>> {
        let reader = Reader { words: WORDS, length: LONGEST };
        match self {
            LanguageModel::Last(cell) => reader.last(units, || Box::new(Lstm::new(units, units)), cell),
            LanguageModel::Each(cell) => reader.each(units, cell),
            LanguageModel::Words(cell) => {
                vec![reader.vectors(units, Start::Normal), reader.steps(0..1, || cell.cell(units + 1, 1))]
            }
            LanguageModel::Pairs(cell) => {
                let pairs = Pairs::new(LONGEST, || cell.cell(2 * units, 1));
                vec![reader.vectors(units, Start::Normal), Box::new(pairs)]
            }
            LanguageModel::Register => {
                vec![reader.vectors(OPERANDS, Start::Zero), reader.steps(0..1, || Box::new(Register))]
            }
        }
    }
}

impl std::fmt::Display for LanguageModel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
