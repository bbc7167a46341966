//! The suites that docs/ is made from.

use clap::ValueEnum;
use gridworld_agents::{AgentName, TrainingConfig};
use gridworld_envs::{Instructions, IntervalReproductionConfig, Settings as _, TimedArrivalConfig};

use super::search;
use super::variant::Variant;

const LSTM: AgentName = AgentName::Lstm;
const NAC: AgentName = AgentName::LstmNac;
const NALU: AgentName = AgentName::LstmNalu;
const NAU: AgentName = AgentName::LstmNau;

/// A suite with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// The paper's figure and beyond: every agent, T from 5 to 30 and up to 10,000 (docs/results.md)
    Paper,
    /// Contribution of each part of lstm-nau and lstm-nac (docs/ablations.md)
    Ablations,
    /// Every agent reproduces intervals (docs/intervals.md)
    Intervals,
    /// Random search for the settings of the LSTM and of each input of lstm-nac's feedback loop (docs/search.md)
    Search,
    /// The LSTM and each input of lstm-nac's feedback loop, with the best settings of that search (docs/readings.md)
    Readings,
}

impl Preset {
    /// Gives the name as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Preset::Paper => "paper",
            Preset::Ablations => "ablations",
            Preset::Intervals => "intervals",
            Preset::Search => "search",
            Preset::Readings => "readings",
        }
    }

    /// Gives the path of the page that the preset writes.
    pub fn page(self) -> &'static str {
        match self {
            Preset::Paper => "docs/results.md",
            Preset::Ablations => "docs/ablations.md",
            Preset::Intervals => "docs/intervals.md",
            Preset::Search => "docs/search.md",
            Preset::Readings => "docs/readings.md",
        }
    }

    /// Gives the page's heading, and the text below it.
    pub fn introduction(self) -> (&'static str, &'static str) {
        match self {
            Preset::Paper => (
                "Results",
                "The agents of the paper's figure and two more, trained from pixels on T ∈ 5..12 with the default \
                 settings and one worker. See also: [ablations](ablations.md), [a second environment](intervals.md), \
                 [the training's settings](tuning.md).",
            ),
            Preset::Ablations => (
                "Ablations",
                "`lstm-nau` without each of its parts, other interpretations of the paper's NAC agent, and an LSTM that is \
                 given T at the first step only. Each row is the default training with the flags beside it.",
            ),
            Preset::Intervals => (
                "Reproducing intervals",
                "`IntervalReproduction-v1`: two flashes are T steps apart, and the agent must reach the target T steps \
                 after the second, one step more or less allowed. No number is given to the agent; the feedback loop of \
                 `lstm-nac` and `lstm-nau` reads a clock and the LSTM's state (`--feedback-input additive-state`).",
            ),
            Preset::Search => (
                "Search for settings",
                "The same random settings for the LSTM alone and for `lstm-nac` with each input of its feedback loop, so that \
                 none of them is judged under settings that were found for another. The best ones are those of \
                 [the comparison](readings.md).",
            ),
            Preset::Readings => (
                "Inputs of the feedback loop",
                "The LSTM alone and `lstm-nac` with each input of its feedback loop, each with the best settings of a \
                 [search](search.md) that looked at T ∈ 5..12 alone; beside them the default settings. The paper's NAC agent \
                 holds to T = 19; its text allows `recurrent` and `state`.",
            ),
        }
    }

    /// Gives the name of the environment.
    pub fn environment(self) -> &'static str {
        match self {
            Preset::Paper | Preset::Ablations | Preset::Search | Preset::Readings => TimedArrivalConfig::DESCRIPTION.id,
            Preset::Intervals => IntervalReproductionConfig::DESCRIPTION.id,
        }
    }

    /// Gives the sentence of the page that says which episodes are feasible.
    pub fn feasible(self) -> &'static str {
        match self {
            Preset::Paper | Preset::Ablations | Preset::Search | Preset::Readings => {
                "An episode is feasible if the target is near enough to be reached by step T."
            }
            Preset::Intervals => {
                "An episode is feasible if the target is at most w + 2T + 1 steps away, where w is the wait before the \
                 first flash."
            }
        }
    }

    /// Number of seeds of each variant.
    pub fn seeds(self) -> u64 {
        match self {
            Preset::Paper | Preset::Intervals => 10,
            Preset::Ablations => 5,
            Preset::Search => 1,
            Preset::Readings => 20,
        }
    }

    /// Number of workers of each training: one where many trainings are to be compared, and that of the default command
    /// where its results are.
    pub fn workers(self) -> usize {
        match self {
            Preset::Readings => TrainingConfig::of(NAC).workers,
            Preset::Paper | Preset::Intervals | Preset::Ablations | Preset::Search => 1,
        }
    }

    /// Gives the flags of all of its trainings, beyond T and the workers.
    pub fn flags(self) -> &'static str {
        match self {
            Preset::Search => search::FLAGS,
            _ => "",
        }
    }

    /// Gives the values of T to train on, and to evaluate.
    pub fn instructions(self) -> (&'static str, &'static str) {
        match self {
            Preset::Paper => (Instructions::PAPER, "5..30,50,100,300,1000,10000"),
            Preset::Ablations => (Instructions::PAPER, "5..12,13,14,15,17,19,22,25,30,50,100,300,1000"),
            Preset::Search => (Instructions::PAPER, Instructions::PAPER),
            Preset::Readings => (Instructions::PAPER, "5..30,50,100,300,1000"),
            Preset::Intervals => ("3..8", "1..16,18,20,25,30,40,50,100"),
        }
    }

    /// Gives the lines of the comparison.
    pub fn variants(self) -> Vec<Variant> {
        match self {
            Preset::Paper => [LSTM, NAC, NALU, NAU].map(Variant::plain).to_vec(),
            Preset::Ablations => {
                ABLATIONS.iter().map(|&(name, agent, flags)| Variant::changed(name, agent, flags)).collect()
            }
            Preset::Search => search::variants(),
            Preset::Readings => {
                READINGS.iter().map(|&(name, agent, flags)| Variant::changed(name, agent, flags)).collect()
            }
            Preset::Intervals => vec![
                Variant::changed("lstm", LSTM, "--entropy 0.1"),
                Variant::changed("lstm-nac", NAC, "--feedback-input additive-state"),
                Variant::changed("lstm-nau", NAU, "--feedback-input additive-state"),
                Variant::changed("nau-gain-1", NAU, "--feedback-input additive-state --gain 1"),
                Variant::changed("nau-never-whole", NAU, "--feedback-input additive-state --round-weights 1"),
            ],
        }
    }
}

/// Name, agent and flags of each ablation.
const ABLATIONS: &[(&str, AgentName, &str)] = &[
    ("lstm-nau", NAU, ""),
    ("nau-no-regularizer", NAU, "--sparsity 0"),
    ("nau-never-whole", NAU, "--round-weights 1"),
    ("nau-neither", NAU, "--sparsity 0 --round-weights 1"),
    ("nau-whole-at-once", NAU, "--sparsity-ramp 0..0.01 --round-weights 0.01"),
    ("nau-told-always", NAU, "--instruction-input always"),
    ("nau-told-first", NAU, "--instruction-input first"),
    ("nau-gain-1", NAU, "--gain 1"),
    ("nau-units-1", NAU, "--units 1"),
    ("nau-units-2", NAU, "--units 2"),
    ("nau-units-4", NAU, "--units 4"),
    ("nau-units-16", NAU, "--units 16"),
    ("nau-exact-reward", NAU, "--reward exact"),
    ("nau-hidden-32", NAU, "--hidden 32"),
    ("nau-hidden-128", NAU, "--hidden 128"),
    ("nau-T-5..8", NAU, "--T 5..8"),
    ("nau-T-5..20", NAU, "--T 5..20"),
    ("nac-additive", NAC, ""),
    ("nac-recurrent", NAC, "--feedback-input recurrent"),
    ("nac-state", NAC, "--feedback-input state"),
    ("nac-instruction", NAC, "--feedback-input instruction"),
    ("lstm-told-first", LSTM, "--instruction-input first --entropy 0.1"),
];

/// Name, agent and flags of each line of `readings`: the best settings of docs/search.md, each with the steps of the
/// default training.
const READINGS: &[(&str, AgentName, &str)] = &[("lstm", LSTM, ""), ("additive", NAC, "")];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_have_names_of_their_own() {
        for preset in Preset::value_variants() {
            let mut names: Vec<String> = preset.variants().into_iter().map(|variant| variant.name).collect();
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{preset:?}");
            assert!(count >= 3);
        }
    }
}
