//! Playing episodes at many T, and counting what comes of them.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use gridworld_agents::evaluation::{Exact, Moment, lanes_for, play as play_episodes, play_starts};
use gridworld_envs::Task;
use gridworld_envs::contract::ContractViolation;
use gridworld_statistics::wilson95;
use gridworld_terminal::program::CliError;

use super::evaluation::{HeldOut, Row};
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

/// Episodes of an evaluation at each T.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Episodes {
    /// One episode from each start, where starts can be enumerated and the agent draws nothing; else 1,000 drawn episodes.
    EachStart,
    /// So many, drawn with the seed.
    Drawn(usize),
}

/// Steps of which a watcher is told at once.
const WATCHED: u64 = 1 << 16;

/// Episodes at each T where starts cannot be enumerated and no other number is asked for.
pub const DRAWN: usize = 1000;
/// Most starts that are played one by one.
const MOST_STARTS: usize = 100_000;

impl Episodes {
    /// The episodes that were played where `rows` come from: one from each start if that is so for any of them, or else as
    /// many as at the T that has most, but not more than `most`.
    pub fn as_in<'a>(rows: impl Iterator<Item = &'a Row> + Clone, most: usize) -> Episodes {
        if rows.clone().any(|row| row.exact) {
            return Episodes::EachStart;
        }
        Episodes::Drawn(rows.map(|row| row.episodes as usize).max().unwrap_or(1).min(most))
    }

    /// The starts to be played one by one in `task`, a task with one T; nothing where episodes are drawn.
    pub fn starts(self, task: &dyn Task) -> Option<usize> {
        task.starts().filter(|&starts| self == Episodes::EachStart && starts <= MOST_STARTS)
    }

    /// The starts that `player` plays one by one in `task`, and the number of its episodes.
    fn of(self, task: &dyn Task, player: &Player) -> (Option<usize>, usize) {
        let starts = self.starts(task).filter(|_| !player.draws());
        (starts, starts.unwrap_or_else(|| self.drawn()))
    }

    /// Number of episodes that are drawn where they are.
    fn drawn(self) -> usize {
        match self {
            Episodes::EachStart => DRAWN,
            Episodes::Drawn(count) => count,
        }
    }
}

/// Plays episodes at each T, and counts what comes of them: a row for each T.
///
/// # Errors
/// If the agent or the environment breaks their contract, or there can be no thread.
pub fn rows(player: &Player, instructions: &[u32], episodes: Episodes) -> Result<Vec<Row>, CliError> {
    Ok(play(player, instructions, episodes, Keep::Counts, &|_| ())?.0)
}

/// Number of steps of the episodes at all T, if each of them ends at step T.
#[must_use]
pub fn steps(player: &Player, instructions: &[u32], episodes: Episodes) -> u64 {
    let task = player.environment.task();
    let at = |&instruction: &u32| {
        let (_, count) = episodes.of(&*task.with_instruction(instruction), player);
        count as u64 * u64::from(instruction)
    };
    instructions.iter().map(at).sum()
}

/// Plays episodes at each T, on all cores: they depend on nothing but the seed and T. Gives a row for each T, and
/// the episodes if they are to be kept. Tells `watch` now and then how many steps were played.
///
/// # Errors
/// As [`rows`].
pub fn play(
    player: &Player,
    instructions: &[u32],
    episodes: Episodes,
    keep: Keep,
    watch: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<Row>, Vec<Episode>), CliError> {
    let game = Game { player, task: player.environment.task(), episodes, keep, watch };
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
    episodes: Episodes,
    keep: Keep,
    watch: &'a (dyn Fn(u64) + Sync),
}

impl Game<'_> {
    fn play_one(self, instruction: u32) -> Result<(Row, Vec<Episode>), ContractViolation> {
        let Game { player, task, episodes, keep, watch } = self;
        let fixed = task.with_instruction(instruction);
        let (starts, count) = episodes.of(&*fixed, player);
        let lanes = if starts.is_some() { lanes_for(count) } else { count.min(MOST_LANES) };
        let mut actor = player.actor(&*fixed, lanes, instruction);
        let mut trace = (keep == Keep::Episodes).then(|| Trace::new(instruction, starts.unwrap_or(lanes)));
        let (mut arrivals, mut steps) = (BTreeMap::new(), 0);
        let mut note = |moment: &Moment, start: Option<usize>| {
            steps += 1;
            if steps % WATCHED == 0 {
                watch(WATCHED);
            }
            trace.iter_mut().for_each(|trace| trace.note(moment));
            let is_feasible_end = moment.outcome.ends() && moment.info.feasible;
            if let Some(time) = moment.info.timing.filter(|_| is_feasible_end)
                && !start.is_some_and(|start| fixed.is_held_out(start))
            {
                *arrivals.entry(time).or_default() += 1;
            }
        };
        let mut exact = Exact::default();
        let stream = player.episodes(instruction);
        match starts {
            Some(starts) => play_starts(&*fixed, &mut *actor, 0..starts, stream, |start, moment| {
                exact.add(&*fixed, start, &moment);
                note(&Moment { lane: start, ..moment }, Some(start));
            })?,
            None => play_episodes(&*fixed, &mut *actor, count, stream, |moment| {
                exact.drawn.add(&moment);
                note(&moment, None);
            })?,
        }
        let trained = task.instructions().contains(&instruction);
        let row = row(instruction, (trained, starts.is_some()), fixed.time_limit(), (&exact, arrivals));
        Ok((row, trace.map_or(Vec::new(), Trace::episodes)))
    }
}

fn row(
    instruction: u32,
    (trained, is_exact): (bool, bool),
    time_limit: Option<u32>,
    (played, arrivals): (&Exact, BTreeMap<i32, u64>),
) -> Row {
    let (tally, held_out) = (&played.drawn, &played.held_out);
    let episodes = tally.episodes as f64;
    let timing = tally.timing();
    let interval = |all: u64| (!is_exact).then(|| wilson95(tally.successes, all));
    Row {
        instruction,
        trained,
        episodes: tally.episodes,
        exact: is_exact,
        success: tally.success(),
        feasible: tally.feasible as f64 / episodes,
        success_of_feasible: tally.success_of_feasible(),
        ci95: interval(tally.episodes),
        success_of_feasible_ci95: interval(tally.feasible),
        arrival_mean: timing.map(|(mean, _)| mean),
        arrival_sd: timing.map(|(_, deviation)| deviation),
        arrivals: Some(arrivals),
        timeouts: tally.truncations as f64 / episodes,
        reward_mean: tally.reward / episodes,
        time_limit,
        held_out: (held_out.episodes > 0).then(|| HeldOut {
            episodes: held_out.episodes,
            success: held_out.success(),
            feasible: held_out.feasible as f64 / held_out.episodes as f64,
            success_of_feasible: held_out.success_of_feasible(),
        }),
    }
}
