//! Results of an evaluation.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gridworld_agents::AgentName;
use gridworld_envs::Instructions;
use gridworld_statistics::{MASTERY, largest_t};
use serde::{Deserialize, Serialize};

use super::player::PolicyChoice;

/// Results of an evaluation: the document of `--json`, and of the files in which it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The run's folder; none for an agent that needs no training, and so below.
    #[serde(serialize_with = "gridworld_terminal::output::json_path::optional")]
    pub run: Option<PathBuf>,
    /// Agent that played.
    pub agent: AgentName,
    /// Name of the environment.
    pub environment: String,
    /// Checkpoint that played, if it was one: `best`, `last`, or a file.
    pub checkpoint: Option<String>,
    /// Environment steps that the checkpoint was trained for.
    pub steps: Option<u64>,
    /// Choice of the actions.
    pub policy: PolicyChoice,
    /// Seed of the episodes.
    pub seed: u64,
    /// Device of the evaluation.
    #[serde(default = "processor")]
    pub device: String,
    /// Results at each T.
    pub results: Vec<Row>,
}

/// Results at one T.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Row {
    /// Value of T, in steps.
    #[serde(rename = "T")]
    pub instruction: u32,
    /// True if the agent was trained on this T.
    pub trained: bool,
    /// Number of episodes played.
    pub episodes: u64,
    /// True if these are one from each start that training draws, greedy: the shares are exact, and have no interval.
    #[serde(default)]
    pub exact: bool,
    /// Share of the episodes that was on time, as the task has it.
    pub success: f64,
    /// Share of the episodes in which success was possible.
    pub feasible: f64,
    /// Successes as a share of the feasible.
    pub success_of_feasible: f64,
    /// Wilson's 95 % interval of `success`; nothing where it is exact.
    pub ci95: Option<(f64, f64)>,
    /// Wilson's 95 % interval of `success_of_feasible`; nothing where it is exact.
    pub success_of_feasible_ci95: Option<(f64, f64)>,
    /// Mean of the time that the task judges, over the episodes that have one: the step of arrival,
    /// or the response.
    pub arrival_mean: Option<f64>,
    /// Standard deviation of the time that the task judges.
    pub arrival_sd: Option<f64>,
    /// Numbers of the feasible episodes by the time that the task judges, in steps; nothing in evaluations of versions
    /// that did not count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrivals: Option<BTreeMap<i32, u64>>,
    /// Share of the episodes that ran out of time.
    pub timeouts: f64,
    /// Mean sum of an episode's rewards.
    pub reward_mean: f64,
    /// Steps after which an episode was cut short.
    pub time_limit: Option<u32>,
    /// Results from the starts that are held out of training, if some are and all starts were played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_out: Option<HeldOut>,
}

/// Results from the starts that are held out of training, at one T: exact.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// Number of these starts.
    pub episodes: u64,
    /// Share of the episodes that was on time.
    pub success: f64,
    /// Share of the episodes in which success was possible.
    pub feasible: f64,
    /// Successes as a share of the feasible.
    pub success_of_feasible: f64,
}

impl Row {
    /// Interval of the success on feasible episodes; an exact one is its own.
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        self.success_of_feasible_ci95.unwrap_or((self.success_of_feasible, self.success_of_feasible))
    }

    /// Share of the feasible episodes whose time was T itself; nothing in evaluations of versions that did not count them.
    #[must_use]
    pub fn on_the_step(&self) -> Option<f64> {
        let count = self.arrivals.as_ref()?.get(&i32::try_from(self.instruction).ok()?).copied().unwrap_or(0);
        let feasible = self.feasible * self.episodes as f64;
        Some(if feasible > 0.0 { count as f64 / feasible } else { 0.0 })
    }

    /// Rank among results at the same T: of two the higher one is kept. An exact result is above all drawn ones.
    #[must_use]
    pub fn rank(&self) -> u64 {
        if self.exact { EXACT } else { self.episodes }
    }
}

/// Rank of exact results.
pub const EXACT: u64 = u64::MAX;

/// Device of the evaluations that were computed before they named one.
fn processor() -> String {
    "cpu".to_owned()
}

impl Document {
    /// Gives success and largest T of an agent that was trained on the values of T in `trained`.
    pub fn reached(&self, trained: &[u32]) -> Reached {
        Reached { success: self.success(trained), largest_t: reach(&self.results, trained) }
    }

    /// Success over the values of T in `trained`, as a share of the feasible; nothing where one of them was not played,
    /// so that it would be another range's.
    fn success(&self, trained: &[u32]) -> Option<f64> {
        let rows: Vec<&Row> = self.results.iter().filter(|row| trained.contains(&row.instruction)).collect();
        let sum = |share: fn(&Row) -> f64| rows.iter().map(|row| share(row) * row.episodes as f64).sum::<f64>();
        let feasible = sum(|row| row.feasible);
        let success = if feasible > 0.0 { sum(|row| row.success) / feasible } else { 1.0 };
        (rows.len() == trained.len()).then_some(success)
    }
}

// The largest T and the mastery of a training speak of the same share: neither crate uses the other.
const _: () = assert!(MASTERY == gridworld_agents::training::MASTERY);

/// Values of T that are evaluated where no others are asked for: the paper's training range, and far beyond it.
pub const EVALUATED: &str = "5..30";

/// Returns the values of T that are evaluated where none are named, of an agent that was trained on `trained`:
/// [`EVALUATED`], unless that leaves one of these out; then from the least of them to two and a half times the greatest, as
/// 5..30 is to 5..12.
pub fn evaluated(trained: &[u32]) -> Instructions {
    let usual: Instructions = EVALUATED.parse().expect("it is a range");
    match (trained.iter().min(), trained.iter().max()) {
        (Some(least), Some(greatest)) if trained.iter().any(|value| !usual.values().contains(value)) => {
            let most = (u64::from(*greatest) * 5 / 2).min(u64::from(Instructions::GREATEST));
            format!("{least}..{}", most.max(u64::from(*least))).parse().unwrap_or(usual)
        }
        _ => usual,
    }
}

/// The largest T in the rows of an evaluation: [`largest_t`], where being on time was possible at all.
pub fn reach(rows: &[Row], trained: &[u32]) -> Option<u32> {
    let possible = rows.iter().filter(|row| row.feasible > 0.0);
    let shares: Vec<(u32, f64)> = possible.map(|row| (row.instruction, row.success_of_feasible)).collect();
    largest_t(&shares, trained, MASTERY).ok().flatten()
}

/// Success and largest T of an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reached {
    /// Success over the training range, as a share of the feasible.
    pub success: Option<f64>,
    /// The end of the longest series of evaluated T with at least 99 % each that includes a T of the training range.
    pub largest_t: Option<u32>,
}

/// Explanation of the largest T, below tables that have one.
pub const LARGEST_T: &str =
    "largest T: end of the longest series of evaluated T with at least 99 % success each that includes a T trained on";

/// Explanation of the success of a run in one number, below tables of runs.
pub const SUCCESS: &str = "success: on feasible episodes at the T trained on, by the best checkpoint, greedy; measured during \
                           training where the run is not evaluated";

/// Explanation of feasible episodes, below tables and before figures that speak of them.
pub const FEASIBLE: &str = "feasible: episodes in which success is possible, as the target is near enough";

#[cfg(test)]
mod tests {
    use super::evaluated;

    #[test]
    fn what_was_trained_on_is_evaluated_by_default() {
        let written = |trained: &[u32]| evaluated(trained).to_string();
        assert_eq!((written(&[5, 12]), written(&[]), written(&[30])), ("5..30".into(), "5..30".into(), "5..30".into()));
        assert_eq!(
            (written(&[2, 5]), written(&[10, 40]), written(&[1])),
            ("2..12".into(), "10..100".into(), "1,2".into())
        );
        assert_eq!((written(&[9000]), written(&[900_000])), ("9000..22500".into(), "900000..1000000".into()));
    }
}
