//! The lines of a suite's comparison.

use gridworld_agents::AgentName;
use serde::{Deserialize, Serialize};

use crate::options::training::{renamed, without_effect};
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
    /// suite that act on this agent, and its own; its own values of T take the place of the suite's.
    pub fn flags_of_training(&self, common: &[String]) -> Vec<String> {
        let has_own = self.flags.iter().any(|flag| flag == "--T");
        let mut flags = vec!["--agent".to_owned(), self.agent.to_string()];
        let mut words = common.iter();
        while let Some(word) = words.next() {
            let present = renamed(word);
            let flag = present.split('=').next().unwrap_or_default();
            if !(has_own && flag == "--T") && without_effect(flag, self.agent).is_none() {
                flags.push(word.clone());
            } else if !present.contains('=') {
                // Its value is the next word.
                words.next();
            }
        }
        flags.extend(self.flags.iter().cloned());
        flags
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
        assert_eq!(flags("--hidden 8"), "--agent lstm --T 5..12 --workers 1 --hidden 8");
        assert_eq!(flags("--T 5..8"), "--agent lstm --workers 1 --T 5..8");
        assert_eq!(flags(""), "--agent lstm --T 5..12 --workers 1");
    }

    #[test]
    fn a_suites_flags_reach_the_agents_on_which_they_act() {
        let common = ["--units=4", "--told", "first", "--reading", "state", "--sparsity", "0", "--hidden", "8"];
        let common = common.map(str::to_owned);
        let flags = |agent| Variant::plain(agent).flags_of_training(&common)[2..].join(" ");
        assert_eq!(flags(AgentName::Lstm), "--told first --hidden 8");
        assert_eq!(flags(AgentName::LstmNac), "--units=4 --told first --reading state --hidden 8");
        assert_eq!(flags(AgentName::LstmNau), common.join(" "));
    }
}
