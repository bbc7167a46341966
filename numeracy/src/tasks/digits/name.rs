//! The cells' names.

use serde::{Deserialize, Serialize};

/// What counts, adds or multiplies what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DigitsCell {
    /// `h_t = h_tm1 + x_t`, for products `h_t = h_tm1 x_t`: nothing to be learned, the reference that the others are
    /// measured by.
    Perfect,
    /// `h_t = W [x_t, h_tm1]`.
    Linear,
    /// The same with a NAC's W (Trask et al. 2018).
    Nac,
    /// The same with a NAU's W (Madsen & Johansen 2020).
    Nau,
    /// The same, rounded on the way.
    #[serde(rename = "nau-rounded")]
    NauRounded,
    /// A NALU of `[x_t, h_tm1]` (Trask et al. 2018).
    Nalu,
    /// The same `[x_t, h_tm1]` to the powers of a NAC's W, multiplied (Trask et al. 2018).
    #[serde(rename = "nac-mul")]
    NacMul,
    /// An NMU of `[x_t, h_tm1]`: factors `W (x − 1) + 1` (Madsen & Johansen 2020).
    Nmu,
    /// The same, rounded on the way.
    #[serde(rename = "nmu-rounded")]
    NmuRounded,
    /// The simple recurrent network and a linear layer.
    Rnn,
    /// The gated recurrent unit and a linear layer.
    Gru,
    /// The LSTM and a linear layer.
    Lstm,
    /// `h_t = h_tm1 + W x_t` with a NAU's W that begins as the unit matrix, rounded on the way: the loop that this
    /// project's agents count with. For products `h_t = h_tm1 (W (x_t − 1) + 1)`, likewise.
    Counter,
}

impl DigitsCell {
    /// All, with their names.
    pub const ALL: [(DigitsCell, &'static str); 13] = [
        (DigitsCell::Perfect, "perfect"),
        (DigitsCell::Linear, "linear"),
        (DigitsCell::Nac, "nac"),
        (DigitsCell::Nau, "nau"),
        (DigitsCell::NauRounded, "nau-rounded"),
        (DigitsCell::Nalu, "nalu"),
        (DigitsCell::NacMul, "nac-mul"),
        (DigitsCell::Nmu, "nmu"),
        (DigitsCell::NmuRounded, "nmu-rounded"),
        (DigitsCell::Rnn, "rnn"),
        (DigitsCell::Gru, "gru"),
        (DigitsCell::Lstm, "lstm"),
        (DigitsCell::Counter, "counter"),
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        DigitsCell::ALL.iter().find(|(other, _)| *other == self).map_or("", |(_, name)| name)
    }

    /// Whether it begins where it could be used: there is nothing for it to learn before the reader does.
    pub(super) fn is_ready(self) -> bool {
        matches!(self, DigitsCell::Perfect | DigitsCell::Counter)
    }

    /// Vectors of hidden units that a step computes; 0 for the cells whose state is the answer.
    pub(super) fn gates(self) -> usize {
        match self {
            DigitsCell::Rnn => 1,
            DigitsCell::Gru => 3,
            DigitsCell::Lstm => 4,
            DigitsCell::Perfect
            | DigitsCell::Linear
            | DigitsCell::Nac
            | DigitsCell::Nau
            | DigitsCell::NauRounded
            | DigitsCell::Nalu
            | DigitsCell::NacMul
            | DigitsCell::Nmu
            | DigitsCell::NmuRounded
            | DigitsCell::Counter => 0,
        }
    }
}

impl std::fmt::Display for DigitsCell {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
