//! The cells of the task with digits, by name.

use serde::{Deserialize, Serialize};

/// Cell that counts, adds or multiplies the numbers that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DigitsCell {
    /// Reference without anything to learn, by which the others are judged: `h_t = h_tm1 + x_t`, or, for products,
    /// `h_t = h_tm1 x_t`.
    Perfect,
    /// Linear layer: `h_t = W [x_t, h_tm1]`.
    Linear,
    /// Layer `h_t = W [x_t, h_tm1]` with a NAC's W (Trask et al. 2018).
    Nac,
    /// Layer `h_t = W [x_t, h_tm1]` with a NAU's W (Madsen & Johansen 2020).
    Nau,
    /// Layer `h_t = W [x_t, h_tm1]` with a NAU's W, which is rounded in the course of the training.
    #[serde(rename = "nau-rounded")]
    NauRounded,
    /// A NALU of `[x_t, h_tm1]` (Trask et al. 2018).
    Nalu,
    /// Product of `[x_t, h_tm1]` to the powers of a NAC's W (Trask et al. 2018).
    #[serde(rename = "nac-mul")]
    NacMul,
    /// An NMU of `[x_t, h_tm1]`: factors `W (x − 1) + 1` (Madsen & Johansen 2020).
    Nmu,
    /// An NMU of `[x_t, h_tm1]` whose W is rounded in the course of the training.
    #[serde(rename = "nmu-rounded")]
    NmuRounded,
    /// Simple recurrent network and a linear layer.
    Rnn,
    /// Gated recurrent unit and a linear layer.
    Gru,
    /// LSTM and a linear layer.
    Lstm,
    /// Counter `h_t = h_tm1 + W x_t` with a NAU's W that begins as the unit matrix and is rounded in the course of the
    /// training: the loop that this project's agents count with. For products `h_t = h_tm1 (W (x_t − 1) + 1)`,
    /// likewise.
    Counter,
}

impl DigitsCell {
    /// All cells, with their names.
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

    /// Gives the cell's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        DigitsCell::ALL.iter().find(|(other, _)| *other == self).map_or("", |(_, name)| name)
    }

    /// Tells if the cell computes the answer from the start: there is nothing for it to learn before the reader does.
    pub(super) fn is_ready(self) -> bool {
        matches!(self, DigitsCell::Perfect | DigitsCell::Counter)
    }

    /// Gives the number of vectors of hidden units that a step computes; 0 for the cells whose state is the answer.
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
