//! Agents by name, and the cells that tell some of them apart.

use serde::{Deserialize, Serialize};

/// An agent's name, as in `--agent`: its core, or a policy that does not learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentName {
    /// LSTM over the features and the instruction.
    Lstm,
    /// LSTM over the features, and the instruction goes through a NAC whose output feeds back.
    LstmNac,
    /// LSTM over the features, and the instruction goes through a NALU whose output feeds back.
    LstmNalu,
    /// LSTM over the features and the counters of a NAU, and nothing else of the instruction.
    LstmNau,
    /// Policy with the most reward there is; learns nothing.
    Oracle,
    /// Uniformly random actions; learns nothing.
    Random,
}

impl AgentName {
    /// All agents, in the order of the tables.
    pub const ALL: [AgentName; 6] = [
        AgentName::Lstm,
        AgentName::LstmNac,
        AgentName::LstmNalu,
        AgentName::LstmNau,
        AgentName::Oracle,
        AgentName::Random,
    ];

    /// Gives the name as users write it.
    pub fn as_str(self) -> &'static str {
        match self {
            AgentName::Lstm => "lstm",
            AgentName::LstmNac => "lstm-nac",
            AgentName::LstmNalu => "lstm-nalu",
            AgentName::LstmNau => "lstm-nau",
            AgentName::Oracle => "oracle",
            AgentName::Random => "random",
        }
    }

    /// Describes the agent in one line, for lists and help.
    pub fn summary(self) -> &'static str {
        match self {
            AgentName::Lstm => "LSTM over the image's features and the instruction T",
            AgentName::LstmNac => "lstm, and T also goes through a NAC whose output feeds back into the LSTM",
            AgentName::LstmNalu => "lstm-nac with a NALU in the place of the NAC",
            AgentName::LstmNau => "T reaches the LSTM only through counters: a NAU whose weights are −1, 0 and 1",
            AgentName::Oracle => "the best possible policy: it always arrives on time where it can (no learning)",
            AgentName::Random => "uniformly random actions, as a baseline (no learning)",
        }
    }

    /// Tells if the agent has parameters to train.
    pub fn learns(self) -> bool {
        !matches!(self, AgentName::Oracle | AgentName::Random)
    }

    /// Gives the cell of the feedback loop, if the agent has one.
    pub fn cell(self) -> Option<Cell> {
        match self {
            AgentName::LstmNac => Some(Cell::Nac),
            AgentName::LstmNalu => Some(Cell::Nalu),
            AgentName::LstmNau => Some(Cell::Nau),
            AgentName::Lstm | AgentName::Oracle | AgentName::Random => None,
        }
    }
}

impl std::fmt::Display for AgentName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The cell in the feedback loop: what `W` is made of, and what is made of `W`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// The neural accumulator (Trask et al. 2018).
    Nac,
    /// The neural arithmetic logic unit (Trask et al. 2018).
    Nalu,
    /// The neural addition unit (Madsen & Johansen 2020).
    Nau,
}
