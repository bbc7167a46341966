//! Scores at each T: of several seeds the interquartile mean, with its interval.

use std::collections::BTreeMap;

use gridworld_statistics::{Estimator, Interval, Resamples, StatisticsError};
use gridworld_terminal::program::CliError;

use super::group::{Group, row};
use crate::run::evaluation::Row;
use crate::run::player::Player;
use crate::run::playing::{self, Episodes};

/// Most episodes at each T that the ceiling and the floor play.
const MOST_EPISODES: u64 = 1000;

/// Score of a group or agent at one T.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Successes as a share of the feasible: the interquartile mean over seeds.
    pub success: f64,
    /// Interval of 95 % of the interquartile mean.
    pub interval: Interval,
    /// Mean reward over seeds.
    pub reward: f64,
    /// Number of seeds that were evaluated at this T.
    pub seeds: usize,
    /// True if T was trained on.
    pub trained: bool,
}

/// Scores by T, under a name.
pub struct Column {
    /// Name of the group or agent.
    pub name: String,
    /// Scores by T.
    pub scores: BTreeMap<u32, Score>,
}

/// The groups' columns, and then those of the agents that do not learn: the ceiling, and the floor.
pub fn columns(groups: &[&Group]) -> Result<Vec<Column>, CliError> {
    let mut estimator = Estimator::new(Resamples::Table);
    let mut columns = Vec::new();
    for group in groups {
        let mut scores = BTreeMap::new();
        for instruction in group.evaluated() {
            let rows: Vec<&Row> = group.runs().iter().filter_map(|run| row(run, instruction)).collect();
            scores.insert(instruction, score(&rows, &mut estimator).map_err(CliError::failed)?);
        }
        columns.push(Column { name: group.name().to_owned(), scores });
    }
    if columns.iter().any(|column| !column.scores.is_empty()) {
        columns.extend(bounds(groups)?);
    }
    Ok(columns)
}

fn score(rows: &[&Row], estimator: &mut Estimator) -> Result<Score, StatisticsError> {
    // Of one seed, only its episodes say how sure its share is.
    let (success, interval) = match rows {
        [row] => (row.success_of_feasible, row.interval()),
        _ => {
            let shares: Vec<f64> = rows.iter().map(|row| row.success_of_feasible).collect();
            let estimate = estimator.over_seeds(&shares)?;
            (estimate.point, estimate.interval)
        }
    };
    let reward = rows.iter().map(|row| row.reward_mean).sum::<f64>() / rows.len() as f64;
    Ok(Score { success, interval, reward, seeds: rows.len(), trained: rows.iter().any(|row| row.trained) })
}

/// The oracle and the random agent at every T that a group was evaluated at.
fn bounds(groups: &[&Group]) -> Result<Vec<Column>, CliError> {
    let rows: Vec<&Row> = groups.iter().flat_map(|group| group.runs()).flat_map(|run| run.rows()).collect();
    let mut instructions: Vec<u32> = rows.iter().map(|row| row.instruction).collect();
    instructions.sort_unstable();
    instructions.dedup();
    let episodes = Episodes::as_in(rows.iter().copied(), MOST_EPISODES as usize);
    let environment = groups[0].environment();
    let column = |player: Player| {
        let found = playing::rows(&player, &instructions, episodes)?;
        let score = |row: Row| {
            let (success, interval) = (row.success_of_feasible, row.interval());
            (row.instruction, Score { success, interval, reward: row.reward_mean, seeds: 0, trained: false })
        };
        Ok(Column { name: player.agent.to_string(), scores: found.into_iter().map(score).collect() })
    };
    Player::bounds(environment, 0).into_iter().map(column).collect()
}
