//! Models that read a sequence.

use serde::{Deserialize, Serialize};

use super::problem::FEATURES;
use crate::cells::{Activation, Cell, CellName, Dense};
use crate::engine::Real;
use crate::recurrent::{FirstState, Gru, Lstm, RunningSum, Unroll};

/// A recurrent cell over the features and its own state, and a layer that reads its last state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecurrentModel {
    /// Cell that reads the state, which it makes too, or the cell that belongs below it does.
    Cell(CellName),
    /// Cell that reads a running sum of a NAU that begins around ½, so that every sum begins positive.
    RunningSum(CellName),
    /// Affine layer with this non-linearity, read by an affine layer.
    Rnn(Activation),
    /// Gated recurrent unit, read by an affine layer.
    Gru,
    /// Long short-term memory, read by an affine layer.
    Lstm,
}

impl RecurrentModel {
    /// Model by default.
    pub const DEFAULT: RecurrentModel = RecurrentModel::RunningSum(CellName::Nau);
    /// All models, with their names.
    pub const ALL: [(RecurrentModel, &'static str); 16] = [
        (RecurrentModel::Cell(CellName::Nac), "nac"),
        (RecurrentModel::Cell(CellName::NacMul), "nac-mul"),
        (RecurrentModel::Cell(CellName::Nalu), "nalu"),
        (RecurrentModel::Cell(CellName::Nau), "nau"),
        (RecurrentModel::Cell(CellName::Nmu), "nmu"),
        (RecurrentModel::Cell(CellName::RealNpu), "real-npu"),
        (RecurrentModel::RunningSum(CellName::Nau), "sum-nau"),
        (RecurrentModel::RunningSum(CellName::Nmu), "sum-nmu"),
        (RecurrentModel::RunningSum(CellName::RealNpu), "sum-real-npu"),
        (RecurrentModel::RunningSum(CellName::RealNpuWhole), "sum-real-npu-whole"),
        (RecurrentModel::RunningSum(CellName::Quotient), "sum-quotient"),
        (RecurrentModel::RunningSum(CellName::Root), "sum-root"),
        (RecurrentModel::Rnn(Activation::Tanh), "rnn-tanh"),
        (RecurrentModel::Rnn(Activation::Relu), "rnn-relu"),
        (RecurrentModel::Gru, "gru"),
        (RecurrentModel::Lstm, "lstm"),
    ];

    /// Gives the model's name.
    #[expect(clippy::missing_panics_doc, reason = "the table has every model")]
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let name = RecurrentModel::ALL.into_iter().find(|(other, _)| *other == self).map(|(_, name)| name);
        name.expect("every model that can be asked for has a name")
    }

    /// Gives the cell that makes the state, where that is a cell of arithmetic.
    #[must_use]
    pub fn below(self) -> Option<CellName> {
        match self {
            RecurrentModel::Cell(cell) => Some(cell.below()),
            RecurrentModel::RunningSum(_) => Some(CellName::NauHalf),
            RecurrentModel::Rnn(_) | RecurrentModel::Gru | RecurrentModel::Lstm => None,
        }
    }

    /// Makes the layers for a sequence of this length, with so many units.
    #[must_use]
    pub fn cells<T: Real>(self, length: usize, units: usize) -> Vec<Box<dyn Cell<T>>> {
        let unroll = |step: &dyn Fn() -> Box<dyn Cell<T>>| -> Box<dyn Cell<T>> {
            let first = if let RecurrentModel::RunningSum(_) = self { FirstState::Zero } else { FirstState::Learned };
            Box::new(Unroll::new(length, 0..units, first, step))
        };
        let affine = || Box::new(Dense::new(units, 1, Activation::Linear));
        match self {
            RecurrentModel::Cell(cell) => {
                vec![unroll(&|| cell.below().cell(FEATURES + units, units)), cell.cell(units, 1)]
            }
            RecurrentModel::RunningSum(cell) => {
                let below = || CellName::NauHalf.cell(FEATURES, units);
                vec![unroll(&|| Box::new(RunningSum::new(below()))), cell.cell(units, 1)]
            }
            RecurrentModel::Rnn(f) => vec![unroll(&|| Box::new(Dense::new(FEATURES + units, units, f))), affine()],
            RecurrentModel::Gru => vec![unroll(&|| Box::new(Gru::new(FEATURES, units))), affine()],
            RecurrentModel::Lstm => vec![unroll(&|| Box::new(Lstm::new(FEATURES, units))), affine()],
        }
    }
}

impl std::fmt::Display for RecurrentModel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
