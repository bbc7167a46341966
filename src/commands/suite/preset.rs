//! The suites that docs/ is made from.

use clap::ValueEnum;
use gridworld_agents::AgentName;
use gridworld_agents::cells::Cell;
use gridworld_envs::{Instructions, IntervalReproductionConfig, Settings as _, TimedArrivalConfig};

use super::search;
use super::seeds::Seeds;
use super::variant::Variant;

const LSTM: AgentName = AgentName::Lstm;
const NAC: AgentName = AgentName::LstmNac;
const NALU: AgentName = AgentName::LstmNalu;
const NAU: AgentName = AgentName::LstmNau;
const TERNARY: AgentName = AgentName::LstmWith(Cell::Ternary);
const ELAPSED: AgentName = AgentName::LstmWith(Cell::Elapsed);
const REMAINING: AgentName = AgentName::LstmWith(Cell::Remaining);

/// A suite with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Preset {
    /// The paper's figure and beyond: every agent, T from 5 to 30 and up to 10,000 (docs/results.md)
    Paper,
    /// Contribution of each part of lstm-nau and lstm-nac (docs/ablations.md)
    Ablations,
    /// Intervals that are seen and reproduced, with and without phases (docs/intervals.md)
    Intervals,
    /// Random search for the settings of the LSTM and of each input of lstm-nac's feedback loop (docs/search.md)
    Search,
    /// Search for the settings of lstm-nac and lstm-nau with a reward for arrivals on time alone (docs/exact-search.md)
    ExactSearch,
    /// The best settings of the first search over more seeds (docs/finalists.md)
    Finalists,
    /// The LSTM and each input of lstm-nac's feedback loop, with the best of these settings (docs/readings.md)
    Readings,
    /// Agents that are given more, or learn less: clock, remaining time, random counters, frozen vision (docs/controls.md)
    Controls,
    /// Numbers of workers, asynchronous and synchronous (docs/workers.md)
    Workers,
    /// lstm-nac and lstm-nau with a reward for arrivals on time alone (docs/exact.md)
    Exact,
    /// lstm-nau trained on other values of T (docs/ranges.md)
    Ranges,
    /// Counters without a clock (docs/events.md)
    Events,
    /// lstm-nac, lstm-nau and random counters with a hundred seeds each (docs/seeds.md)
    Seeds,
    /// Seeds, T and placements that nothing was chosen by (docs/confirmation.md)
    Confirmation,
}

/// Contents of a suite with a name.
#[derive(Debug)]
pub struct About {
    /// Name as it is written.
    pub name: &'static str,
    /// Path of the page that it writes.
    pub page: &'static str,
    /// Heading of the page.
    pub title: &'static str,
    /// Text below the heading.
    pub introduction: &'static str,
    /// Name of the environment.
    pub environment: &'static str,
    /// Sentence of the page that says which episodes are feasible.
    pub feasible: &'static str,
    /// Seeds of each line.
    pub seeds: Seeds,
    /// Number of workers of each training: 1 where many trainings are compared, 2 as in the default command where its own
    /// results are.
    pub workers: usize,
    /// Flags of all trainings, beyond T and the workers.
    pub flags: &'static str,
    /// Values of T to train on.
    pub trained: &'static str,
    /// Values of T to evaluate.
    pub evaluated: &'static str,
    /// Lines of the comparison.
    pub variants: fn() -> Vec<Variant>,
}

/// Contents that most of the suites have in common.
const TIMED_ARRIVAL: About = About {
    name: "",
    page: "",
    title: "",
    introduction: "",
    environment: TimedArrivalConfig::DESCRIPTION.id,
    feasible: "An episode is feasible if the target is near enough to be reached by step T.",
    seeds: Seeds::up_to(10),
    workers: 1,
    flags: "",
    trained: Instructions::PAPER,
    evaluated: "5..30,50,100,300,1000,10000",
    variants: Vec::new,
};

const PAPER: About = About {
    name: "paper",
    page: "docs/results.md",
    title: "Results",
    introduction: "The agents of the paper's figure and two more, trained from pixels on T ∈ 5..12 with the default settings. See \
                   also: [ablations](ablations.md), [a second environment](intervals.md), [the search for the \
                   settings](search.md), and the figures of [success](figures/success.svg), of the [times of \
                   arrival](figures/distribution.svg) and of their [Weber fractions](figures/weber.svg).",
    seeds: Seeds::up_to(20),
    workers: 2,
    variants: || [LSTM, NAC, NALU, NAU].map(Variant::plain).to_vec(),
    ..TIMED_ARRIVAL
};

const ABLATIONS: About = About {
    name: "ablations",
    page: "docs/ablations.md",
    title: "Ablations",
    introduction: "`lstm-nau` without each of its parts or with other settings, and an LSTM that is given T at the first step \
                   only. Each row is the default training with the flags beside it. Other inputs of the loop, rewards, numbers \
                   of workers and training ranges have pages of their own.",
    workers: 2,
    evaluated: "5..12,13,14,15,17,19,22,25,30,50,100,300,1000",
    variants: || {
        lines(&[
            ("lstm-nau", NAU, ""),
            ("nau-no-regularizer", NAU, "--sparsity 0"),
            ("nau-never-rounded", NAU, "--round-weights 1"),
            ("nau-neither", NAU, "--sparsity 0 --round-weights 1"),
            ("nau-rounded-early", NAU, "--sparsity-ramp 0..0.01 --round-weights 0.01"),
            ("nau-told-always", NAU, "--instruction-input always"),
            ("nau-told-first", NAU, "--instruction-input first"),
            ("nau-gain-0.1", NAU, "--gain 0.1"),
            ("nau-gain-10", NAU, "--gain 10"),
            ("nau-units-1", NAU, "--units 1"),
            ("nau-units-2", NAU, "--units 2"),
            ("nau-units-4", NAU, "--units 4"),
            ("nau-units-8", NAU, "--units 8"),
            ("nau-hidden-32", NAU, "--hidden 32"),
            ("nau-hidden-128", NAU, "--hidden 128"),
            ("lstm-told-first", LSTM, "--instruction-input first"),
        ])
    },
    ..TIMED_ARRIVAL
};

const INTERVALS: About = About {
    name: "intervals",
    page: "docs/intervals.md",
    title: "Reproducing intervals",
    introduction: "`IntervalReproduction-v1`: two flashes are T steps apart, and the agent must reach the target T steps after \
                   the second, one step more or less allowed. No number is given to the agent. The loop of `nac-state` and \
                   `nau-state` reads a clock and the LSTM's state. The `phases` agents have no recurrent core: they decide in \
                   each step whether the next phase begins, of three (`--phases`), and their counters add one number in each \
                   step of a phase. That number is learned: −1, 0 or 1 in every step (`phases-ternary`), or rounded at last \
                   (`phases-nau`); or it is a whole number drawn at random and never trained (`phases-random`). This design was \
                   chosen by its success at T ≤ 1,000 with seeds 1 and 2, about fifty trainings in all; the other lines have \
                   its learning rate, rollout and steps, but no search of their own.",
    environment: IntervalReproductionConfig::DESCRIPTION.id,
    feasible: "An episode is feasible if the target is at most w + 2T + 1 steps away, where w is the wait before the first flash.",
    seeds: Seeds::range(11, 20),
    flags: "--steps=8000000 --rollout=40 --learning-rate=0.0035 --schedule=linear",
    trained: "3..8",
    evaluated: "1..16,18,20,25,30,40,50,100,137,300,1000",
    variants: || {
        const PHASES: &str = "--feedback-input phases --core gated --hidden 128 --units 32 --gain 3";
        let untrained = format!("{PHASES} --sparsity 0 --round-weights 0");
        lines(&[
            ("lstm", LSTM, ""),
            ("nac-state", NAC, "--feedback-input additive-state"),
            ("nau-state", NAU, "--feedback-input additive-state"),
            ("phases-ternary", TERNARY, PHASES),
            ("phases-nau", NAU, PHASES),
            ("phases-random", NAU, &untrained),
        ])
    },
    ..TIMED_ARRIVAL
};

const SEARCH: About = About {
    name: "search",
    page: "docs/search.md",
    title: "Search for settings",
    introduction: "The same random settings for the LSTM alone and for `lstm-nac` with each input of its feedback loop, so that \
                   none of them is judged under settings that were found for another. The best four of each are [compared \
                   again](finalists.md), over more seeds.",
    seeds: Seeds::up_to(1),
    flags: search::LOOPS.flags,
    evaluated: Instructions::PAPER,
    variants: || search::LOOPS.variants(),
    ..TIMED_ARRIVAL
};

const EXACT_SEARCH: About = About {
    name: "exact-search",
    page: "docs/exact-search.md",
    title: "Search for settings with the exact reward",
    introduction: "An arrival at step T pays 1, any other pays nothing (`--reward exact`): `lstm-nac` and `lstm-nau` with the \
                   settings of the [search](search.md) under the graded reward. The weights of `lstm-nau` are rounded when an \
                   evaluation allows it (`--rounding validated`).",
    seeds: Seeds::up_to(1),
    flags: search::EXACT.flags,
    evaluated: Instructions::PAPER,
    variants: || search::EXACT.variants(),
    ..TIMED_ARRIVAL
};

const FINALISTS: About = About {
    name: "finalists",
    page: "docs/finalists.md",
    title: "The best settings over more seeds",
    introduction: "The four best settings of each line of the [search](search.md), with three seeds and the default command's \
                   workers. One seed is not enough to choose by: the setting with the highest least success over seeds and T ∈ \
                   5..12, and of equal ones the one with the fewest steps to mastery, is that of the [comparison](readings.md). No \
                   other T was looked at.",
    seeds: Seeds::up_to(3),
    workers: 2,
    flags: "--steps=6000000 --schedule=linear",
    evaluated: Instructions::PAPER,
    variants: search::finalists,
    ..TIMED_ARRIVAL
};

const READINGS: About = About {
    name: "readings",
    page: "docs/readings.md",
    title: "Inputs of the feedback loop",
    introduction: "The LSTM alone and `lstm-nac` with each input of its feedback loop, each with the best settings of a \
                   [search](search.md) that looked at T ∈ 5..12 alone, and twice as many steps as its [finalists](finalists.md), \
                   as `state` and `instruction` were still learning. The paper's NAC agent holds to T = 19; its text allows \
                   `recurrent` and `state`.",
    seeds: Seeds::up_to(20),
    workers: 2,
    flags: "--steps=12000000 --schedule=linear",
    evaluated: "5..30,50,100,300,1000",
    variants: search::best,
    ..TIMED_ARRIVAL
};

const CONTROLS: About = About {
    name: "controls",
    page: "docs/controls.md",
    title: "Controls",
    introduction: "Agents that are given more than `lstm`, or learn less than `lstm-nau`: [what is given and what is \
                   learned](given.md) says which part each of them lacks or has. Settings are the defaults but for the flags \
                   beside each line.",
    seeds: Seeds::up_to(20),
    workers: 2,
    variants: || {
        lines(&[
            ("lstm", LSTM, ""),
            ("lstm-elapsed", ELAPSED, ""),
            ("lstm-remaining", REMAINING, ""),
            ("remaining-sign", REMAINING, "--counter-input tanh --gain 10"),
            ("lstm-nau", NAU, ""),
            ("random-counters", NAU, "--units 8 --sparsity 0 --round-weights 0"),
            ("frozen-vision", NAU, "--freeze-vision"),
            ("scaled-vision", NAU, "--vision-calibration scaled"),
        ])
    },
    ..TIMED_ARRIVAL
};

const WORKERS: About = About {
    name: "workers",
    page: "docs/workers.md",
    title: "Workers",
    introduction: "`lstm-nac` and `lstm-nau` with 1, 2 and 4 workers, asynchronous (A3C, Mnih et al. 2016) and synchronous (A2C), \
                   with the default settings otherwise.",
    workers: 2,
    variants: || {
        let agents = [("nac", NAC), ("nau", NAU)];
        let lines = agents.iter().flat_map(|&(name, agent)| {
            [1, 2, 4].into_iter().flat_map(move |workers| {
                ["async", "sync"].map(|mode| {
                    let flags = format!("--workers {workers} --mode {mode}");
                    Variant::changed(&format!("{name}-{workers}-{mode}"), agent, &flags)
                })
            })
        });
        lines.collect()
    },
    ..TIMED_ARRIVAL
};

const EXACT: About = About {
    name: "exact",
    page: "docs/exact.md",
    title: "Exact reward",
    introduction: "An arrival at step T pays 1, any other pays nothing (`--reward exact`). A [search](exact-search.md) compared \
                   settings under this reward; those that are now the defaults are among its best.",
    workers: 2,
    flags: "--reward=exact --steps=12000000",
    variants: || [NAC, NAU].map(Variant::plain).to_vec(),
    ..TIMED_ARRIVAL
};

const RANGES: About = About {
    name: "ranges",
    page: "docs/ranges.md",
    title: "Other training ranges",
    introduction: "`lstm-nau` trained on other values of T. The larger they are, the fewer episodes have the least of them, and \
                   the longer an episode is. With the default learning rate, which is constant, `5..40` missed some placements at T = 5 \
                   and 6, where every step counts; so that line has the learning rate of the search, which falls to zero.",
    workers: 2,
    evaluated: "1..40,50,100,300,1000,10000",
    variants: || {
        lines(&[
            ("1..12", NAU, "--T 1..12"),
            ("5..8", NAU, "--T 5..8"),
            ("5..12", NAU, "--T 5..12"),
            ("5..20", NAU, "--T 5..20 --steps 12000000"),
            ("5..40", NAU, "--T 5..40 --rollout 40 --steps 24000000 --learning-rate 0.0035 --schedule linear"),
            ("5,7,11", NAU, "--T 5,7,11"),
        ])
    },
    ..TIMED_ARRIVAL
};

const EVENTS: About = About {
    name: "events",
    page: "docs/events.md",
    title: "A counter without a clock",
    introduction: "The loop of `lstm-ternary` has no clock: n += W [T at the first step, h ≥ 0] counts bits of the core's own \
                   output. To count the time, the core has to learn to keep a bit at 1. The weights W are −1, 0 or 1 in every \
                   step, by a straight-through estimator, and nothing is rounded at a fixed time. The core is an LSTM or a latch, \
                   whose cells are rounded to −1, 0 or 1 as well. Two other cells with the same inputs have weights that are not \
                   whole, or not from the beginning.",
    workers: 2,
    flags: "--steps=12000000 --learning-rate=0.0035 --schedule=linear",
    variants: || {
        lines(&[
            ("ternary-latch", TERNARY, "--core latch"),
            ("ternary-lstm", TERNARY, ""),
            ("nac-latch", NAC, "--core latch --feedback-input events --instruction-input never --units 8"),
            ("nau-latch", NAU, "--core latch --feedback-input events --units 8"),
        ])
    },
    ..TIMED_ARRIVAL
};

const SEEDS: About = About {
    name: "seeds",
    page: "docs/seeds.md",
    title: "One hundred seeds",
    introduction: "The default training of `lstm-nac` and `lstm-nau`, and `lstm-nau` with weights of its counters that are whole \
                   numbers drawn at random and never trained (`--sparsity 0 --round-weights 0`; 8 counters).",
    seeds: Seeds::up_to(100),
    workers: 2,
    evaluated: "5..12,13,16,19,30,100,1000,10000",
    variants: || {
        lines(&[
            ("lstm-nac", NAC, ""),
            ("lstm-nau", NAU, ""),
            ("random-counters", NAU, "--units 8 --sparsity 0 --round-weights 0"),
        ])
    },
    ..TIMED_ARRIVAL
};

const CONFIRMATION: About = About {
    name: "confirmation",
    page: "docs/confirmation.md",
    title: "Confirmation",
    introduction: "What nobody had looked at while the agents and their settings were chosen: other seeds, other T beyond the \
                   training range, and a fifth of the placements kept out of training (`--holdout 0.2`).",
    seeds: Seeds::range(101, 120),
    workers: 2,
    flags: "--holdout=0.2",
    evaluated: "5..12,37,137,1371,100000",
    variants: || [NAC, NAU].map(Variant::plain).to_vec(),
    ..TIMED_ARRIVAL
};

/// Makes variants of names, agents and flags.
fn lines(lines: &[(&str, AgentName, &str)]) -> Vec<Variant> {
    lines.iter().map(|&(name, agent, flags)| Variant::changed(name, agent, flags)).collect()
}

impl Preset {
    /// Gives the contents of the suite.
    pub fn about(self) -> &'static About {
        match self {
            Preset::Paper => &PAPER,
            Preset::Ablations => &ABLATIONS,
            Preset::Intervals => &INTERVALS,
            Preset::Search => &SEARCH,
            Preset::ExactSearch => &EXACT_SEARCH,
            Preset::Finalists => &FINALISTS,
            Preset::Readings => &READINGS,
            Preset::Controls => &CONTROLS,
            Preset::Workers => &WORKERS,
            Preset::Exact => &EXACT,
            Preset::Ranges => &RANGES,
            Preset::Events => &EVENTS,
            Preset::Seeds => &SEEDS,
            Preset::Confirmation => &CONFIRMATION,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_have_names_of_their_own() {
        for preset in Preset::value_variants() {
            let mut names: Vec<String> = (preset.about().variants)().into_iter().map(|variant| variant.name).collect();
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{preset:?}");
            assert!(count >= 2);
        }
    }
}
