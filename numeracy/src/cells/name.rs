//! The cells by name.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Beginning, Cell, Choice, Dense, INalu, Nac, NacMul, Nalu, Nau, Nmru, Nmu, RealNpu, Restraint, Sharing,
};
use crate::engine::Real;

/// A kind of cell, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum CellName {
    /// An affine layer with a non-linearity.
    Dense(Activation),
    /// The neural accumulator.
    Nac,
    /// The multiplying neural accumulator.
    NacMul,
    /// The neural arithmetic logic unit.
    Nalu,
    /// The same with weights of its own for each of sum and product.
    NaluSeparate,
    /// The improved neural arithmetic logic unit.
    INalu,
    /// The neural addition unit.
    Nau,
    /// The same with weights that begin around ½.
    NauHalf,
    /// The neural multiplication unit.
    Nmu,
    /// The same with weights that begin near 1.
    NmuAll,
    /// The real neural power unit.
    RealNpu,
    /// The same with weights that are drawn to whole numbers.
    RealNpuWhole,
    /// The same, which begins as a quotient.
    Quotient,
    /// The same, which begins as a square root.
    Root,
    /// The neural multiplicative reciprocal unit.
    Nmru,
}

/// The cells that are more than an affine layer.
const ARITHMETIC: [(CellName, &str); 14] = [
    (CellName::Nac, "nac"),
    (CellName::NacMul, "nac-mul"),
    (CellName::Nalu, "nalu"),
    (CellName::NaluSeparate, "nalu-separate"),
    (CellName::INalu, "inalu"),
    (CellName::Nau, "nau"),
    (CellName::NauHalf, "nau-half"),
    (CellName::Nmu, "nmu"),
    (CellName::NmuAll, "nmu-all"),
    (CellName::RealNpu, "real-npu"),
    (CellName::RealNpuWhole, "real-npu-whole"),
    (CellName::Quotient, "quotient"),
    (CellName::Root, "root"),
    (CellName::Nmru, "nmru"),
];

impl CellName {
    /// All names: cells of arithmetic first, then affine layers with each non-linearity.
    pub fn all() -> impl Iterator<Item = (CellName, &'static str)> {
        let dense = Activation::ALL.into_iter().map(|(activation, name)| (CellName::Dense(activation), name));
        ARITHMETIC.into_iter().chain(dense)
    }

    /// The cell of this name.
    pub fn parse(name: &str) -> Option<CellName> {
        CellName::all().find(|(_, other)| *other == name).map(|(cell, _)| cell)
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        CellName::all().find(|(other, _)| *other == self).map_or("", |(_, name)| name)
    }

    /// One cell of this kind.
    pub fn cell<T: Real>(self, inputs: usize, outputs: usize) -> Box<dyn Cell<T>> {
        match self {
            CellName::Dense(activation) => Box::new(Dense::new(inputs, outputs, activation)),
            CellName::Nac => Box::new(Nac::new(inputs, outputs)),
            CellName::NacMul => Box::new(NacMul::new(inputs, outputs)),
            CellName::Nalu => Box::new(Nalu::new(inputs, outputs, Sharing::Shared)),
            CellName::NaluSeparate => Box::new(Nalu::new(inputs, outputs, Sharing::Separate)),
            CellName::INalu => Box::new(INalu::new(inputs, outputs)),
            CellName::Nau => Box::new(Nau::new(inputs, outputs, Beginning::Centred)),
            CellName::NauHalf => Box::new(Nau::new(inputs, outputs, Beginning::Half)),
            CellName::Nmu => Box::new(Nmu::new(inputs, outputs, Choice::Open)),
            CellName::NmuAll => Box::new(Nmu::new(inputs, outputs, Choice::All)),
            CellName::RealNpu => Box::new(RealNpu::new(inputs, outputs, Restraint::None)),
            CellName::RealNpuWhole => Box::new(RealNpu::new(inputs, outputs, Restraint::Whole)),
            CellName::Quotient => Box::new(RealNpu::new(inputs, outputs, Restraint::Quotient)),
            CellName::Root => Box::new(RealNpu::new(inputs, outputs, Restraint::Root)),
            CellName::Nmru => Box::new(Nmru::new(inputs, outputs)),
        }
    }

    /// The cell below this one where two layers are asked for: what multiplies reads the sums of what adds
    /// (Madsen & Johansen 2020, table 4).
    pub fn below(self) -> CellName {
        match self {
            CellName::Nmu | CellName::NmuAll | CellName::RealNpu | CellName::RealNpuWhole | CellName::Nmru => {
                CellName::Nau
            }
            CellName::Quotient | CellName::Root => CellName::NauHalf,
            CellName::NacMul => CellName::Nac,
            CellName::Dense(_)
            | CellName::Nac
            | CellName::Nalu
            | CellName::NaluSeparate
            | CellName::INalu
            | CellName::Nau
            | CellName::NauHalf => self,
        }
    }
}

impl From<CellName> for String {
    fn from(cell: CellName) -> String {
        cell.as_str().to_owned()
    }
}

impl TryFrom<String> for CellName {
    type Error = String;

    fn try_from(name: String) -> Result<CellName, String> {
        CellName::parse(&name).ok_or_else(|| format!("there is no cell `{name}`"))
    }
}

impl std::fmt::Display for CellName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
