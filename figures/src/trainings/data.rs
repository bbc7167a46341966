//! Numbers of trainings that figures are drawn from.

use std::collections::BTreeMap;

use gridworld_statistics::Interval;

use crate::style::Style;

/// Everything that figures of trainings are drawn from.
#[derive(Clone, Debug, Default)]
pub struct Trainings {
    /// Groups of runs, each of which is drawn in one style.
    pub groups: Vec<Group>,
    /// Rows of the oracle at each T that was evaluated, ascending; none if no run was, or no oracle is known.
    pub ceiling: Vec<Row>,
    /// Rows of the random agent at each T that was evaluated, ascending; none if no run was.
    pub floor: Vec<Row>,
    /// The least and the greatest T of the trainings, if these are the same for all.
    pub trained: Option<(u32, u32)>,
    /// Name of the time that is held against T, such as `arrival`.
    pub timing: String,
    /// A sentence on the episodes behind the rows of the runs: how many, and who played them.
    pub provenance: String,
}

/// Trainings that differ in nothing but their seeds.
#[derive(Clone, Debug)]
pub struct Group {
    /// Name of the group, as figures show it.
    pub name: String,
    /// Look of the group's curves.
    pub style: Style,
    /// Runs of the group, by seed.
    pub runs: Vec<Run>,
    /// Episodes of one of the runs; none for agents without accumulators.
    pub episodes: Vec<Episode>,
    /// Seed of the run whose episodes are shown.
    pub played: u64,
    /// Name of the recurrent core, such as `LSTM`.
    pub core: String,
    /// Name of the cell of the group's accumulators, if it mixes a sum with a product: names of accumulators tell sums alone.
    pub mixing_cell: Option<String>,
}

/// One training.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Name of the run, as messages give it.
    pub name: String,
    /// Lines of the training, in the order of their steps.
    pub points: Vec<Point>,
    /// Results of the run's evaluation, ascending in T; none if there was no evaluation.
    pub rows: Vec<Row>,
    /// Command that evaluates the run.
    pub evaluate: String,
    /// Weights of the run's feedback loop, input by input, or the reason why they cannot be had; nothing without a
    /// loop.
    pub weights: Option<Result<Vec<InputWeights>, String>>,
}

/// Numbers of a training at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Environment steps.
    pub steps: f64,
    /// Seconds since the training began.
    pub seconds: f64,
    /// Greedy success on the T of the training, as a share of the feasible, if it was evaluated then.
    pub success: Option<f64>,
    /// Mean return of the episodes since the line before, if one ended.
    pub episodic_return: Option<f64>,
}

/// Results at one T.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// T, in steps.
    pub instruction: u32,
    /// Successes as a share of the feasible.
    pub success: f64,
    /// The 95 % interval of the success, over the episodes.
    pub interval: Interval,
    /// Mean sum of the rewards of an episode.
    pub reward: f64,
    /// Mean time that is held against T, over the episodes that have one, in steps.
    pub time: Option<f64>,
    /// Share of the episodes that end without a time to be held against T.
    pub timeouts: f64,
    /// Number of feasible episodes.
    pub feasible: u64,
    /// Numbers of the feasible episodes by their time that is held against T, in steps; nothing where they were not counted.
    pub times: Option<BTreeMap<i32, u64>>,
}

/// An input, and the weights that it has on all accumulators: `T`, `clock`, `h` for the state of the LSTM, or `own` for the
/// accumulators themselves.
pub type InputWeights = (&'static str, Vec<f64>);

/// One greedy episode, and what the accumulators held in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// T, in steps.
    pub instruction: u32,
    /// Names of the accumulators.
    pub names: Vec<String>,
    /// Values of each accumulator in the steps 1, 2, 3, …
    pub counters: Vec<Vec<f64>>,
    /// The step that would have been on time, if that is known.
    pub due: Option<usize>,
    /// Outcome of the episode, in two words.
    pub ending: String,
}

impl Run {
    /// Tells if an evaluation of the run counted the times of its episodes.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.rows.iter().any(|row| row.times.is_some())
    }
}

impl Row {
    /// Gives the Weber fraction: the standard deviation of the times of the feasible episodes (of the sample) as a share of
    /// their mean; nothing where fewer than half of these episodes have a time.
    #[must_use]
    pub fn weber(&self) -> Option<f64> {
        let times = self.times.as_ref()?;
        let count: u64 = times.values().sum();
        if count == 0 || 2 * count < self.feasible {
            return None;
        }
        let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
            times.iter().map(|(&time, &number)| number as f64 * of(f64::from(time))).sum()
        };
        let mean = sum(&|time| time) / count as f64;
        let variance = sum(&|time| (time - mean).powi(2)) / (count as f64 - 1.0).max(1.0);
        (mean > 0.0).then(|| variance.sqrt() / mean)
    }
}

impl Trainings {
    /// Goes through the runs of all groups.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.groups.iter().flat_map(|group| &group.runs)
    }

    /// Gives the groups in the order in which they are drawn: where curves coincide, the widest must not hide the
    /// others.
    #[must_use]
    pub fn in_drawing_order(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by(|a, b| b.style.width.total_cmp(&a.style.width));
        groups
    }
}

impl Group {
    /// Gives the runs that were evaluated.
    #[must_use]
    pub fn evaluated(&self) -> Vec<&Run> {
        self.runs.iter().filter(|run| !run.rows.is_empty()).collect()
    }
}
