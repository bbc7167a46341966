//! The cells by name.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Cell, Choice, Dense, INalu, Init, Learning, Nac, NacMul, Nalu, Nau, Nmru, Nmu, RealNpu, Sharing,
    Variant,
};
use crate::engine::Real;

/// Makes the cells of arithmetic of their rows: the words, the name, the cell below where two layers are asked for (what
/// multiplies reads the sums of what adds: Madsen & Johansen 2020, table 4), how it is trained, and how it is made.
macro_rules! cells {
    ($($words:literal $cell:ident = $name:literal, $below:ident, $learning:ident,
       |$inputs:ident, $outputs:ident| $new:expr;)*) => {
        /// A kind of cell, as it is asked for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub enum CellName {
            /// An affine layer with a non-linearity.
            Dense(Activation),
            $(#[doc = $words] $cell,)*
        }

        /// The cells that are more than an affine layer.
        const ARITHMETIC: &[(CellName, &str)] = &[$((CellName::$cell, $name),)*];

        impl CellName {
            /// Makes one cell of this kind.
            pub fn cell<T: Real>(self, inputs: usize, outputs: usize) -> Box<dyn Cell<T>> {
                match self {
                    CellName::Dense(activation) => Box::new(Dense::new(inputs, outputs, activation)),
                    $(CellName::$cell => {
                        let ($inputs, $outputs) = (inputs, outputs);
                        Box::new($new)
                    })*
                }
            }

            /// Gives the cell below this one where two layers are asked for.
            pub fn below(self) -> CellName {
                match self {
                    CellName::Dense(_) => self,
                    $(CellName::$cell => CellName::$below,)*
                }
            }

            /// Gives the cell's training settings in the published experiments.
            pub fn learning(self) -> Learning {
                match self {
                    CellName::Dense(_) => Learning::PLAIN,
                    $(CellName::$cell => Learning::$learning,)*
                }
            }
        }
    };
}

cells! {
    "The neural accumulator."
    Nac = "nac", Nac, PLAIN, |i, o| Nac::new(i, o);
    "The multiplying neural accumulator."
    NacMul = "nac-mul", Nac, PLAIN, |i, o| NacMul::new(i, o);
    "The neural arithmetic logic unit."
    Nalu = "nalu", Nalu, PLAIN, |i, o| Nalu::new(i, o, Sharing::Shared);
    "The same with weights of its own for each of sum and product."
    NaluSeparate = "nalu-separate", NaluSeparate, PLAIN, |i, o| Nalu::new(i, o, Sharing::Separate);
    "The improved neural arithmetic logic unit."
    INalu = "inalu", INalu, INALU, |i, o| INalu::new(i, o);
    "The neural addition unit."
    Nau = "nau", Nau, SUM, |i, o| Nau::new(i, o, Init::Centred);
    "The same with weights that begin around ½."
    NauHalf = "nau-half", NauHalf, SUM, |i, o| Nau::new(i, o, Init::Half);
    "The neural multiplication unit."
    Nmu = "nmu", Nau, PRODUCT, |i, o| Nmu::new(i, o, Choice::Open);
    "The same with weights that begin near 1."
    NmuAll = "nmu-all", Nau, PRODUCT, |i, o| Nmu::new(i, o, Choice::All);
    "The real neural power unit."
    RealNpu = "real-npu", Nau, POWER, |i, o| RealNpu::new(i, o, Variant::None);
    "The same with weights that are drawn to whole numbers."
    RealNpuWhole = "real-npu-whole", Nau, WHOLE_POWER, |i, o| RealNpu::new(i, o, Variant::Whole);
    "The same, which begins as a quotient."
    Quotient = "quotient", NauHalf, OURS, |i, o| RealNpu::new(i, o, Variant::Quotient);
    "The same, which begins as a square root."
    Root = "root", NauHalf, OURS, |i, o| RealNpu::new(i, o, Variant::Root);
    "The neural multiplicative reciprocal unit."
    Nmru = "nmru", Nau, RECIPROCAL, |i, o| Nmru::new(i, o);
}

impl CellName {
    /// Gives all names: cells of arithmetic first, then affine layers with each non-linearity.
    pub fn all() -> impl Iterator<Item = (CellName, &'static str)> {
        let dense = Activation::ALL.into_iter().map(|(activation, name)| (CellName::Dense(activation), name));
        ARITHMETIC.iter().copied().chain(dense)
    }

    /// Finds the cell of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<CellName> {
        CellName::all().find(|(_, other)| *other == name).map(|(cell, _)| cell)
    }

    /// Gives the cell's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        CellName::all().find(|(other, _)| *other == self).map_or("", |(_, name)| name)
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
