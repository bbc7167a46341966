//! What a suite found: each variant's success at each T, over its seeds.

use std::fmt::Write;
use std::process::Stdio;

use console::style;
use gridworld_agents::config::AgentName;
use gridworld_agents::records::{RunFolder, read_json};
use serde::{Deserialize, Serialize};

use super::job::{Job, Stage};
use super::plan::Plan;
use crate::child;
use crate::environment::EnvironmentName;
use crate::failure::Failure;
use crate::training_record::Training;

/// The document of `--json`.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// The variants that were trained, then the ceiling and the floor.
    pub agents: Vec<Entry>,
    /// Names of the runs that are not finished.
    pub unfinished: Vec<String>,
}

/// One variant's evaluations.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// What its line is called: the agent's name, unless it has flags of its own.
    pub name: String,
    /// The agent.
    pub agent: AgentName,
    /// Its flags beyond those of the suite.
    pub flags: String,
    /// The runs in the order of their seeds; one without a seed where nothing was trained.
    pub runs: Vec<Run>,
}

/// One training, or one evaluation of an agent that does not learn.
#[derive(Debug, Serialize)]
pub struct Run {
    /// The seed.
    pub seed: Option<u64>,
    /// How the training went.
    pub training: Option<Training>,
    /// What was found at each T.
    pub results: Vec<Found>,
}

/// What is needed of an evaluation's rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    /// The instruction, in steps.
    #[serde(rename = "T")]
    pub instruction: u32,
    /// Whether it was trained on.
    pub trained: bool,
    /// Episodes played.
    pub episodes: u64,
    /// Successes as a share of the feasible.
    pub success_of_feasible: f64,
    /// Mean of the time that the task judges.
    pub arrival_mean: Option<f64>,
    /// Mean sum of rewards.
    pub reward_mean: f64,
}

#[derive(Deserialize)]
struct Evaluation {
    results: Vec<Found>,
}

impl Summary {
    /// Reads the evaluations of all finished jobs, and plays the ceiling and the floor.
    pub fn collect(plan: &Plan, jobs: &[Job]) -> Result<Summary, Failure> {
        let mut agents: Vec<Entry> = Vec::new();
        let mut unfinished = Vec::new();
        for job in jobs {
            if !job.path().exists() || job.stage() != Ok(Stage::Done) {
                unfinished.push(job.name());
                continue;
            }
            let folder = RunFolder::open(&job.path()).map_err(Failure::failed)?;
            let evaluation: Evaluation = read_json(&folder.evaluation()).map_err(Failure::failed)?;
            let training = Some(job.training().map_err(Failure::failed)?);
            let run = Run { seed: Some(job.seed), training, results: evaluation.results };
            match agents.iter_mut().find(|entry| entry.name == job.variant.name) {
                Some(entry) => entry.runs.push(run),
                None => agents.push(Entry {
                    name: job.variant.name.clone(),
                    agent: job.variant.agent,
                    flags: job.variant.flags.join(" "),
                    runs: vec![run],
                }),
            }
        }
        for agent in AgentName::ALL.into_iter().filter(|agent| !agent.learns()) {
            let results = bound(agent, plan.environment, &plan.evaluate)?;
            let runs = vec![Run { seed: None, training: None, results }];
            agents.push(Entry { name: agent.to_string(), agent, flags: String::new(), runs });
        }
        Ok(Summary { agents, unfinished })
    }

    /// The values of T, in the order of the rows.
    pub fn instructions(&self) -> Vec<u32> {
        self.agents[0].runs[0].results.iter().map(|found| found.instruction).collect()
    }

    /// A line for each T: of each variant the mean over its seeds, and the worst and the best of them.
    pub fn table(&self) -> String {
        let mut text = "Success at each T, in per cent of the feasible: mean over seeds (worst–best)\n\n".to_owned();
        let names = self.agents.iter().map(|entry| format!("{:>24}", format!("{} ({})", entry.name, entry.runs.len())));
        let titles = format!("{:>8}{}", "T", names.collect::<String>());
        text += &format!("{}\n", style(titles).bold());
        // Writing to a string cannot fail.
        for (row, found) in self.agents[0].runs[0].results.iter().enumerate() {
            let mark = if found.trained { '*' } else { ' ' };
            let _ = write!(text, "{mark}{:>7}", found.instruction);
            for entry in &self.agents {
                let shares: Vec<f64> = entry.shares(row).into_iter().map(|share| 100.0 * share).collect();
                let _ = write!(text, "{:>24}", spread(&shares));
            }
            text.push('\n');
        }
        text.push_str("\n* trained on; in brackets beside each agent, its number of seeds\n");
        if !self.unfinished.is_empty() {
            let _ = writeln!(text, "not finished: {}", self.unfinished.join(", "));
        }
        text
    }
}

impl Entry {
    /// Success of the feasible at the T of a row, seed by seed.
    pub fn shares(&self, row: usize) -> Vec<f64> {
        self.runs.iter().map(|run| run.results[row].success_of_feasible).collect()
    }

    /// Whether it was trained.
    pub fn learned(&self) -> bool {
        self.agent.learns()
    }
}

/// The mean, and the least and the greatest if there are several.
fn spread(values: &[f64]) -> String {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    match values {
        [] => String::new(),
        [_] => format!("{mean:.1}"),
        _ => {
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            format!("{mean:.1} ({least:.1}–{greatest:.1})")
        }
    }
}

/// How an agent that does not learn fares.
fn bound(agent: AgentName, environment: EnvironmentName, evaluate: &[String]) -> Result<Vec<Found>, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("evaluating {agent}: {error}"));
    let who = ["evaluate", agent.as_str(), "--env", environment.as_str(), "--json"];
    let mut command = child::this_program().map_err(|error| failed(&error))?;
    command.args(who).args(evaluate).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().map_err(|error| failed(&error))?;
    // Waiting would close it, and the process would end.
    let _input = process.stdin.take();
    let ended = process.wait_with_output().map_err(|error| failed(&error))?;
    if !ended.status.success() {
        return Err(failed(&String::from_utf8_lossy(&ended.stderr)));
    }
    let evaluation: Evaluation = serde_json::from_slice(&ended.stdout).map_err(|error| failed(&error))?;
    Ok(evaluation.results)
}
