//! Agents by name. A learning agent is named after its feedback loop, whatever core takes the LSTM's place.

use serde::{Deserialize, Serialize};

use crate::cells::Cell;
use crate::named::named;

/// An agent's name, as in `--agent`: its core, or a policy that does not learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum AgentName {
    /// LSTM over the features and the instruction.
    Lstm,
    /// LSTM with a feedback loop: the instruction goes through this cell, whose output feeds back.
    LstmWith(Cell),
    /// Oracle, which gets the most reward there is; learns nothing.
    Oracle,
    /// Uniformly random actions; learns nothing.
    Random,
}

#[allow(non_upper_case_globals, reason = "they are written like the variants beside them")]
impl AgentName {
    /// The LSTM with a NAC.
    pub const LstmNac: AgentName = AgentName::LstmWith(Cell::Nac);
    /// The LSTM with a NALU.
    pub const LstmNalu: AgentName = AgentName::LstmWith(Cell::Nalu);
    /// The LSTM with a NAU: counters that it reads, and nothing else of the instruction.
    pub const LstmNau: AgentName = AgentName::LstmWith(Cell::Nau);
}

impl AgentName {
    /// All agents without those of cells that were registered, in the order of the tables.
    pub const ALL: [AgentName; Cell::ALL.len() + 3] = {
        let mut all = [AgentName::Lstm; Cell::ALL.len() + 3];
        let mut index = 0;
        while index < Cell::ALL.len() {
            all[index + 1] = AgentName::LstmWith(Cell::ALL[index]);
            index += 1;
        }
        all[index + 1] = AgentName::Oracle;
        all[index + 2] = AgentName::Random;
        all
    };

    /// Finds the agent that is written so, be it one of a registered cell.
    pub(crate) fn parse(written: &str) -> Option<AgentName> {
        let of_cell = || Some(AgentName::LstmWith(Cell::find(|about| about.agent == written)?));
        AgentName::ALL.into_iter().find(|agent| agent.as_str() == written).or_else(of_cell)
    }

    /// Gives the name as users write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            AgentName::Lstm => "lstm",
            AgentName::LstmWith(cell) => cell.about().agent,
            AgentName::Oracle => "oracle",
            AgentName::Random => "random",
        }
    }

    /// Describes the agent in one line, for lists and help.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            AgentName::Lstm => "LSTM over the image's features and the instruction T",
            AgentName::LstmWith(cell) => cell.about().summary,
            AgentName::Oracle => "the best possible policy: it always arrives on time where it can (no learning)",
            AgentName::Random => "uniformly random actions, as a baseline (no learning)",
        }
    }

    /// Tells if the agent has parameters to train.
    #[must_use]
    pub fn learns(self) -> bool {
        !matches!(self, AgentName::Oracle | AgentName::Random)
    }

    /// Gives the cell of the feedback loop, if the agent has one.
    #[must_use]
    pub fn cell(self) -> Option<Cell> {
        match self {
            AgentName::LstmWith(cell) => Some(cell),
            AgentName::Lstm | AgentName::Oracle | AgentName::Random => None,
        }
    }
}

impl std::fmt::Display for AgentName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

named!(AgentName, as_str, AgentName::parse);
