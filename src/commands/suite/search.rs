//! Random search for the settings of the agents of `gridworld suite readings`: each of them gets the same settings.

use std::cmp::Ordering;

use gridworld_agents::AgentName;
use gridworld_statistics::ordered::{ascending, least, median};
use gridworld_terminal::output::numbers::per_cent;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::reference::{Line, Reference, Seed};
use super::variant::Variant;
use crate::options::training::without_effect;

/// Number of settings that are drawn.
const TRIALS: usize = 48;

/// Number of the best settings that the page shows of each line.
const SHOWN: usize = 5;

const NAC: AgentName = AgentName::LstmNac;

/// A search: every line is trained with the same random settings.
#[derive(Debug)]
pub struct Search {
    /// Name, agent and flags of each line.
    lines: &'static [(&'static str, AgentName, &'static str)],
    /// Flags of every training. The learning rate falls, as it did by default when the searches were made.
    pub flags: &'static str,
}

/// The LSTM without a feedback loop, and `lstm-nac` with each input of the loop.
pub const LOOPS: Search = Search {
    lines: &[
        ("lstm", AgentName::Lstm, ""),
        ("additive", NAC, "--feedback-input additive"),
        ("recurrent", NAC, "--feedback-input recurrent"),
        ("state", NAC, "--feedback-input state"),
        ("instruction", NAC, "--feedback-input instruction"),
    ],
    flags: "--steps=3000000 --stop-at=0.99 --schedule=linear",
};

/// `lstm-nac` and `lstm-nau` with a reward for arrivals on time alone.
pub const EXACT: Search = Search {
    lines: &[("nac", NAC, "--reward exact"), ("nau", AgentName::LstmNau, "--reward exact --rounding validated")],
    flags: "--steps=6000000 --stop-at=0.99 --schedule=linear",
};

/// Numbers of the best settings of each line in the search, best first: those that are compared again, over more seeds.
pub const FINALISTS: [(&str, [usize; 4]); 5] = [
    ("lstm", [48, 20, 8, 42]),
    ("additive", [45, 14, 2, 8]),
    ("recurrent", [25, 6, 8, 45]),
    ("state", [43, 20, 27, 12]),
    ("instruction", [48, 43, 8, 20]),
];

/// Number of the setting of each line that was best over more seeds.
pub const BEST: [(&str, usize); 5] =
    [("lstm", 8), ("additive", 45), ("recurrent", 8), ("state", 12), ("instruction", 48)];

/// Draws one setting from the ranges that the page names: flags with their values.
fn setting(rng: &mut ChaCha8Rng) -> Vec<(&'static str, String)> {
    let (learning_rate, entropy) = (log_uniform(rng, 5e-4, 1.6e-2), log_uniform(rng, 3e-3, 0.5));
    let schedule = one_of(rng, &["constant", "linear"]);
    let (advantages, floor) = one_of(rng, &[("raw", "0"), ("normalized", "0"), ("normalized", "0.1")]);
    vec![
        ("--learning-rate", learning_rate),
        ("--entropy", entropy),
        ("--entropy-schedule", schedule.to_owned()),
        ("--advantages", advantages.to_owned()),
        ("--advantage-floor", floor.to_owned()),
        ("--lambda", one_of(rng, &["0.9", "0.95", "1"]).to_owned()),
        ("--rollout", one_of(rng, &["20", "40"]).to_owned()),
        ("--gain", one_of(rng, &["0.1", "1", "10"]).to_owned()),
        ("--units", one_of(rng, &["4", "8", "16", "32"]).to_owned()),
    ]
}

/// Draws a number whose logarithm is uniform, and writes it with two digits.
fn log_uniform(rng: &mut ChaCha8Rng, least: f64, most: f64) -> String {
    format!("{:.1e}", rng.random_range(least.ln()..most.ln()).exp())
}

fn one_of<T: Copy>(rng: &mut ChaCha8Rng, choices: &[T]) -> T {
    choices[rng.random_range(0..choices.len())]
}

impl Search {
    /// Gives every line with every setting: the same settings each time.
    pub fn variants(&self) -> Vec<Variant> {
        let mut rng = ChaCha8Rng::seed_from_u64(22);
        let settings: Vec<_> = (0..TRIALS).map(|_| setting(&mut rng)).collect();
        let numbered = (1..).zip(&settings);
        let variant = |(line, agent, own): &(&str, AgentName, &str),
                       (trial, setting): (usize, &Vec<(&str, String)>)| {
            let acting = setting.iter().filter(|(flag, _)| without_effect(flag, *agent).is_none());
            let words = acting.map(|(flag, value)| format!("{flag} {value}")).collect::<Vec<_>>().join(" ");
            Variant::changed(&named(line, trial), *agent, &format!("{own} {words}"))
        };
        numbered.flat_map(|trial| self.lines.iter().map(move |line| variant(line, trial))).collect()
    }

    /// Writes the tables of the page: of each line the number of settings that mastered the task, and the best ones.
    pub fn tables(&self, results: &Reference) -> String {
        let flags = self.flags;
        let mut text = format!(
            "\n## Settings\n\n{TRIALS} settings, the same for every line, drawn from: learning rate from 5·10⁻⁴ to 1.6·10⁻² and \
             entropy bonus from 0.003 to 0.5, both log-uniform; the bonus constant or falling to 0 in a line; advantages raw, \
             normalized, or normalized with a floor of 0.1; λ 0.9, 0.95 or 1; rollouts of 20 or 40 steps; gain 0.1, 1 or 10; 4, 8, \
             16 or 32 units. Each is one training of seed 1 with one worker, `{flags}`.\n\nSettings are ordered by the steps to \
             mastery, those without mastery by the lowest success over T ∈ 5..12. No other T was looked at. “Lowest” and “mean” \
             are success on feasible episodes over these T in per cent, enumerated.\n"
        );
        for (line, _, _) in self.lines {
            let trials = searched(results, line);
            let mastered = trials.iter().filter(|trial| !trial.masteries.is_empty()).count();
            text += &format!(
                "\n### {line}\n\n{mastered} of {} settings mastered the task.\n\n| setting | lowest | mean | mastery: 10⁶ steps \
                 | flags |\n|---|--:|--:|--:|---|\n",
                trials.len()
            );
            for trial in trials.iter().take(SHOWN) {
                let (lowest, mean, steps) = (per_cent(trial.lowest), per_cent(trial.mean), trial.steps());
                text += &format!("| {} | {lowest} | {mean} | {steps} | `{}` |\n", trial.line.name, trial.line.flags);
            }
        }
        text
    }
}

/// Gives the best settings of each line.
pub fn finalists() -> Vec<Variant> {
    let is_one = |variant: &Variant| {
        let numbered =
            |(line, trials): &(&str, [usize; 4])| trials.iter().any(|&trial| named(line, trial) == variant.name);
        FINALISTS.iter().any(numbered)
    };
    LOOPS.variants().into_iter().filter(is_one).collect()
}

/// Gives each line with its best setting, under the line's name.
pub fn best() -> Vec<Variant> {
    let all = LOOPS.variants();
    let best = BEST.iter().filter_map(|&(line, trial)| {
        let variant = all.iter().find(|variant| variant.name == named(line, trial))?;
        Some(Variant { name: line.to_owned(), ..variant.clone() })
    });
    best.collect()
}

/// Gives the name of a line with one of its settings.
fn named(line: &str, trial: usize) -> String {
    format!("{line}-{trial:02}")
}

/// Result of a setting over its seeds, on the training range alone: no other T was evaluated.
struct Trial<'a> {
    line: &'a Line,
    /// Lowest success over seeds and T.
    lowest: f64,
    /// Mean success over seeds and T.
    mean: f64,
    /// Millions of environment steps to mastery, of the seeds that came there, in ascending order.
    masteries: Vec<f64>,
}

impl<'a> Trial<'a> {
    fn of(line: &'a Line) -> Trial<'a> {
        let shares = || line.runs.iter().flat_map(|run| run.success_of_feasible.iter().copied());
        let mean = shares().sum::<f64>() / shares().count().max(1) as f64;
        let mastery = line.runs.iter().filter_map(|run| run.training?.mastery);
        let masteries = ascending(mastery.map(|(steps, _)| steps as f64 / 1e6));
        Trial { line, lowest: least(shares()), mean, masteries }
    }

    /// Compares two settings by the median of the steps to mastery, fewest first, and last those without mastery.
    fn by_steps(&self, other: &Trial<'_>) -> Ordering {
        let steps = |trial: &Trial<'_>| median(&trial.masteries).unwrap_or(f64::INFINITY);
        steps(self).total_cmp(&steps(other))
    }

    /// Compares two settings by the lowest and then by the mean success, highest first.
    fn by_success(&self, other: &Trial<'_>) -> Ordering {
        other.lowest.total_cmp(&self.lowest).then(other.mean.total_cmp(&self.mean))
    }

    /// Writes the steps to mastery.
    fn steps(&self) -> String {
        median(&self.masteries).map_or("–".to_owned(), |steps| format!("{steps:.1}"))
    }
}

/// Gives the settings of a line in an order.
fn ordered<'a>(results: &'a Reference, line: &str, order: fn(&Trial<'_>, &Trial<'_>) -> Ordering) -> Vec<Trial<'a>> {
    let of_line = |found: &&Line| found.name.rsplit_once('-').is_some_and(|(name, _)| name == line);
    let mut trials: Vec<Trial> = results.agents.iter().filter(of_line).map(Trial::of).collect();
    trials.sort_by(order);
    trials
}

/// Gives the settings of a line in the search: first those that mastered the task, then by success.
fn searched<'a>(results: &'a Reference, line: &str) -> Vec<Trial<'a>> {
    ordered(results, line, |a, b| a.by_steps(b).then(a.by_success(b)))
}

/// Gives the settings of a line that were compared over more seeds: first those with the highest success.
fn finals<'a>(results: &'a Reference, line: &str) -> Vec<Trial<'a>> {
    ordered(results, line, |a, b| a.by_success(b).then(a.by_steps(b)))
}

/// Writes the table of the settings that were compared over more seeds.
pub fn final_table(results: &Reference) -> String {
    let mut text = "\n## Success\n\n“Least” is the lowest success on feasible episodes over seeds and T ∈ 5..12, in per cent, \
                    enumerated; “each seed” has the lowest over T; “mastered” counts the seeds that held 99 % at each T in two \
                    evaluations in a row, and “10⁶ steps” is their median at mastery. [The search](search.md) has the flags.\n\n\
                    | setting | least | mean | each seed | mastered | 10⁶ steps |\n|---|--:|--:|---|--:|--:|\n"
        .to_owned();
    for (line, _, _) in LOOPS.lines {
        for trial in finals(results, line) {
            let lowest = |run: &Seed| least(run.success_of_feasible.iter().copied());
            let Line { name, runs, .. } = trial.line;
            let each = runs.iter().map(|run| per_cent(lowest(run))).collect::<Vec<_>>().join(", ");
            let (least, mean, steps) = (per_cent(trial.lowest), per_cent(trial.mean), trial.steps());
            let (mastered, of) = (trial.masteries.len(), runs.len());
            text += &format!("| {name} | {least} | {mean} | {each} | {mastered} of {of} | {steps} |\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finalists_are_the_best_of_the_search() {
        let results = Reference::committed("search").expect("committed results");
        for (line, trials) in FINALISTS {
            let of_line = searched(&results, line);
            let best: Vec<&str> = of_line.iter().take(trials.len()).map(|trial| trial.line.name.as_str()).collect();
            assert_eq!(best, trials.map(|trial| named(line, trial)));
            for trial in of_line.iter().take(trials.len()) {
                let variant =
                    finalists().into_iter().find(|variant| variant.name == trial.line.name).expect("a finalist");
                assert_eq!(variant.flags.join(" "), trial.line.flags);
            }
        }
    }

    #[test]
    fn the_best_of_the_finalists_are_compared() {
        let results = Reference::committed("finalists").expect("committed results");
        for (line, trial) in BEST {
            assert_eq!(finals(&results, line)[0].line.name, named(line, trial));
        }
    }

    #[test]
    fn every_line_has_the_same_settings() {
        let variants = LOOPS.variants();
        assert_eq!(variants.len(), TRIALS * LOOPS.lines.len());
        let learned =
            |variant: &Variant| variant.flags.iter().skip_while(|flag| *flag != "--learning-rate").nth(1).cloned();
        for trial in variants.chunks(LOOPS.lines.len()) {
            assert!(trial.iter().all(|variant| learned(variant) == learned(&trial[0]) && learned(variant).is_some()));
        }
        let of_lstm = variants.iter().filter(|variant| variant.agent == AgentName::Lstm);
        assert!(of_lstm.clone().count() == TRIALS);
        assert!(of_lstm.flat_map(|variant| &variant.flags).all(|flag| flag != "--units" && flag != "--gain"));
    }
}
