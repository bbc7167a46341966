//! The committed results of a suite with a name: what its page is written from.

use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::summary::{Entry, Run, Summary};
use crate::run::evaluation::Row;
use crate::run::status::Training;
use crate::run::version::{REVISION, VERSION};

/// Results of a suite: of each line and seed, a number for each T.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reference {
    /// Command that repeats the suite.
    pub command: String,
    /// Version of the program.
    pub version: String,
    /// Revision of the source.
    pub revision: String,
    /// Processor, and the number of its cores.
    pub machine: String,
    /// Name of the environment.
    pub environment: String,
    /// Flags of every training.
    pub train: String,
    /// Flags of every evaluation.
    pub evaluate: String,
    /// Number of workers of each training, where a line has no other.
    pub workers: usize,
    /// Episodes at each T, in words.
    pub episodes: String,
    /// Values of T, in steps, in the order of the results.
    #[serde(rename = "T")]
    pub instructions: Vec<u32>,
    /// Lines of the comparison, then the ceiling and the floor.
    pub agents: Vec<Line>,
}

/// Results of one line of the comparison.
#[derive(Debug, Serialize, Deserialize)]
pub struct Line {
    /// Name of the line.
    pub name: String,
    /// Name of the agent.
    pub agent: String,
    /// Flags of the line beyond those of the suite.
    pub flags: String,
    /// Values of T that it was trained on; nothing of one that was not trained.
    pub trained: Vec<u32>,
    /// Runs in the order of their seeds; one without a seed where nothing was trained.
    pub runs: Vec<Seed>,
}

/// Results of one training, or of an agent that does not learn: a number for each T.
#[derive(Debug, Serialize, Deserialize)]
pub struct Seed {
    /// Seed of the training.
    pub seed: Option<u64>,
    /// Steps, seconds and mastery of the training.
    pub training: Option<Training>,
    /// Success as a share of the feasible episodes.
    pub success_of_feasible: Vec<f64>,
    /// Arrivals on the very step as a share of the feasible episodes; nothing where these are the successes, at every T.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_the_step: Vec<f64>,
    /// Mean sum of an episode's rewards.
    pub reward_mean: Vec<f64>,
    /// Mean of the time that the task judges, in steps.
    pub arrival_mean: Vec<Option<f64>>,
    /// Standard deviation of that time, in steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrival_sd: Vec<Option<f64>>,
    /// Success as a share of the feasible, from the starts that were held out of training; nothing if none were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_out: Vec<f64>,
}

impl Reference {
    /// Takes the results out of the suite `name`, which is finished.
    pub fn of(name: &str, plan: &Plan, summary: &Summary) -> Reference {
        Reference {
            command: format!("gridworld suite {name} --seeds {}", plan.seeds),
            version: VERSION.to_owned(),
            revision: REVISION.to_owned(),
            machine: machine(),
            environment: plan.environment.id().to_owned(),
            train: plan.train.join(" "),
            evaluate: plan.evaluate.join(" "),
            workers: plan.workers,
            episodes: summary.episodes(),
            instructions: summary.instructions(),
            agents: summary.agents.iter().map(Line::of).collect(),
        }
    }

    /// Reads the results of the suite `name` that are committed; nothing if it has not been run.
    #[cfg(test)]
    pub fn committed(name: &str) -> Option<Reference> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("runs/reference");
        let text = std::fs::read(folder.join(name).with_extension("json")).ok()?;
        Some(serde_json::from_slice(&text).expect("results of a suite"))
    }
}

impl Line {
    fn of(entry: &Entry) -> Line {
        let rows = entry.runs.first().map_or(&[][..], |run| &run.results);
        let trained = rows.iter().filter(|row| row.trained && entry.learned()).map(|row| row.instruction);
        Line {
            name: entry.name.clone(),
            agent: entry.agent.to_string(),
            flags: entry.flags.clone(),
            trained: trained.collect(),
            runs: entry.runs.iter().map(Seed::of).collect(),
        }
    }

    /// Success on feasible episodes at the T of a column, seed by seed.
    pub fn shares(&self, column: usize) -> Vec<f64> {
        self.runs.iter().map(|run| run.success_of_feasible[column]).collect()
    }

    /// Arrivals on the very step, as shares of the feasible episodes at the T of a column, seed by seed.
    pub fn shares_on_the_step(&self, column: usize) -> Vec<f64> {
        let share = |run: &Seed| *run.on_the_step.get(column).unwrap_or(&run.success_of_feasible[column]);
        self.runs.iter().map(share).collect()
    }

    /// Tells if the line was trained.
    pub fn learned(&self) -> bool {
        self.runs.iter().all(|run| run.seed.is_some())
    }
}

impl Seed {
    fn of(run: &Run) -> Seed {
        let numbers = |number: fn(&Row) -> f64| run.results.iter().map(|row| rounded(number(row))).collect();
        let success_of_feasible = numbers(|row| row.success_of_feasible);
        let on_the_step: Option<Vec<f64>> = run.results.iter().map(|row| row.on_the_step().map(rounded)).collect();
        Seed {
            seed: run.seed,
            training: run.training,
            on_the_step: on_the_step.filter(|shares| *shares != success_of_feasible).unwrap_or_default(),
            success_of_feasible,
            reward_mean: numbers(|row| row.reward_mean),
            arrival_mean: run.results.iter().map(|row| row.arrival_mean.map(rounded)).collect(),
            arrival_sd: run.results.iter().map(|row| row.arrival_sd.map(rounded)).collect(),
            held_out: run
                .results
                .iter()
                .filter_map(|row| row.held_out)
                .map(|part| rounded(part.success_of_feasible))
                .collect(),
        }
    }
}

/// Rounds to six digits behind the point: 539 of 540 placements are told from 540.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// Gives the name of the processor, as far as the system tells it.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    format!("{cores} × {}", name.map_or(std::env::consts::ARCH, |(_, name)| name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_whose_arrivals_are_all_on_the_step_has_the_share_of_its_successes() {
        let seed = |on_the_step: &[f64]| Seed {
            seed: Some(1),
            training: None,
            success_of_feasible: vec![1.0, 0.5],
            on_the_step: on_the_step.to_vec(),
            reward_mean: vec![],
            arrival_mean: vec![],
            arrival_sd: vec![],
            held_out: vec![],
        };
        let runs = vec![seed(&[0.75, 0.25]), seed(&[])];
        let line = Line { name: String::new(), agent: String::new(), flags: String::new(), trained: vec![], runs };
        assert_eq!([0, 1].map(|column| line.shares_on_the_step(column)), [[0.75, 1.0], [0.25, 0.5]]);
    }
}
