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
        /// A kind of cell, by its name in `--cell` ([`as_str`](Self::as_str)).
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
    "NAC, the neural accumulator (`nac`)."
    Nac = "nac", Nac, PLAIN, |i, o| Nac::new(i, o);
    "Multiplying NAC, without a sum (`nac-mul`)."
    NacMul = "nac-mul", Nac, PLAIN, |i, o| NacMul::new(i, o);
    "NALU, the neural arithmetic logic unit, with the same weights for sum and product (`nalu`)."
    Nalu = "nalu", Nalu, PLAIN, |i, o| Nalu::new(i, o, Sharing::Shared);
    "NALU with separate weights for sum and product (`nalu-separate`)."
    NaluSeparate = "nalu-separate", NaluSeparate, PLAIN, |i, o| Nalu::new(i, o, Sharing::Separate);
    "iNALU, the improved neural arithmetic logic unit (`inalu`)."
    INalu = "inalu", INalu, INALU, |i, o| INalu::new(i, o);
    "NAU, the neural addition unit (`nau`)."
    Nau = "nau", Nau, SUM, |i, o| Nau::new(i, o, Init::Centred);
    "NAU with initial weights around ½ (`nau-half`)."
    NauHalf = "nau-half", NauHalf, SUM, |i, o| Nau::new(i, o, Init::Half);
    "NMU, the neural multiplication unit (`nmu`)."
    Nmu = "nmu", Nau, PRODUCT, |i, o| Nmu::new(i, o, Choice::Open);
    "NMU with initial weights near 1 (`nmu-all`)."
    NmuAll = "nmu-all", Nau, PRODUCT, |i, o| Nmu::new(i, o, Choice::All);
    "Real NPU, the real neural power unit (`real-npu`)."
    RealNpu = "real-npu", Nau, POWER, |i, o| RealNpu::new(i, o, Variant::None);
    "Real NPU with a regularizer that draws its weights to whole numbers (`real-npu-whole`)."
    RealNpuWhole = "real-npu-whole", Nau, WHOLE_POWER, |i, o| RealNpu::new(i, o, Variant::Whole);
    "Regularized real NPU that begins as a quotient (`quotient`)."
    Quotient = "quotient", NauHalf, OURS, |i, o| RealNpu::new(i, o, Variant::Quotient);
    "Real NPU with regularized gates that begins as a square root (`root`)."
    Root = "root", NauHalf, OURS, |i, o| RealNpu::new(i, o, Variant::Root);
    "NMRU, the neural multiplicative reciprocal unit (`nmru`)."
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
