//! What a suite found: each agent's success at each T, over its seeds.

use std::fmt::Write;
use std::process::Command;

use gridworld_agents::config::AgentName;
use gridworld_agents::records::{RunFolder, read_json};
use serde::{Deserialize, Serialize};

use super::job::{Job, Stage};
use crate::environment::EnvironmentName;
use crate::failure::Failure;

/// The document of `--json`.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// The agents that were trained, then the ceiling and the floor.
    agents: Vec<Entry>,
    /// Names of the runs that are not finished.
    unfinished: Vec<String>,
}

/// One agent's evaluations.
#[derive(Debug, Serialize)]
struct Entry {
    agent: AgentName,
    /// The runs in the order of their seeds; one without a seed where nothing was trained.
    runs: Vec<Run>,
}

#[derive(Debug, Serialize)]
struct Run {
    seed: Option<u64>,
    results: Vec<Found>,
}

/// What is needed of an evaluation's rows.
#[derive(Debug, Serialize, Deserialize)]
struct Found {
    #[serde(rename = "T")]
    instruction: u32,
    trained: bool,
    episodes: u64,
    success_of_feasible: f64,
    reward_mean: f64,
}

#[derive(Deserialize)]
struct Evaluation {
    results: Vec<Found>,
}

impl Summary {
    /// Reads the evaluations of all finished jobs, and plays the ceiling and the floor in `environment`
    /// with the flags `evaluate`.
    pub fn collect(jobs: &[Job], environment: EnvironmentName, evaluate: &[String]) -> Result<Summary, Failure> {
        let mut agents: Vec<Entry> = Vec::new();
        let mut unfinished = Vec::new();
        for job in jobs {
            if !job.path().exists() || job.stage() != Ok(Stage::Done) {
                unfinished.push(job.name());
                continue;
            }
            let folder = RunFolder::open(&job.path()).map_err(Failure::failed)?;
            let evaluation: Evaluation = read_json(&folder.evaluation()).map_err(Failure::failed)?;
            let run = Run { seed: Some(job.seed), results: evaluation.results };
            match agents.iter_mut().find(|entry| entry.agent == job.agent) {
                Some(entry) => entry.runs.push(run),
                None => agents.push(Entry { agent: job.agent, runs: vec![run] }),
            }
        }
        for agent in AgentName::ALL.into_iter().filter(|agent| !agent.learns()) {
            let results = bound(agent, environment, evaluate)?;
            agents.push(Entry { agent, runs: vec![Run { seed: None, results }] });
        }
        Ok(Summary { agents, unfinished })
    }

    /// A line for each T: of each agent the mean over its seeds, and the worst and the best of them.
    pub fn table(&self) -> String {
        let mut text = "Success at each T, in per cent of the feasible: mean over seeds (worst–best)\n\n".to_owned();
        // Writing to a string cannot fail.
        let _ = write!(text, "{:>8}", "T");
        for entry in &self.agents {
            let _ = write!(text, "{:>24}", format!("{} ({})", entry.agent, entry.runs.len()));
        }
        text.push('\n');
        let first = &self.agents[0].runs[0].results;
        for found in first {
            let mark = if found.trained { '*' } else { ' ' };
            let _ = write!(text, "{mark}{:>7}", found.instruction);
            for entry in &self.agents {
                let rows = entry.runs.iter().flat_map(|run| &run.results);
                let shares = rows.filter(|row| row.instruction == found.instruction);
                let shares: Vec<f64> = shares.map(|row| 100.0 * row.success_of_feasible).collect();
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
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let flags = ["evaluate", agent.as_str(), "--env", environment.as_str(), "--json"];
    let ended = Command::new(program).args(flags).args(evaluate).output();
    let ended = ended.map_err(|error| failed(&error))?;
    if !ended.status.success() {
        return Err(failed(&String::from_utf8_lossy(&ended.stderr)));
    }
    let evaluation: Evaluation = serde_json::from_slice(&ended.stdout).map_err(|error| failed(&error))?;
    Ok(evaluation.results)
}
