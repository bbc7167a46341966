//! Results of a suite: each variant's success at each T, over its seeds.

use gridworld_agents::AgentName;
use gridworld_envs::Description;
use gridworld_statistics::ordered::least;
use gridworld_statistics::{Estimator, Resamples, StatisticsError};
use gridworld_terminal::columns::{Cell, Column, Side, Table, paragraph};
use gridworld_terminal::output::numbers::{interval, per_cent};
use gridworld_terminal::program::CliError;
use serde::Serialize;

use super::job::{Job, Stage};
use super::plan::Plan;
use crate::run::evaluation::{FEASIBLE, Row};
use crate::run::evaluations::played;
use crate::run::player::Player;
use crate::run::playing::rows;
use crate::run::status::Training;

/// The document of `--json`.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// The variants that were trained, then the ceiling and the floor.
    pub agents: Vec<Entry>,
    /// Names of the runs that are not finished.
    pub unfinished: Vec<String>,
    /// Words about the environment.
    #[serde(skip)]
    environment: Description,
}

/// Evaluations of one variant.
#[derive(Debug, Serialize)]
pub struct Entry {
    /// Name of the variant's line: the agent's name, unless it has flags of its own.
    pub name: String,
    /// Name of the agent.
    pub agent: AgentName,
    /// Flags of the variant beyond those of the suite.
    pub flags: String,
    /// The runs in the order of their seeds; one without a seed where nothing was trained.
    pub runs: Vec<Run>,
}

/// One training, or one evaluation of an agent that does not learn.
#[derive(Debug, Serialize)]
pub struct Run {
    /// Seed of the training.
    pub seed: Option<u64>,
    /// Status of the training.
    pub training: Option<Training>,
    /// Results at each T.
    pub results: Vec<Row>,
}

impl Summary {
    /// Reads the evaluations of all finished jobs, and plays the ceiling and the floor.
    pub fn collect(plan: &Plan, jobs: &[Job]) -> Result<Summary, CliError> {
        let mut agents: Vec<Entry> = Vec::new();
        let mut unfinished = Vec::new();
        for job in jobs {
            if !job.path().exists() || job.stage() != Ok(Stage::Done) {
                unfinished.push(job.name());
                continue;
            }
            let rows = job.rows().map_err(CliError::failed)?.unwrap_or_default();
            let training = Some(job.training().map_err(CliError::failed)?);
            let run = Run { seed: Some(job.seed), training, results: rows };
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
        for player in Player::bounds(&plan.environment, 0) {
            let agent = player.agent;
            let results = rows(&player, &plan.asked.instructions, plan.asked.episodes)?;
            let runs = vec![Run { seed: None, training: None, results }];
            agents.push(Entry { name: agent.to_string(), agent, flags: String::new(), runs });
        }
        Ok(Summary { agents, unfinished, environment: *plan.environment.description() })
    }

    /// Gives the values of T, in the order of the rows.
    pub fn instructions(&self) -> Vec<u32> {
        self.agents[0].runs[0].results.iter().map(|found| found.instruction).collect()
    }

    /// Episodes at each T, of the runs that were trained.
    pub fn episodes(&self) -> String {
        let trained = self.agents.iter().filter(|entry| entry.learned()).flat_map(|entry| &entry.runs);
        played(trained.flat_map(|run| &run.results))
    }

    /// A line for each T, for a terminal of `width` columns: of each variant the interquartile mean over its seeds, with
    /// its interval, and the least of the seeds.
    ///
    /// # Errors
    /// If a success is no finite number.
    pub fn table(&self, width: Option<usize>) -> Result<String, CliError> {
        let lines = |words: &str| paragraph(words, width);
        let mut text = lines(&format!(
            "Success on feasible episodes at each T, in %: interquartile mean over seeds (95 % interval); after the \
             semicolon the least of the seeds; best checkpoints, greedy, {} per T",
            self.episodes()
        ));
        let titles = self.agents.iter().map(|entry| format!("{} ({})", entry.name, entry.runs.len()));
        let longest = self.instructions().iter().map(|value| value.to_string().len()).max().unwrap_or(1);
        let first = Column::new(format!("{:>1$}", "T", 2 + longest), Side::Left);
        let columns = std::iter::once(first).chain(titles.map(|title| Column::new(title, Side::Right)));
        let mut estimator = Estimator::new(Resamples::Table);
        let mut row = |(index, found): (usize, &Row)| -> Result<Vec<Cell>, StatisticsError> {
            let mark = if found.trained { '*' } else { ' ' };
            let shares = self.agents.iter().map(|entry| estimated(&entry.shares(index), &mut estimator));
            std::iter::once(Ok(format!("{mark} {:>longest$}", found.instruction)))
                .chain(shares)
                .map(|text| text.map(Cell::from))
                .collect()
        };
        let rows = self.agents[0].runs[0].results.iter().enumerate().map(&mut row);
        let rows = rows.collect::<Result<Vec<_>, _>>().map_err(CliError::failed)?;
        text += "\n";
        text += &Table { columns: columns.collect(), rows }.in_blocks(width);
        text += "\n";
        text += &lines("* T was trained on; in brackets beside each agent, its number of seeds");
        text += &lines(FEASIBLE);
        text += &lines(self.environment.definitions);
        text += &lines("oracle: best possible policy; random: uniformly random actions");
        if !self.unfinished.is_empty() {
            text += &lines(&format!("not finished yet: {}", self.unfinished.join(", ")));
        }
        Ok(text)
    }
}

impl Entry {
    /// Success of the feasible at the T of a row, seed by seed.
    pub fn shares(&self, row: usize) -> Vec<f64> {
        self.runs.iter().map(|run| run.results[row].success_of_feasible).collect()
    }

    /// Tells if the variant was trained.
    pub fn learned(&self) -> bool {
        self.agent.learns()
    }
}

/// The interquartile mean in per cent, with its interval and the least share if there are several seeds.
fn estimated(shares: &[f64], estimator: &mut Estimator) -> Result<String, StatisticsError> {
    Ok(match shares {
        [] => String::new(),
        [one] => per_cent(*one),
        _ => {
            let estimate = estimator.over_seeds(shares)?;
            let lowest = per_cent(least(shares.iter().copied()));
            format!("{} ({}); {lowest}", per_cent(estimate.point), interval(estimate.interval))
        }
    })
}
