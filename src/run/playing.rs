//! Playing episodes at many T, and counting what comes of them.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use gridworld_agents::evaluation::{Tally, play as play_episodes};
use gridworld_envs::Task;
use gridworld_envs::contract::ContractViolation;
use gridworld_statistics::wilson95;
use gridworld_terminal::program::CliError;

use super::evaluation::Row;
use super::player::{MOST_LANES, Player};
use super::trace::{Episode, Trace};

/// Part of the played episodes that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The counts of each T, which the rows are made of.
    Counts,
    /// Each action of the episodes, and the counts.
    Episodes,
}

/// Plays `count` episodes at each T, and counts what comes of them: a row for each T.
///
/// # Errors
/// If the agent or the environment breaks their contract, or there can be no thread.
pub fn rows(player: &Player, instructions: &[u32], count: usize) -> Result<Vec<Row>, CliError> {
    Ok(play(player, instructions, count, Keep::Counts)?.0)
}

/// Plays `count` episodes at each T, on all cores: they depend on nothing but the seed and T. Gives a row for each T, and
/// the episodes if they are to be kept.
///
/// # Errors
/// As [`rows`].
pub fn play(
    player: &Player,
    instructions: &[u32],
    count: usize,
    keep: Keep,
) -> Result<(Vec<Row>, Vec<Episode>), CliError> {
    let game = Game { player, task: player.environment.task(), count, keep };
    let values = instructions;
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(values.len());
    // The greatest T takes longest: it goes first.
    let left = &AtomicUsize::new(values.len());
    let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).ok();
    let played: Result<Vec<(Row, Vec<Episode>)>, CliError> = std::thread::scope(|scope| {
        let play_some = move || {
            tch::set_num_threads(1);
            std::iter::from_fn(take).map(|after| game.play_one(values[after - 1])).collect::<Vec<_>>()
        };
        let start = |_| std::thread::Builder::new().spawn_scoped(scope, play_some);
        let started: std::io::Result<Vec<_>> = (0..threads).map(start).collect();
        let threads = started.map_err(|error| {
            // Those that are there have nothing to do any more.
            left.store(0, Ordering::Relaxed);
            CliError::failed(format!(
                "cannot start a thread to play in: {error}; let the system give more threads (ulimit -u, or a container's \
                 limit)"
            ))
        })?;
        let joined = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.flatten().map(|played| played.map_err(CliError::failed)).collect()
    });
    let mut played = played?;
    played.sort_by_key(|(row, _)| row.instruction);
    let (rows, episodes): (Vec<Row>, Vec<Vec<Episode>>) = played.into_iter().unzip();
    Ok((rows, episodes.concat()))
}

/// Episodes to be played, as threads can share them.
#[derive(Clone, Copy)]
struct Game<'a> {
    player: &'a Player,
    task: &'a dyn Task,
    /// Number of episodes for each T.
    count: usize,
    keep: Keep,
}

impl Game<'_> {
    fn play_one(self, instruction: u32) -> Result<(Row, Vec<Episode>), ContractViolation> {
        let Game { player, task, count, keep, .. } = self;
        let posed = task.with_instruction(instruction);
        let lanes = count.min(MOST_LANES);
        let mut actor = player.actor(&*posed, lanes, instruction);
        let mut tally = Tally::default();
        let mut trace = (keep == Keep::Episodes).then(|| Trace::new(instruction, lanes));
        play_episodes(&*posed, &mut *actor, count, player.episodes(instruction), |moment| {
            tally.add(&moment);
            trace.iter_mut().for_each(|trace| trace.note(&moment));
        })?;
        let trained = task.instructions().contains(&instruction);
        let row = row(instruction, trained, posed.time_limit(), &tally);
        Ok((row, trace.map_or(Vec::new(), Trace::episodes)))
    }
}

fn row(instruction: u32, trained: bool, time_limit: Option<u32>, tally: &Tally) -> Row {
    let episodes = tally.episodes as f64;
    let timing = tally.timing();
    Row {
        instruction,
        trained,
        episodes: tally.episodes,
        success: tally.success(),
        feasible: tally.feasible as f64 / episodes,
        success_of_feasible: tally.success_of_feasible(),
        ci95: wilson95(tally.successes, tally.episodes),
        success_of_feasible_ci95: wilson95(tally.successes, tally.feasible),
        arrival_mean: timing.map(|(mean, _)| mean),
        arrival_sd: timing.map(|(_, deviation)| deviation),
        timeouts: tally.truncations as f64 / episodes,
        reward_mean: tally.reward / episodes,
        time_limit,
    }
}
