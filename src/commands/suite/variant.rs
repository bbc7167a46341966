//! The lines of a suite's comparison.

use gridworld_agents::AgentName;
use serde::{Deserialize, Serialize};

use crate::run::playing::Episodes;

/// One line of the comparison: an agent, and what is different about its training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Name of the variant's line, with which its runs' folders begin.
    pub name: String,
    /// Name of the agent.
    pub agent: AgentName,
    /// Flags of `gridworld train` beyond those of the whole suite.
    pub flags: Vec<String>,
}

impl Variant {
    /// Makes a variant of the agent as it is.
    pub fn plain(agent: AgentName) -> Variant {
        Variant { name: agent.to_string(), agent, flags: Vec::new() }
    }

    /// The agent with further flags, written as on a command line.
    pub fn changed(name: &str, agent: AgentName, flags: &str) -> Variant {
        Variant { name: name.to_owned(), agent, flags: flags.split_whitespace().map(str::to_owned).collect() }
    }

    /// Returns the flags of a training of it, which do not say its seed and its folder: its agent, those of the whole
    /// suite and its own; its own values of T take the place of the suite's.
    pub fn flags_of_training(&self, common: &[String]) -> Vec<String> {
        let own = self.flags.iter().any(|flag| flag == "--T");
        let place = common.iter().position(|flag| own && flag == "--T");
        let kept = common.iter().enumerate().filter(|(i, _)| place.is_none_or(|at| *i != at && *i != at + 1));
        let agent = ["--agent".to_owned(), self.agent.to_string()];
        agent.into_iter().chain(kept.map(|(_, flag)| flag.clone())).chain(self.flags.iter().cloned()).collect()
    }
}

/// T and episodes that the evaluations of a suite are asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Values of T that are evaluated.
    pub instructions: Vec<u32>,
    /// Episodes at each T.
    pub episodes: Episodes,
    /// Least [rank](crate::run::evaluation::Row::rank) of the results.
    pub rank: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variants_own_values_take_the_place_of_the_suites() {
        let common = ["--T", "5..12", "--workers", "1"].map(str::to_owned);
        let flags = |flags| Variant::changed("v", AgentName::Lstm, flags).flags_of_training(&common).join(" ");
        assert_eq!(flags("--units 2"), "--agent lstm --T 5..12 --workers 1 --units 2");
        assert_eq!(flags("--T 5..8"), "--agent lstm --workers 1 --T 5..8");
        assert_eq!(flags(""), "--agent lstm --T 5..12 --workers 1");
    }
}
